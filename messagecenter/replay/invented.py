"""Names for the people and stores of the Olist files, which know them by hash and city alone."""

from __future__ import annotations

import json
import unicodedata
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from messagecenter.replay.csv_files import Row

_names: dict[str, Any] = json.loads((Path(__file__).parent / "names.json").read_text(encoding="utf-8"))
_FIRST: list[str] = _names["first_names"]
_LAST: list[str] = _names["last_names"]
_SHOP: list[str] = _names["shops"]
_THING: list[str] = _names["things"]
_CATEGORIES: dict[str, str] = _names["categories"]  # better words than the files' own


def buyer_name(unique_id: str) -> tuple[str, str]:
    """First and last name, always the same for the same customer_unique_id."""
    seed = zlib.crc32(unique_id.encode())
    return _FIRST[seed % len(_FIRST)], _LAST[seed // len(_FIRST) % len(_LAST)]


def buyer_email(unique_id: str) -> str:
    """An address at a domain that receives no mail (RFC 2606), unlike any other buyer's."""
    first, last = (_ascii(part).lower() for part in buyer_name(unique_id))
    return f"{first}.{last}.{unique_id[:12]}@example.com"


def store_names(sellers: Iterable[Row]) -> dict[str, str]:
    """A readable name with the seller's city, unlike any other's, the same whatever the rows' order."""
    taken: set[str] = set()
    names: dict[str, str] = {}
    for row in sorted(sellers, key=lambda row: row["seller_id"]):
        city = city_name(row["seller_city"])
        seed = zlib.crc32(row["seller_id"].encode())
        for attempt in range(len(_SHOP) * len(_THING)):
            thing, shop = divmod((seed + attempt) % (len(_SHOP) * len(_THING)), len(_SHOP))
            name = f"{_SHOP[shop]} {_THING[thing]}, {city}"
            if name not in taken:
                break
        else:  # more stores in this city than there are names
            name = f"{name} {row['seller_id'][:6]}"
        taken.add(name)
        names[row["seller_id"]] = name
    return names


def city_name(text: str) -> str:
    """The files write cities in small letters without accents: "ribeirao preto"."""
    small = {"da", "das", "de", "do", "dos", "e"}
    return " ".join(word if word in small else word.capitalize() for word in text.split()) or "Brasil"


def product_title(product: Row | None, product_id: str, categories: dict[str, str]) -> str:
    """The category in English and the beginning of the id: the files have no titles."""
    category = (product or {}).get("product_category_name", "")
    english = categories.get(category) or category or "article"
    words = _CATEGORIES.get(english) or english.replace("_", " ")
    return f"{words[:1].upper()}{words[1:]}, no. {product_id[:8]}"


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
