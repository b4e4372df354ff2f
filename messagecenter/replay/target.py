"""Which server to send to, and with which secret."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from orders.intake.secrets import event_secrets

SOURCE = "marketplace"
DEFAULT_URL = "http://127.0.0.1:8000"


class NoSecretError(Exception):
    """The settings hold no secret of the marketplace."""


def signing_secret() -> str:
    """The newest secret of the source "marketplace", else of the first one. Raises NoSecretError."""
    secrets = event_secrets()
    if not secrets:
        raise NoSecretError("MC_EVENT_SECRETS names no source: nobody could send events")
    chosen = next((secret for secret in secrets if secret.source == SOURCE), secrets[0])
    return base64.b64encode(chosen.key).decode()


def write_running_file(path: Path, url: str, process_id: int) -> None:
    path.write_text(json.dumps({"url": url, "pid": process_id}))


def running_url(path: Path) -> str:
    """What the running demo wrote; "" where none runs."""
    try:
        return str(json.loads(path.read_text())["url"])
    except (FileNotFoundError, ValueError, KeyError):
        return ""
