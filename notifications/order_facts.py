"""Reads orders and their notices, for the fan-out and the reading page: four statements for any number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from accounts.models import User
from notifications.models import Notice
from notifications.news import Line, OrderFacts, StoredNotice
from orders.models import Item, Order, ShipmentLine
from orders.shipments import ShipmentStatus

LINE_FIELDS = ("line", "store_id", "store_name", "title", "quantity", "unit_price", "picture_url")
NOTICE_COLUMNS = ("id", "key", "kind", "params", "occurred_at", "rank", "revision", "withdrawn")


def read_order_facts(order_ids: Collection[int]) -> list[OrderFacts]:
    lines = _read_lines(order_ids)
    orders = Order.objects.filter(id__in=order_ids).values_list(
        "id",
        "number",
        "status",
        "placed_at",
        "currency",
        "total",
        "buyer_id",
        "buyer__first_name",
        "buyer__last_name",
    )
    return [OrderFacts(*row[:7], _shown_name(*row[7:]), lines[row[0]]) for row in orders]


def _read_lines(order_ids: Collection[int]) -> dict[int, list[Line]]:
    pieces = _read_pieces(order_ids)
    lines: dict[int, list[Line]] = defaultdict(list)
    columns = [name.replace("store_name", "store__name") for name in LINE_FIELDS]
    items = Item.objects.filter(order__in=order_ids).order_by("order_id", "position", "line")
    for item_id, order_id, cancelled_at, *line in items.values_list(
        "id", "order_id", "cancelled_at", *columns
    ):
        shipped, delivered = pieces.get(item_id, (0, 0))
        told = dict(zip(LINE_FIELDS, line, strict=True))
        cancelled = cancelled_at is not None
        lines[order_id].append(Line(**told, cancelled=cancelled, shipped=shipped, delivered=delivered))
    return lines


def read_order_notices(order_ids: Collection[int]) -> dict[int, list[StoredNotice]]:
    """All notices of these orders, sent or not, with those that were withdrawn and not yet deleted."""
    found: dict[int, list[StoredNotice]] = defaultdict(list)
    notices = Notice.objects.filter(order__in=order_ids)
    for order_id, *columns in notices.values_list("order_id", *NOTICE_COLUMNS):
        found[order_id].append(StoredNotice(*columns))
    return found


def _read_pieces(order_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Pieces shipped and delivered, by item."""
    pieces: dict[int, tuple[int, int]] = {}
    rows: Any = ShipmentLine.objects.filter(item__order__in=order_ids).values_list(
        "item_id", "quantity", "shipment__status"
    )
    for item_id, quantity, status in rows:
        shipped, delivered = pieces.get(item_id, (0, 0))
        pieces[item_id] = (
            shipped + quantity,
            delivered + (quantity if status == ShipmentStatus.DELIVERED else 0),
        )
    return pieces


def _shown_name(first_name: str, last_name: str) -> str:
    """As User.shown_name, but "" where there is none: who reads it puts that into his own language."""
    return User(first_name=first_name, last_name=last_name).get_full_name()
