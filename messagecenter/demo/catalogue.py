"""What the demo's stores sell: titles of our own in English and French, prices in euros."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from messagecenter.demo.pictures import picture_path


@dataclass(frozen=True, slots=True)
class Product:
    id: str
    kind: str
    palette: str
    price: Decimal  # EUR
    title_en: str
    title_fr: str

    def title(self, language: str) -> str:
        return self.title_fr if language == "fr" else self.title_en

    @property
    def picture_url(self) -> str:
        return picture_path(self.kind, self.palette)


@dataclass(frozen=True, slots=True)
class StoreSpec:
    """`id` is the seller's in the marketplace's events, `ships_from` a country."""

    id: str
    name: str
    slug: str
    ships_from: str
    products: tuple[Product, ...]


def _read_products() -> list[Product]:
    with (Path(__file__).parent / "products.csv").open(newline="", encoding="utf-8") as file:
        return [
            Product(id_, kind, palette, Decimal(price), english, french)
            for id_, kind, palette, price, english, french in list(csv.reader(file))[1:]
        ]


_products = _read_products()


def _store(number: int, name: str, slug: str, ships_from: str, range_: str) -> StoreSpec:
    """A store and what it sells: the products whose ids begin with `range_`."""
    sold = tuple(product for product in _products if product.id.startswith(range_))
    return StoreSpec(f"seller-{number}", name, slug, ships_from, sold)


STORES: tuple[StoreSpec, ...] = (
    _store(1001, "Fernhill Outdoor", "fernhill-outdoor", "GB", "FH"),
    _store(1002, "Atelier Mirabelle", "atelier-mirabelle", "FR", "AM"),
    _store(1003, "Lumen & Laine", "lumen-laine", "FR", "LL"),
    _store(1004, "Papeterie du Canal", "papeterie-du-canal", "FR", "PC"),
    _store(1005, "Oakwell Audio", "oakwell-audio", "DE", "OA"),
    _store(1006, "Les Trois Galets", "les-trois-galets", "FR", "TG"),
    _store(1007, "Verdelune", "verdelune", "BE", "VL"),
    _store(1008, "Haldimar & Daughters", "haldimar-daughters", "CH", "HD"),
)


def pictures_wanted() -> set[tuple[str, str]]:
    return {(product.kind, product.palette) for product in _products}
