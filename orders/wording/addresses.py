"""A postal address as it is written where it lies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orders.wording.locales import current_locale

# Where the code stands after the town, by ISO 3166; elsewhere before it (UPU S42, in short).
CODE_LAST = frozenset({"US", "CA", "AU", "NZ", "GB", "IE", "IN", "BR", "CO", "ID", "TH", "TW", "KR", "SG"})


def address_lines(address: Mapping[str, Any]) -> list[str]:
    """The lines to print of {name, lines, postal_code, city, region?, country}, country in our language."""
    if not address:
        return []
    country = str(address.get("country") or "").upper()
    city, code = str(address.get("city") or ""), str(address.get("postal_code") or "")
    region = str(address.get("region") or "")
    if country in CODE_LAST:
        town = " ".join(part for part in (", ".join(filter(None, (city, region))), code) if part)
        lines = [town]
    else:
        lines = [" ".join(filter(None, (code, city))), region if region != city else ""]
    name = str(current_locale().territories.get(country, country))
    return [
        line for line in (str(address.get("name") or ""), *address.get("lines", ()), *lines, name) if line
    ]
