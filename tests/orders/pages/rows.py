"""Orders as rows, for what the pages make of them. Orders that come from events are in `told.py`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import Store, User
from orders.models import Item, Milestone, Order, OrderEvent, Shipment, ShipmentLine, TrackingEvent

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)  # a Sunday
ADDRESS = {
    "name": "Alice Arnaud",
    "lines": ["12 rue de la République"],
    "postal_code": "69100",
    "city": "Villeurbanne",
    "country": "FR",
}
PICTURE = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'%3E%3C/svg%3E"


def make_order(
    buyer: User,
    number: str = "1042-77318",
    *,
    items: Sequence[tuple[Store, str, int, str]] = (),
    **fields: Any,
) -> Order:
    """`items` are (store, title, quantity, unit price)."""
    total = sum((Decimal(price) * quantity for _, _, quantity, price in items), Decimal(0))
    amounts = {"items_total": total, "shipping_total": Decimal("4.90"), "total": total + Decimal("4.90")}
    order = Order.objects.create(
        **{
            "buyer": buyer,
            "number": number,
            "status": Order.Status.CONFIRMED,
            "placed_at": NOW - timedelta(days=8),
            "updated_at": NOW - timedelta(days=8),
            "currency": "EUR",
            "shipping_address": ADDRESS,
            "payment": {"kind": "card", "label": "Visa", "last4": "4242"},
            **amounts,
            **fields,
        }
    )
    for position, (store, title, quantity, price) in enumerate(items):
        Item.objects.create(
            order=order,
            line=f"L{position + 1}",
            store=store,
            product_id=f"P{position + 1}",
            title=title,
            quantity=quantity,
            unit_price=Decimal(price),
            picture_url=PICTURE,
            position=position,
        )
    make_milestone(order, "order_placed", at=order.placed_at, item_count=len(items))
    return order


def make_parcel(
    order: Order, reference: str = "S1", *, items: Sequence[Item] | None = None, **fields: Any
) -> Shipment:
    """`items` None: everything in the order."""
    shipment = Shipment.objects.create(
        **{
            "order": order,
            "reference": reference,
            "carrier": "ups",
            "tracking_number": "1Z9999999999999999",
            "status": "in_transit",
            "shipped_at": NOW - timedelta(days=6),
            "delivered_at": NOW - timedelta(days=2) if fields.get("status") == "delivered" else None,
            **fields,
        }
    )
    for item in order.items.all() if items is None else items:
        ShipmentLine.objects.create(shipment=shipment, item=item, quantity=item.quantity)
    params = {"shipment": reference, "carrier": shipment.carrier, "carrier_name": "UPS"}
    make_milestone(order, "shipped", at=shipment.shipped_at, key=f"shipped:{reference}", **params)
    return shipment


def make_scan(shipment: Shipment, status: str, *, at: datetime, **fields: Any) -> TrackingEvent:
    event = OrderEvent.objects.create(
        source="marketplace",
        event_id=f"{shipment.pk}-{shipment.tracking_events.count()}",
        type="shipment.updated",
        order_number=shipment.order.number,
        occurred_at=at,
        body={},
        state=OrderEvent.State.APPLIED,
    )
    return TrackingEvent.objects.create(
        shipment=shipment, event=event, occurred_at=at, status=status, **fields
    )


def make_milestone(order: Order, kind: str, *, at: datetime, key: str = "", **params: Any) -> Milestone:
    return Milestone.objects.create(order=order, key=key or kind, kind=kind, occurred_at=at, params=params)
