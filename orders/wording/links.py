"""Which of the addresses that events bring may stand in a page, and where in a page a link leads."""

from __future__ import annotations

import re
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


def shipment_anchor(reference: str) -> str:
    """The parcel's id in the order page, for links: /orders/<number>/#parcel-<reference>."""
    return page_anchor("parcel", reference)


def page_anchor(kind: str, reference: str) -> str:
    """An id for HTML, another one for every reference: what may not stand in it becomes its code."""
    return f"{kind}-" + re.sub(r"[^A-Za-z0-9.-]", lambda found: f"_{ord(found[0]):x}", reference)
