"""How far one store has come with its own part of an order. The order's status tells of all its sellers'."""

from __future__ import annotations

from django.db.models import (
    Case,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    TextChoices,
    Value,
    When,
)
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Store
from orders.lateness import late_shipments, start_of_today
from orders.models import Item, Order, Shipment, ShipmentLine
from orders.order import OrderQuerySet
from orders.pieces import pieces_in_parcels, with_unsent
from orders.shipments import ShipmentStatus


class Handling(TextChoices):
    UNPAID = "unpaid", _("Payment pending")
    TO_SHIP = "to_ship", _("To ship")
    PARTLY_SHIPPED = "partly_shipped", pgettext_lazy("order", "Partly shipped")
    SHIPPED = "shipped", pgettext_lazy("order", "Shipped")
    PARTLY_DELIVERED = "partly_delivered", pgettext_lazy("order", "Partly delivered")
    DELIVERED = "delivered", pgettext_lazy("order", "Delivered")
    CANCELLED = "cancelled", pgettext_lazy("order", "Cancelled")


def with_handling(orders: OrderQuerySet, store: Store) -> OrderQuerySet:
    """Annotates `handling`, of the store's own items that are not cancelled, and `unsent`."""
    own = Item.objects.filter(store=store)
    items = own.filter(order=OuterRef("pk"), cancelled_at=None)
    delivered = pieces_in_parcels(shipment__status=ShipmentStatus.DELIVERED)
    items = items.annotate(shipped=pieces_in_parcels(), delivered=delivered)
    return with_unsent(orders, own).annotate(
        handling=Case(
            When(Q(status=Order.Status.CANCELLED) | ~Exists(items), then=Value(Handling.CANCELLED)),
            When(~Exists(items.filter(delivered__lt=F("quantity"))), then=Value(Handling.DELIVERED)),
            When(Exists(items.filter(delivered__gt=0)), then=Value(Handling.PARTLY_DELIVERED)),
            When(~Exists(items.filter(shipped__lt=F("quantity"))), then=Value(Handling.SHIPPED)),
            When(Exists(items.filter(shipped__gt=0)), then=Value(Handling.PARTLY_SHIPPED)),
            When(status=Order.Status.PLACED, then=Value(Handling.UNPAID)),
            default=Value(Handling.TO_SHIP),
        )
    )


def own_shipments(store: Store) -> QuerySet[Shipment]:
    """The parcels that this store sent, or that hold something of its."""
    held = ShipmentLine.objects.filter(shipment=OuterRef("pk"), item__store=store)
    return Shipment.objects.filter(Q(store=store) | Exists(held))


def with_problem_for(store: Store) -> Exists:
    parcels = own_shipments(store).filter(order=OuterRef("pk"))
    return Exists(parcels.exclude(problem="").exclude(status=ShipmentStatus.DELIVERED))


def late_for(store: Store) -> Q:
    """Of orders with `unsent`: a parcel under way is late, or the promise passed before everything left."""
    parcels = own_shipments(store).filter(order=OuterRef("pk"))
    return Q(Exists(late_shipments(parcels))) | Q(unsent=True, estimate_to__lt=start_of_today())
