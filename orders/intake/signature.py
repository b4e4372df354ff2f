"""Was this request signed by a source that we know, and just now? (Standard Webhooks)

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orders.intake.problems import EventError
from orders.intake.secrets import EventSecret

ID_LENGTH = 128  # characters; OrderEvent.event_id holds as many
MOST_SIGNATURES = 20  # more than any rotation needs; each costs a comparison with every secret
_ID = re.compile(rf"[!-~]{{1,{ID_LENGTH}}}")
_TIMESTAMP = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True, slots=True)
class SignedEvent:
    source: str
    event_id: str


def verify_signature(
    headers: Mapping[str, str], body: bytes, *, secrets: Sequence[EventSecret], now: float, max_age: int
) -> SignedEvent:
    """Who sent `body`, and under which event id.

    `now` is unix time, `max_age` seconds in both directions. Raises EventError: a header that is missing or
    malformed, a timestamp outside the window, a signature that no secret made.
    """
    event_id = _header(headers, "webhook-id")
    if not _ID.fullmatch(event_id):
        raise EventError("invalid_event_id")
    timestamp = _header(headers, "webhook-timestamp")
    if not _TIMESTAMP.fullmatch(timestamp):
        raise EventError("invalid_timestamp")
    digests = _read_signatures(_header(headers, "webhook-signature"))
    source = _find_source(f"{event_id}.{timestamp}.".encode() + body, digests, secrets)
    # After the signature: a stranger learns nothing of our clock, a source with a wrong clock does.
    if int(timestamp) < now - max_age:
        raise EventError("timestamp_too_old")
    if int(timestamp) > now + max_age:
        raise EventError("timestamp_too_new")
    return SignedEvent(source, event_id)


def sign(key: bytes, event_id: str, timestamp: int, body: bytes) -> str:
    """The webhook-signature header that a source sends."""
    return "v1," + base64.b64encode(_digest(key, f"{event_id}.{timestamp}.".encode() + body)).decode()


def _header(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name, "").strip()
    if not value:
        raise EventError("missing_header", name)
    return value


def _read_signatures(header: str) -> list[bytes]:
    """The digests of version 1; other versions are for other receivers, and passed over."""
    digests = []
    parts = header.split()
    for part in parts[:MOST_SIGNATURES]:
        version, separator, encoded = part.partition(",")
        if not separator:
            raise EventError("malformed_signature")
        if version == "v1":
            try:
                digests.append(base64.b64decode(encoded, validate=True))
            except (binascii.Error, ValueError):
                raise EventError("malformed_signature") from None
    if not digests or len(parts) > MOST_SIGNATURES:
        raise EventError("malformed_signature")
    return digests


def _find_source(signed: bytes, digests: Sequence[bytes], secrets: Sequence[EventSecret]) -> str:
    """Every secret is tried against every signature: the time taken tells nothing of which was near."""
    found = ""
    for secret in secrets:
        expected = _digest(secret.key, signed)
        for digest in digests:
            if hmac.compare_digest(expected, digest):
                found = secret.source
    if not found:
        raise EventError("wrong_signature")
    return found


def _digest(key: bytes, signed: bytes) -> bytes:
    return hmac.digest(key, signed, hashlib.sha256)
