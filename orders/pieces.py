"""How many pieces of each item have left: of three, two may travel and one have yet to leave."""

from __future__ import annotations

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce

from orders.models import Item, Order, Shipment, ShipmentLine
from orders.order import OrderQuerySet

ENDED = (Order.Status.DELIVERED, Order.Status.CANCELLED)


def pieces_in_parcels(**of_lines: object) -> Coalesce:
    """Of an Item in a queryset: how many of its pieces are in parcels (that fulfil `of_lines`)."""
    lines = ShipmentLine.objects.filter(item=OuterRef("pk"), **of_lines).order_by().values("item")
    pieces = Subquery(lines.annotate(n=Sum("quantity")).values("n"))
    return Coalesce(pieces, 0, output_field=IntegerField())


def unsent_items(items: QuerySet[Item]) -> QuerySet[Item]:
    """Those with a piece that is neither cancelled nor in a parcel. Annotates `sent`, in pieces."""
    items = items.filter(cancelled_at=None).annotate(sent=pieces_in_parcels())
    return items.filter(sent__lt=F("quantity"))


def with_unsent(orders: OrderQuerySet, items: QuerySet[Item]) -> OrderQuerySet:
    """Annotates `unsent`: whether one of `items` has yet to leave or, where there are none, a parcel."""
    items = items.filter(order=OuterRef("pk"))
    parcels = Shipment.objects.filter(order=OuterRef("pk"))
    unsent = Q(Exists(unsent_items(items))) | Q(~Exists(items), ~Exists(parcels))
    return orders.annotate(
        unsent=ExpressionWrapper(~Q(status__in=ENDED) & unsent, output_field=BooleanField())
    )


def has_unsent(order: Order) -> bool:
    return with_unsent(Order.objects.filter(pk=order.pk), Item.objects.all()).filter(Q(unsent=True)).exists()
