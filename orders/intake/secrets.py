"""Who may send events: each source and the secrets that it signs with.

`MC_EVENT_SECRETS` is `source=secret|secret;source=secret`. A source with two secrets is changing from one to
the other: both are good until the old one is taken out.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

LEAST_BYTES = 24  # Standard Webhooks: "between 24 bytes (192 bits) and 64 bytes (512 bits)"
_SOURCE = re.compile(r"[a-z0-9_-]{1,32}")


@dataclass(frozen=True, slots=True)
class EventSecret:
    source: str
    key: bytes = field(repr=False)


@lru_cache(maxsize=8)
def parse_event_secrets(text: str, *, strict: bool) -> tuple[EventSecret, ...]:
    """Every secret of `text`, in its order. `strict` (production) refuses those of fewer than 24 bytes.

    Raises ImproperlyConfigured, which names the source and never shows a secret.
    """
    found = list(_read_secrets(text, strict=strict))
    owners: dict[bytes, str] = {}
    for secret in found:
        if owners.setdefault(secret.key, secret.source) != secret.source:
            raise ImproperlyConfigured(
                f"MC_EVENT_SECRETS: {owners[secret.key]} and {secret.source} share a secret; "
                "the secret is what tells sources apart."
            )
    return tuple(dict.fromkeys(found))


def event_secrets() -> tuple[EventSecret, ...]:
    """Those of the settings. Raises ImproperlyConfigured."""
    return parse_event_secrets(settings.EVENT_SECRETS, strict=settings.PRODUCTION)


def _read_secrets(text: str, *, strict: bool) -> Iterator[EventSecret]:
    for part in filter(None, (part.strip() for part in text.split(";"))):
        source, separator, secrets = part.partition("=")
        source = source.strip()
        if not separator or not _SOURCE.fullmatch(source):
            raise ImproperlyConfigured(
                "MC_EVENT_SECRETS must be like marketplace=whsec_NEW|whsec_OLD;warehouse=whsec_X, a source's "
                "name being 1 to 32 of a-z, 0-9, - and _."
            )
        for secret in secrets.split("|"):
            yield EventSecret(source, _decode(source, secret.strip(), strict=strict))


def _decode(source: str, secret: str, *, strict: bool) -> bytes:
    """Base64, with or without the usual prefix and padding."""
    encoded = secret.removeprefix("whsec_").rstrip("=")
    try:
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not key:
        raise ImproperlyConfigured(
            f"MC_EVENT_SECRETS: a secret of {source} is not base64 (whsec_ and the padding may be left out)."
        )
    if strict and len(key) < LEAST_BYTES:
        raise ImproperlyConfigured(
            f"Refusing to start in production: MC_EVENT_SECRETS has a secret of {source} with {len(key)} "
            f"bytes; {LEAST_BYTES} are the least."
        )
    return key
