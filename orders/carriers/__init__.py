"""Who carries parcels: a carrier's name and its own tracking page, from the word that an event brought."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from orders.carriers.directory import CARRIERS, Carrier

__all__ = ["CARRIERS", "Carrier", "carrier_code", "carrier_name", "find_carrier", "tracking_page"]

_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
_UNSAFE = re.compile(r"[^!-~]|[\"<>\\^`{|}]")  # what RFC 3986 does not let stand in an address


def _plain(word: str) -> str:
    return _NOT_A_WORD.sub("", word.lower())


_KNOWN = {
    plain: carrier
    for carrier in CARRIERS
    for plain in (_plain(carrier.code), _plain(carrier.name), *carrier.aliases)
}


def find_carrier(word: str) -> Carrier | None:
    """By code, name or alias, however written: "dhl_express", "DHL Express" and "DHLExpress" are one."""
    return _KNOWN.get(_plain(word))


def carrier_code(word: str) -> str:
    """The code of a carrier that we know, else the word itself."""
    carrier = find_carrier(word)
    return carrier.code if carrier else word


def carrier_name(carrier: str, given_name: str = "") -> str:
    """What people call this carrier; `given_name` is the event's, for one that we do not know.

    A word that nobody named is made readable: "fast_parcels" becomes "Fast parcels".
    """
    known = find_carrier(carrier)
    if known:
        return known.name
    words = carrier.replace("_", " ").strip()
    return given_name or words[:1].upper() + words[1:]


def tracking_page(carrier: str, number: str, given_url: str = "") -> str:
    """The address of the carrier's page about this parcel, or "" where there is none.

    An event's own https address wins. What an event wrote never leaves its place in the address: the
    number is escaped, and an address with anything that could end an attribute or hide a host is not used.
    """
    if _is_safe_page(given_url):
        return given_url
    known = find_carrier(carrier)
    number = "".join(number.split())
    if not known or not number:
        return ""
    return known.page.format(number=quote(number, safe=""))


def _is_safe_page(url: str) -> bool:
    if not url or _UNSAFE.search(url):
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:  # a broken IPv6 host
        return False
