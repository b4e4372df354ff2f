"""The order itself: what was bought, and what of it was cancelled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from orders.intake.derive.events import Event, Moment
from orders.intake.derive.milestones import add_milestone
from orders.intake.derive.state import (
    ADDRESS,
    PAYMENT,
    ItemState,
    OrderState,
    Problem,
    known_parts,
    read_window,
    told_amount,
)


def place_order(placed: Sequence[Event]) -> OrderState:
    """From the order.placed events, in their order: the first says when, the later ones correct the rest.

    What a correction leaves out stands as it was; items are added, and never taken off.
    """
    told: dict[str, Any] = {}
    for event in placed:
        told.update(event.data["order"])
    return OrderState(
        number=told["number"],
        buyer=told["buyer"],
        placed=placed[0].moment,
        placed_at=placed[0].occurred_at,
        updated_at=placed[0].occurred_at,
        currency=told["currency"],
        totals={
            name: Decimal(told["totals"].get(name, "0"))
            for name in ("items", "shipping", "tax", "discount", "total")
        },
        promise=read_window(told.get("estimated_delivery")),
        shipping_address=known_parts(told.get("shipping_address", {}), ADDRESS),
        payment=known_parts(told.get("payment", {}), PAYMENT),
        items=_items(placed),
        sellers={
            item["seller"]["id"]: item["seller"]["name"]
            for event in placed
            for item in event.data["order"]["items"]
        },
    )


def missing_items(order: OrderState, lines: Iterable[str], field: str) -> Iterator[Problem]:
    for index, line in enumerate(lines):
        if line not in order.items:
            yield Problem("unknown_item", line, f"{field}[{index}]")


def tell_placed(order: OrderState, event: Event) -> None:
    params = {
        "item_count": sum(item.quantity for item in order.items.values()),
        "total": told_amount(order.totals["total"], order.currency),
        "currency": order.currency,
    }
    if "placed" not in order.milestones:
        add_milestone(order, event, "order_placed", key="placed", params=params)


def tell_confirmed(order: OrderState, event: Event) -> None:
    if "confirmed" not in order.milestones:
        add_milestone(order, event, "payment_confirmed", key="confirmed", params={})


def cancelled_by(order: OrderState, events: Iterable[Event]) -> dict[str, Event]:
    """Which event cancelled each item: the first that named it or the whole order."""
    cancelled: dict[str, Event] = {}
    for event in events:
        lines = event.data["items"] if event.type == "item.cancelled" else order.items
        for line in lines:
            cancelled.setdefault(line, event)
    return cancelled


def cancel_items(order: OrderState, event: Event, cancelled: Mapping[str, Event]) -> None:
    """Item by item or all at once: when nothing is left, the order is what was cancelled."""
    lines = [line for line in order.items if cancelled.get(line) is event]
    for line in lines:
        order.items[line].cancelled_at = event.occurred_at
        order.items[line].cancel_reason = event.data["reason"]
    params = {
        "reason": event.data["reason"],
        "by": event.data["by"],
        "note": event.data.get("note", ""),
        "items": lines,
    }
    left = [item for item in order.items.values() if item.quantity_at(event.moment) and not item.cancelled_at]
    if event.type == "order.cancelled" or not left:
        if "cancelled" not in order.milestones:
            add_milestone(order, event, "order_cancelled", key="cancelled", params=params)
    elif lines:
        add_milestone(order, event, "items_cancelled", key=f"cancelled:{event.key}", params=params)


def _items(placed: Sequence[Event]) -> dict[str, ItemState]:
    told: dict[str, Mapping[str, Any]] = {}
    ordered: dict[str, list[tuple[Moment, int]]] = defaultdict(list)
    for event in placed:
        for item in event.data["order"]["items"]:
            told[item["id"]] = item
            ordered[item["id"]].append((event.moment, int(item["quantity"])))
    return {
        line: ItemState(
            line=line,
            seller=item["seller"]["id"],
            product_id=item["product_id"],
            title=item["title"],
            ordered=ordered[line],
            unit_price=Decimal(item["unit_price"]),
            picture_url=item.get("picture_url", ""),
            product_url=item.get("product_url", ""),
            position=position,
        )
        for position, (line, item) in enumerate(told.items(), start=1)
    }
