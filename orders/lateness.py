"""When a promised delivery is late: from the reader's midnight after the window's last day."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from orders.models import Order, Shipment
from orders.shipments import ShipmentStatus

# A parcel that waits to be picked up has come in time.
ARRIVED = (ShipmentStatus.READY_FOR_PICKUP, ShipmentStatus.DELIVERED)


def start_of_today() -> datetime:
    """In the current time zone."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def is_past(estimate_to: datetime | None) -> bool:
    return estimate_to is not None and estimate_to < start_of_today()


def promised_until(shipment: Shipment, order: Order) -> datetime | None:
    """The end of this parcel's window: its own where the carrier gave one, else the order's."""
    return shipment.estimate_to or order.estimate_to


def is_late(shipment: Shipment, order: Order) -> bool:
    if shipment.status in ARRIVED or order.status == Order.Status.CANCELLED:
        return False
    return is_past(promised_until(shipment, order))


def late_shipments(shipments: QuerySet[Shipment]) -> QuerySet[Shipment]:
    """The same in SQL, of a queryset that reaches its order."""
    return (
        shipments.exclude(status__in=ARRIVED)
        .exclude(order__status=Order.Status.CANCELLED)
        .alias(until=Coalesce("estimate_to", "order__estimate_to"))
        .filter(until__lt=start_of_today())
    )
