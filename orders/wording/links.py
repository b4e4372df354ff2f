"""Which of the addresses that events bring may stand in a page."""

from __future__ import annotations

from urllib.parse import urlsplit


def web_address(url: object) -> str:
    """`url` where it is an http or https address, else "": no `javascript:` from an event reaches a page."""
    if not isinstance(url, str):
        return ""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return url.strip() if parts.scheme.lower() in ("http", "https") and parts.netloc else ""
