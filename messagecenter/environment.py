"""Reads the settings' values from the environment, with the secrets that development makes itself.

Production means `MC_MODE=production`, or a `DATABASE_URL` without `MC_MODE`: a server that somebody
set up for real must never fall back to secrets lying in the checkout.
"""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

MODES = ("development", "production")
# In characters. Django's own check asks for 50 with its generator; any secret made at random passes 40.
WEAK_SECRET_LENGTH = 40


def read(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def read_flag(name: str, *, default: bool = False) -> bool:
    value = read(name).lower()
    if value in ("", "1", "0", "true", "false", "yes", "no"):
        return default if value == "" else value in ("1", "true", "yes")
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def read_number(name: str, default: int, *, least: int = 0) -> int:
    value = read(name)
    if not value:
        return default
    if not value.isdigit() or int(value) < least:
        raise ImproperlyConfigured(f"{name} must be a whole number of at least {least}, not {value!r}.")
    return int(value)


def read_pattern(name: str, default: str) -> str:
    """A regular expression. Raises ImproperlyConfigured where it is none."""
    value = read(name, default)
    try:
        re.compile(value)
    except re.error as error:
        raise ImproperlyConfigured(f"{name} must be a regular expression: {error}.") from None
    return value


def read_list(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in read(name, default).split(",") if part.strip()]


def read_colour(name: str, default: str) -> str:
    value = read(name, default) or default
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ImproperlyConfigured(f"{name} must be a colour as {default}, not {value!r}.")
    return value


def read_mode() -> str:
    mode = read("MC_MODE") or ("production" if read("DATABASE_URL") else "development")
    if mode not in MODES:
        raise ImproperlyConfigured(f"MC_MODE must be one of {', '.join(MODES)}, not {mode!r}.")
    return mode


# psycopg prepares what has run so often: nothing by itself, and what messagecenter.prepared asks for at once.
PREPARE_ON_REQUEST = 1_000_000_000


@dataclass(frozen=True)
class Secrets:
    """`keys` and `event_secrets` in the form of MC_KEYS and MC_EVENT_SECRETS."""

    secret_key: str
    keys: str
    event_secrets: str


def development_secrets(folder: Path) -> Secrets:
    """The checkout's own secrets, made once and readable by its owner only."""
    path = folder / "secrets.json"
    if not path.exists():
        made = {
            "secret_key": secrets.token_urlsafe(50),
            "keys": "local-1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
            "event_secrets": "marketplace=whsec_" + base64.b64encode(secrets.token_bytes(24)).decode(),
        }
        folder.mkdir(parents=True, exist_ok=True)
        half_written = folder / f"secrets.{os.getpid()}.tmp"
        handle = os.open(half_written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(made, file)
        try:
            os.link(half_written, path)  # fails where another process was first: its file counts
        except FileExistsError:
            pass
        finally:
            half_written.unlink()
    return Secrets(**json.loads(path.read_text()))


def production_secrets() -> Secrets:
    """Secrets from the environment; a missing or weak one stops the start.

    Raises ImproperlyConfigured naming every variable that is wrong.
    """
    keys = read("MC_KEYS")
    if not keys and read("MC_KEYS_FILE"):
        keys = Path(read("MC_KEYS_FILE")).read_text().strip()
    found = Secrets(secret_key=read("SECRET_KEY"), keys=keys, event_secrets=read("MC_EVENT_SECRETS"))
    wrong = []
    if len(found.secret_key) < WEAK_SECRET_LENGTH or len(set(found.secret_key)) < 10:
        wrong.append(f"SECRET_KEY must have at least {WEAK_SECRET_LENGTH} characters, made at random")
    if not found.keys:
        wrong.append("MC_KEYS or MC_KEYS_FILE must hold the key-encryption keys")
    if not found.event_secrets:
        wrong.append("MC_EVENT_SECRETS must hold each event source's secret")
    if wrong:
        raise ImproperlyConfigured("Refusing to start in production: " + "; ".join(wrong) + ".")
    return found


def database_settings(url: str) -> dict[str, object]:
    """Django's settings for a `postgresql://` URL; `?host=` names a folder with a unix socket."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql://; no other database will do.")
    options: dict[str, object] = dict(parse_qsl(parts.query))
    # Compiling a plan took 19 s for a page of rows that were read in 69 ms: our statements are short.
    options.setdefault("options", "-c jit=off")
    host = options.pop("host", parts.hostname or "")
    if read_flag("MC_DB_PREPARE", default=True):
        options["prepare_threshold"] = PREPARE_ON_REQUEST
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "postgres",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def broker_url(redis_url: str) -> str:
    """The same Redis as Celery names it: behind a unix socket it passes over `?db=` and takes database 0."""
    if not redis_url.startswith("unix://"):
        return redis_url
    return redis_url.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=", 1)
