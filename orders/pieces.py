"""How many pieces of each item have left: of three, two may travel and one have yet to leave."""

from __future__ import annotations

from django.db.models import F, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from orders.models import Item, Order, ShipmentLine


def pieces_in_parcels(**of_lines: object) -> Coalesce:
    """Of an Item in a queryset: how many of its pieces are in parcels (that fulfil `of_lines`)."""
    lines = ShipmentLine.objects.filter(item=OuterRef("pk"), **of_lines).order_by().values("item")
    pieces = Subquery(lines.annotate(n=Sum("quantity")).values("n"))
    return Coalesce(pieces, 0, output_field=IntegerField())


def unsent_items(items: QuerySet[Item]) -> QuerySet[Item]:
    """Those with a piece that is neither cancelled nor in a parcel."""
    items = items.filter(cancelled_at=None).annotate(sent=pieces_in_parcels())
    return items.filter(sent__lt=F("quantity"))


def has_unsent(order: Order) -> bool:
    """Whether something has yet to leave; of an order that names no items, whether no parcel did."""
    if order.items.exists():
        return unsent_items(order.items.all()).exists()
    return not order.shipments.exists()
