"""How far a whole order has come: by pieces, over all its parcels and sellers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from orders.intake.derive.state import OrderState, ShipmentState

# As Order.Status lists them; an order passes them in this sequence and never goes back.
PROGRESS = ("placed", "confirmed", "partly_shipped", "shipped", "partly_delivered", "delivered", "cancelled")
RANK = {status: rank for rank, status in enumerate(PROGRESS)}


def advance_order(order: OrderState, shipped: Iterable[str]) -> None:
    """Moves the status on, as things stand after an event. `shipped` are the parcels handed over by then.

    Cancelled is the last word, also where a parcel could not be stopped any more.
    """
    now = _status(order, [order.shipments[reference] for reference in shipped])
    if RANK[now] > RANK[order.status]:
        order.status = now


def _status(order: OrderState, shipments: list[ShipmentState]) -> str:
    if "cancelled" in order.milestones:
        return "cancelled"
    delivered = [shipment for shipment in shipments if shipment.status == "delivered"]
    if _covers(order, delivered) and (order.items or len(delivered) == len(shipments)):
        return "delivered"
    if delivered:
        return "partly_delivered"
    if _covers(order, shipments):
        return "shipped"
    if shipments:
        return "partly_shipped"
    return "confirmed" if "confirmed" in order.milestones else "placed"


def _covers(order: OrderState, shipments: list[ShipmentState]) -> bool:
    """Do these parcels hold every piece that was not cancelled? Without items, nothing is missing."""
    if not shipments:
        return False
    pieces: Counter[str] = Counter()
    for shipment in shipments:
        pieces.update(shipment.lines)
    return all(
        pieces[line] >= item.quantity for line, item in order.items.items() if item.cancelled_at is None
    )
