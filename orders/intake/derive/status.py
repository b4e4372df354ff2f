"""How far a whole order has come: by pieces, over all its parcels and sellers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from orders.intake.derive.events import Event
from orders.intake.derive.state import OrderState

# As Order.Status lists them; an order passes them in this sequence and never goes back.
PROGRESS = ("placed", "confirmed", "partly_shipped", "shipped", "partly_delivered", "delivered", "cancelled")
RANK = {status: rank for rank, status in enumerate(PROGRESS)}
Contents = Mapping[str, int]  # pieces by item


def advance_order(order: OrderState, event: Event, shipped: Mapping[str, Contents]) -> None:
    """Moves the status on, as things stand after this event.

    `shipped` has the parcels that were handed over by then, with what was known of their contents. Nothing
    is judged before the order is placed, nor by what a later correction says of it: else a status that
    somebody has seen could turn out to have been too high. Cancelled is the last word, also where a parcel
    could not be stopped any more.
    """
    if event.moment < order.placed:
        return
    now = _status(order, event, shipped)
    if RANK[now] > RANK[order.status]:
        order.status = now


def _status(order: OrderState, event: Event, shipped: Mapping[str, Contents]) -> str:
    if "cancelled" in order.milestones:
        return "cancelled"
    delivered = [
        contents
        for reference, contents in shipped.items()
        if order.shipments[reference].status == "delivered"
    ]
    if delivered:
        is_all = _cover(order, event, delivered) and (order.items or len(delivered) == len(shipped))
        return "delivered" if is_all else "partly_delivered"
    if shipped:
        return "shipped" if _cover(order, event, shipped.values()) else "partly_shipped"
    return "confirmed" if "confirmed" in order.milestones else "placed"


def _cover(order: OrderState, event: Event, parcels: Iterable[Contents]) -> bool:
    """Every piece that was ordered by then and not cancelled? Without items, nothing is missing."""
    pieces: Counter[str] = Counter()
    for contents in parcels:
        pieces.update(contents)
    return all(
        pieces[line] >= item.quantity_at(event.moment)
        for line, item in order.items.items()
        if item.cancelled_at is None
    )
