"""What must be in the database after a replay: counted from the CSV rows alone.

Shares no code with the turning of rows into events, so that a mistake there shows as a difference.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

Figures = dict[str, int | Decimal]

# In the sequence in which the table shows them.
NAMES = (
    "events",
    "buyers",
    "stores",
    "orders",
    *(f"orders {word}" for word in ("placed", "confirmed", "shipped", "delivered", "cancelled")),
    "orders without items",
    "orders of several sellers",
    "items",
    "items cancelled",
    "sum of items",
    "sum of shipping",
    "sum of totals",
    "shipments",
    "shipments created",
    "shipments delivered",
    "tracking events",
    "milestones payment_confirmed",
    *(f"notices {kind}" for kind in ("order_placed", "shipped", "delivered", "order_cancelled")),
    "entries of buyers",
    "entries of stores",
)
_GONE = ("canceled", "unavailable")


def expected_figures(folder: Path, limit: int | None = None) -> Figures:
    """By the names that `reconciliation.actual_figures` gives them; amounts in BRL."""
    orders = _rows(folder, "olist_orders_dataset.csv")[:limit]
    wanted = {row["order_id"] for row in orders}
    items: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in _rows(folder, "olist_order_items_dataset.csv"):
        if row["order_id"] in wanted:
            items[row["order_id"]].append(row)
    people = {
        row["customer_id"]: row["customer_unique_id"] for row in _rows(folder, "olist_customers_dataset.csv")
    }
    count: Counter[str] = Counter()
    for order in orders:
        sellers = {item["seller_id"] for item in items[order["order_id"]]}
        _count_order(count, order, pieces=len(items[order["order_id"]]), sellers=len(sellers))
    figures: Figures = dict(count)
    figures["buyers"] = len({people[order["customer_id"]] for order in orders})
    figures["stores"] = len({item["seller_id"] for bought in items.values() for item in bought})
    figures["sum of items"] = sum((Decimal(i["price"]) for b in items.values() for i in b), Decimal(0))
    figures["sum of shipping"] = sum(
        (Decimal(i["freight_value"]) for b in items.values() for i in b), Decimal(0)
    )
    figures["sum of totals"] = _paid(folder, wanted, items)
    return figures


def _count_order(count: Counter[str], order: dict[str, str], *, pieces: int, sellers: int) -> None:
    approved = bool(order["order_approved_at"])
    delivered = bool(order["order_delivered_customer_date"])
    # A parcel that arrived was handed over, whether the files know when or not.
    handed_over = delivered or bool(order["order_delivered_carrier_date"])
    gone = order["order_status"] in _GONE
    parcels = max(sellers, 1) if handed_over else 0
    arrived = parcels if delivered else 0
    status = _status(gone=gone, delivered=delivered, handed_over=handed_over, approved=approved)
    count.update(
        {
            "events": 1 + approved + parcels + arrived + gone,
            "orders": 1,
            f"orders {status}": 1,
            "orders without items": not pieces,
            "orders of several sellers": sellers > 1,
            "items": pieces,
            "items cancelled": pieces if gone else 0,
            "shipments": parcels,
            "shipments created": parcels - arrived,
            "shipments delivered": arrived,
            "tracking events": parcels + arrived,
            "milestones payment_confirmed": approved,
            "notices order_placed": 1,
            "notices shipped": parcels,
            "notices delivered": arrived,
            "notices order_cancelled": gone,
            # One row for an order in its buyer's mailbox, and one in each of its stores'.
            "entries of buyers": 1,
            "entries of stores": sellers,
        }
    )


def _status(*, gone: bool, delivered: bool, handed_over: bool, approved: bool) -> str:
    """The last word of an order: that it was cancelled, else how far it came."""
    progress = (
        (gone, "cancelled"),
        (delivered, "delivered"),
        (handed_over, "shipped"),
        (approved, "confirmed"),
    )
    return next((word for holds, word in progress if holds), "placed")


def _paid(folder: Path, wanted: set[str], items: dict[str, list[dict[str, str]]]) -> Decimal:
    paid: dict[str, Decimal] = defaultdict(Decimal)
    for row in _rows(folder, "olist_order_payments_dataset.csv"):
        if row["order_id"] in wanted:
            paid[row["order_id"]] += Decimal(row["payment_value"])
    for order_id in wanted - set(paid):
        paid[order_id] = sum(
            (Decimal(i["price"]) + Decimal(i["freight_value"]) for i in items[order_id]), Decimal(0)
        )
    return sum(paid.values(), Decimal(0))


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))
