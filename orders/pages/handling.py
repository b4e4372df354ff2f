"""How far one store has come with its own part of an order. The order's status tells of all its sellers'.

What is asked of each order here is a sum and not an EXISTS: PostgreSQL would turn that into a hash of the
whole store, and the first page of a large one would take seconds (6 s of 200,000 orders, now 20 ms).
"""

from __future__ import annotations

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Store
from orders.lateness import late_shipments, start_of_today
from orders.models import Item, Order, Shipment, ShipmentLine
from orders.order import OrderQuerySet
from orders.pieces import pieces_in_parcels
from orders.shipments import ShipmentStatus

Status = Order.Status


class Handling(TextChoices):
    UNPAID = "unpaid", _("Payment pending")
    TO_SHIP = "to_ship", _("To ship")
    PARTLY_SHIPPED = "partly_shipped", pgettext_lazy("order", "Partly shipped")
    SHIPPED = "shipped", pgettext_lazy("order", "Shipped")
    PARTLY_DELIVERED = "partly_delivered", pgettext_lazy("order", "Partly delivered")
    DELIVERED = "delivered", pgettext_lazy("order", "Delivered")
    CANCELLED = "cancelled", pgettext_lazy("order", "Cancelled")


# The statuses that an order can have while a store's part of it is handled so. It spares counting the pieces
# of all the others, and lets the index of open orders serve.
POSSIBLE = {
    Handling.UNPAID: [Status.PLACED],
    Handling.TO_SHIP: [Status.CONFIRMED, Status.PARTLY_SHIPPED, Status.SHIPPED, Status.PARTLY_DELIVERED],
    Handling.PARTLY_SHIPPED: [Status.PARTLY_SHIPPED, Status.SHIPPED, Status.PARTLY_DELIVERED],
    Handling.SHIPPED: [Status.PARTLY_SHIPPED, Status.SHIPPED, Status.PARTLY_DELIVERED],
    Handling.PARTLY_DELIVERED: [Status.PARTLY_DELIVERED],
    Handling.DELIVERED: [Status.PARTLY_DELIVERED, Status.DELIVERED],
}
OPEN = [status for status in Status if status not in (Status.DELIVERED, Status.CANCELLED)]


def with_handling(orders: OrderQuerySet, store: Store) -> OrderQuerySet:
    """Annotates `handling`, of the store's own items that are not cancelled, and what it is counted from."""
    delivered = pieces_in_parcels(shipment__status=ShipmentStatus.DELIVERED)
    orders = orders.annotate(
        pieces=_sum_of_pieces(store, F("quantity")),
        sent=_sum_of_pieces(store, Least("quantity", pieces_in_parcels())),
        arrived=_sum_of_pieces(store, Least("quantity", delivered)),
    )
    return orders.annotate(
        handling=Case(
            When(Q(status=Status.CANCELLED) | Q(pieces=0), then=Value(Handling.CANCELLED)),
            When(Q(status=Status.DELIVERED) | Q(arrived=F("pieces")), then=Value(Handling.DELIVERED)),
            When(arrived__gt=0, then=Value(Handling.PARTLY_DELIVERED)),
            When(sent=F("pieces"), then=Value(Handling.SHIPPED)),
            When(sent__gt=0, then=Value(Handling.PARTLY_SHIPPED)),
            When(status=Status.PLACED, then=Value(Handling.UNPAID)),
            default=Value(Handling.TO_SHIP),
        )
    )


def handled(orders: OrderQuerySet, handling: str, store: Store) -> OrderQuerySet:
    """Those of orders with `handling` that are handled so.

    A CASE, since PostgreSQL takes an equality of sums for rare, and would sort all of a store's orders rather
    than walk down the index until it has a page.
    """
    if handling == Handling.CANCELLED:
        lost = Item.objects.filter(store=store).exclude(cancelled_at=None)
        possible = Q(status=Status.CANCELLED) | Q(pk__in=lost.values("order"))
    else:
        possible = Q(status__in=POSSIBLE[Handling(handling)])
    so = Case(When(Q(handling=handling), then=True), default=False, output_field=BooleanField())
    return orders.filter(possible).filter(so)


def own_shipments(store: Store) -> QuerySet[Shipment]:
    """The parcels that this store sent, or that hold something of its."""
    held = ShipmentLine.objects.filter(shipment=OuterRef("pk"), item__store=store)
    return Shipment.objects.filter(Q(store=store) | Exists(held))


def with_problem(orders: OrderQuerySet, store: Store) -> OrderQuerySet:
    """Those with a parcel of the store's in trouble."""
    troubled = own_shipments(store).exclude(problem="").exclude(status=ShipmentStatus.DELIVERED)
    return orders.filter(status__in=OPEN).alias(troubled=_count(troubled)).filter(troubled__gt=0)


def late(orders: OrderQuerySet, store: Store) -> OrderQuerySet:
    """Of orders with `pieces` and `sent`: a parcel is late, or the promise passed before all had left."""
    waiting = Q(sent__lt=F("pieces"), estimate_to__lt=start_of_today())
    orders = orders.filter(status__in=OPEN).alias(late=_count(late_shipments(own_shipments(store))))
    return orders.filter(Q(late__gt=0) | waiting)


def _sum_of_pieces(store: Store, pieces: F | Least) -> Coalesce:
    items = Item.objects.filter(order=OuterRef("pk"), store=store, cancelled_at=None)
    sums = items.order_by().values("order").annotate(n=Sum(pieces)).values("n")
    return Coalesce(Subquery(sums), 0, output_field=IntegerField())


def _count(shipments: QuerySet[Shipment]) -> Coalesce:
    own = shipments.filter(order=OuterRef("pk")).order_by().values("order")
    return Coalesce(Subquery(own.annotate(n=Count("pk")).values("n")), 0, output_field=IntegerField())
