"""Everything that the events of one order made, under natural keys: equal for equal histories."""

from __future__ import annotations

from typing import Any

from django.db import models

from accounts.models import User
from orders.models import (
    Item,
    Milestone,
    Order,
    OrderEvent,
    Refund,
    Return,
    Shipment,
    ShipmentLine,
    TrackingEvent,
)

DERIVED: tuple[type[models.Model], ...] = (
    OrderEvent,
    Order,
    Item,
    Shipment,
    ShipmentLine,
    TrackingEvent,
    Return,
    Refund,
    Milestone,
    User,
)
_ARRIVAL = {"id", "received_at", "attempts"}  # what depends on when and how often an event came


def count_rows() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in DERIVED}


def snapshot(number: str, *, prefix: str = "") -> dict[str, list[dict[str, Any]]]:
    """The rows of this order; `prefix` is taken off the events' ids, so that two runs can be compared."""
    order = Order.objects.filter(number=number).first()
    found: dict[str, list[dict[str, Any]]] = {
        "events": _rows(OrderEvent.objects.filter(order_number=number).order_by("event_id"), number, prefix)
    }
    if order is None:
        return found
    shipments, events = order.shipments.all(), OrderEvent.objects.filter(order_number=number)
    names: dict[str, dict[Any, Any]] = {
        "order_id": {order.id: "order"},
        "item_id": dict(order.items.values_list("id", "line")),
        "shipment_id": dict(shipments.values_list("id", "reference")),
        "event_id": {
            pk: event_id.removeprefix(prefix) for pk, event_id in events.values_list("id", "event_id")
        },
    }
    for name, rows in {
        "order": Order.objects.filter(pk=order.pk),
        "items": order.items.order_by("line"),
        "shipments": shipments.order_by("reference"),
        "lines": ShipmentLine.objects.filter(shipment__order=order).order_by(
            "shipment__reference", "item__line"
        ),
        "tracking": TrackingEvent.objects.filter(shipment__order=order).order_by("event__event_id"),
        "returns": order.returns.order_by("reference"),
        "refunds": order.refunds.order_by("reference"),
        "milestones": order.milestones.all(),  # in their own order: it must not hang on ids
    }.items():
        found[name] = [_named(row, names) for row in _rows(rows, number, prefix)]
    for name in ("returns", "refunds"):
        related = getattr(order, name).order_by("reference", "items__line")
        found[f"{name} of items"] = list(related.values("reference", "items__line"))
    return found


def _rows(rows: models.QuerySet[Any], number: str, prefix: str) -> list[dict[str, Any]]:
    found = []
    for row in rows.values():
        plain = {name: value for name, value in row.items() if name not in _ARRIVAL}
        plain.pop("body", None)  # as it came, with the prefix in it
        found.append({name: _without(value, number, prefix) for name, value in plain.items()})
    return found


def _without(value: Any, number: str, prefix: str) -> Any:
    if isinstance(value, str):
        value = "number" if value == number else value
        return value.replace(prefix, "") if prefix else value
    return value


def _named(row: dict[str, Any], names: dict[str, dict[Any, Any]]) -> dict[str, Any]:
    return {name: names[name][value] if name in names else value for name, value in row.items()}
