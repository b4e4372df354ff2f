"""Reads the public Olist CSV files as they are published; a folder with a part of the rows will do."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ORDERS = "olist_orders_dataset.csv"
ITEMS = "olist_order_items_dataset.csv"
PAYMENTS = "olist_order_payments_dataset.csv"
CUSTOMERS = "olist_customers_dataset.csv"
SELLERS = "olist_sellers_dataset.csv"
PRODUCTS = "olist_products_dataset.csv"
CATEGORIES = "product_category_name_translation.csv"
FILES = (ORDERS, ITEMS, PAYMENTS, CUSTOMERS, SELLERS, PRODUCTS, CATEGORIES)

Row = dict[str, str]


class CsvFolderError(Exception):
    """The folder lacks a file or a column; the text names it."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The rows as text, found by what refers to them. `orders` keep the file's order."""

    orders: list[Row]
    items: dict[str, list[Row]]  # by order_id
    payments: dict[str, list[Row]]  # by order_id
    customers: dict[str, Row]  # by customer_id, which is one per order
    sellers: dict[str, Row]
    products: dict[str, Row]
    categories: dict[str, str]  # Portuguese → English

    def first(self, count: int | None) -> Tables:
        """The same with the first orders only."""
        return Tables(
            self.orders[:count],
            self.items,
            self.payments,
            self.customers,
            self.sellers,
            self.products,
            self.categories,
        )


def read_tables(folder: Path) -> Tables:
    """Raises CsvFolderError."""
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise CsvFolderError(f"{folder} lacks {', '.join(missing)}")
    return Tables(
        orders=list(_rows(folder / ORDERS, "order_id", "order_purchase_timestamp")),
        items=_gather(folder / ITEMS, "order_item_id"),
        payments=_gather(folder / PAYMENTS, "payment_sequential"),
        customers={row["customer_id"]: row for row in _rows(folder / CUSTOMERS, "customer_id")},
        sellers={row["seller_id"]: row for row in _rows(folder / SELLERS, "seller_id")},
        products={row["product_id"]: row for row in _rows(folder / PRODUCTS, "product_id")},
        categories={
            row["product_category_name"]: row["product_category_name_english"]
            for row in _rows(folder / CATEGORIES, "product_category_name_english")
        },
    )


def _rows(path: Path, *columns: str) -> Iterator[Row]:
    with path.open(newline="", encoding="utf-8-sig") as file:  # the translation begins with a byte order mark
        reader = csv.DictReader(file)
        lacking = [column for column in columns if column not in (reader.fieldnames or ())]
        if lacking:
            raise CsvFolderError(f"{path.name} lacks the column {lacking[0]}")
        yield from reader


def _gather(path: Path, sequence: str) -> dict[str, list[Row]]:
    """By order, in the order of `sequence`, whatever the order of the file."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in _rows(path, "order_id", sequence):
        found[row["order_id"]].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: int(row[sequence]))
    return dict(found)
