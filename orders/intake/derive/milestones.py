"""What is worth telling of an order, and with which facts.

`kind` is the notice's kind; which milestones become notices is decided above this app.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orders.intake.derive.events import Event
from orders.intake.derive.state import MilestoneState, OrderState, ShipmentState, Window, told_moment

# Of several at the same instant, the one to show last: the change of an estimate follows what caused it.
_RANKS = {
    "order_placed": 0,
    "payment_confirmed": 1,
    "shipped": 2,
    "in_transit": 3,
    "out_for_delivery": 4,
    "delivery_exception": 5,
    "ready_for_pickup": 6,
    "returning": 7,
    "estimate_changed": 8,
    "delivered": 9,
    "items_cancelled": 10,
    "order_cancelled": 11,
    "return_authorised": 12,
    "refund_issued": 13,
}


def add_milestone(
    order: OrderState,
    event: Event,
    kind: str,
    *,
    key: str,
    params: dict[str, Any],
    seller: str | None = None,
) -> None:
    order.milestones[key] = MilestoneState(key, kind, event.occurred_at, _RANKS[kind], params, seller)


def add_shipment_milestone(
    order: OrderState,
    shipment: ShipmentState,
    event: Event,
    kind: str,
    *,
    key: str = "",
    **details: Any,
) -> None:
    """With the parcel's facts, the promise that holds, and `details`."""
    start, end = standing_promise(order, shipment)
    params = {
        "shipment": shipment.reference,
        "carrier": shipment.carrier,
        "carrier_name": shipment.carrier_name,
        "tracking_number": shipment.tracking_number,
        "tracking_url": shipment.tracking_url,
        "items": list(shipment.lines),
        "estimate_from": told_moment(start),
        "estimate_to": told_moment(end),
        **details,
    }
    key = key or f"{kind}:{shipment.reference}"
    add_milestone(order, event, kind, key=key, params=params, seller=shipment.seller)


def scan_details(data: Mapping[str, Any]) -> dict[str, Any]:
    return {"place": data.get("place", ""), "description": data.get("description", "")}


def standing_promise(order: OrderState, shipment: ShipmentState) -> Window:
    return shipment.promise if shipment.promise[1] else order.promise
