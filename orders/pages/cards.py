"""An order in brief, for the two lists: three queries whatever their length."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import ngettext

from accounts.models import Store
from orders.models import Item, Order, Shipment
from orders.pages.handling import own_shipments
from orders.pages.outlook import Outlook, order_outlook
from orders.pieces import pieces_in_parcels

PLACES = 4  # in the square of pictures; the last tells how many more there are


@dataclass(frozen=True, slots=True)
class Card:
    order: Order
    items: list[Item]
    outlook: Outlook

    @property
    def pictured(self) -> list[Item]:
        return self.items if len(self.items) <= PLACES else self.items[: PLACES - 1]

    @property
    def more(self) -> int:
        """How many items have no place among the pictures."""
        return len(self.items) - len(self.pictured)

    @property
    def titles(self) -> str:
        """The first item's title, and how many others there are."""
        if not self.items:
            return ""
        rest = len(self.items) - 1
        if not rest:
            return self.items[0].title
        more = ngettext("and %(count)s more item", "and %(count)s more items", rest) % {"count": rest}
        return f"{self.items[0].title} {more}"


def show_cards(orders: Sequence[Order], store: Store | None = None) -> list[Card]:
    """Of a buyer's orders, or of a store's own part of them."""
    items = Item.objects.filter(order__in=orders)
    shipments = Shipment.objects.filter(order__in=orders)
    if store:
        items = items.filter(store=store)
        shipments = own_shipments(store).filter(order__in=orders)
    items_of: dict[int, list[Item]] = defaultdict(list)
    unsent: set[int] = set()
    for item in items.annotate(sent=pieces_in_parcels()):
        items_of[item.order_id].append(item)
        if item.cancelled_at is None and item.sent < item.quantity:
            unsent.add(item.order_id)
    shipments_of: dict[int, list[Shipment]] = defaultdict(list)
    for shipment in shipments:
        shipments_of[shipment.order_id].append(shipment)
    unsent.update(order.pk for order in orders if not (items_of[order.pk] or shipments_of[order.pk]))
    return [
        Card(
            order,
            items_of[order.pk],
            order_outlook(order, shipments_of[order.pk], unsent=order.pk in unsent),
        )
        for order in orders
    ]
