"""Everything the order page shows, in a number of queries that no order's size changes.

A store's page is read by queries that reach the store's own rows alone: what it must not see is never loaded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import Store, User
from orders.claims import claim_kinds
from orders.models import Claim, Item, Milestone, Order, Refund, Return, Shipment, ShipmentLine, TrackingEvent
from orders.pages.handling import own_shipments, with_handling
from orders.pages.history import HistoryLine, tell_history
from orders.pages.outlook import Outlook, order_outlook, unsent_outlook
from orders.pages.parcels import Parcel, show_parcel
from orders.wording.reasons import reason_words

AfterSale = TypeVar("AfterSale", Return, Refund)
FOR_EVERY_STORE = frozenset({"order_placed", "payment_confirmed", "order_cancelled"})


@dataclass(frozen=True, slots=True)
class Line:
    """An item as the page shows it."""

    item: Item
    total: Decimal
    cancelled: bool
    cancel_reason: str
    returned: bool
    refunded: bool
    parcels: list[tuple[Parcel, int]]  # where it is, and how many of it

    @property
    def unsent(self) -> int:
        """Pieces that have yet to leave."""
        sent = sum(quantity for _, quantity in self.parcels)
        return 0 if self.cancelled else max(0, self.item.quantity - sent)


@dataclass(frozen=True, slots=True)
class SellerLines:
    store: Store
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class OrderReading:
    order: Order
    sellers: list[SellerLines]
    parcels: list[Parcel]
    returns: list[Return]
    refunds: list[Refund]
    claims: list[Claim]  # those that concern no parcel
    history: list[HistoryLine]
    outlook: Outlook
    unsent: list[tuple[Item, int]]  # what has yet to leave, and how many pieces of it
    unsent_outlook: Outlook
    may_claim_unsent: bool = False

    @property
    def refunded(self) -> dict[str, Decimal]:
        """What was paid back in all, by currency."""
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for refund in self.refunds:
            sums[refund.currency] += refund.amount
        return dict(sums)

    @property
    def in_parts(self) -> bool:
        """Whether it needs telling what is in which parcel."""
        return len(self.parcels) > 1 or bool(self.unsent)

    @property
    def items_total(self) -> Decimal:
        """Of the lines shown that are not cancelled: a store's own part of the order."""
        lines = (line for seller in self.sellers for line in seller.lines)
        return sum((line.total for line in lines if not line.cancelled), Decimal(0))


@dataclass(slots=True)
class _Rows:
    order: Order
    items: list[Item]
    shipments: list[Shipment]
    lines: list[ShipmentLine]
    milestones: list[Milestone]
    returns: list[Return]
    refunds: list[Refund]
    claims: list[Claim] = field(default_factory=list)


def read_for_buyer(user: User, number: str) -> OrderReading:
    """Raises Http404 where this is no order of his."""
    order = get_object_or_404(Order.objects.for_user(user), number=number)
    rows = _Rows(
        order=order,
        items=list(order.items.select_related("store")),
        shipments=list(order.shipments.select_related("store")),
        lines=list(ShipmentLine.objects.filter(shipment__order=order)),
        milestones=list(order.milestones.all()),
        returns=list(order.returns.prefetch_related("items")),
        refunds=list(order.refunds.prefetch_related("items")),
        claims=list(order.claims.prefetch_related("items").order_by("opened_at", "id")),
    )
    return _read(rows, buyer=True)


def read_for_store(store: Store, number: str) -> OrderReading:
    """Raises Http404 where this store sells nothing of that order."""
    orders = with_handling(Order.objects.for_store(store), store).select_related("buyer")
    order = get_object_or_404(orders, number=number)
    items = list(order.items.filter(store=store).select_related("store"))
    alone = not order.items.exclude(store=store).exists()
    shipments = list(own_shipments(store).filter(order=order).select_related("store"))
    rows = _Rows(
        order=order,
        items=items,
        shipments=shipments,
        lines=list(ShipmentLine.objects.filter(shipment__in=shipments, item__store=store)),
        milestones=[m for m in order.milestones.all() if alone or _concerns(m, items, shipments)],
        returns=_of_store(order.returns.all(), store, order, alone=alone),
        refunds=_of_store(order.refunds.all(), store, order, alone=alone),
    )
    return _read(rows, buyer=False)


def _of_store(rows: QuerySet[AfterSale], store: Store, order: Order, *, alone: bool) -> list[AfterSale]:
    """Returns or refunds of this store's items only: an amount for several sellers' items is no one's."""
    if not alone:
        others = order.items.exclude(store=store)
        rows = rows.filter(items__store=store).exclude(items__in=others).distinct()
    return list(rows.prefetch_related("items"))


def _concerns(milestone: Milestone, items: Sequence[Item], shipments: Sequence[Shipment]) -> bool:
    """Whether a store with these items and parcels may read it; the items it names are cut to them."""
    if milestone.kind in FOR_EVERY_STORE:
        return True
    params = milestone.params
    if "shipment" in params:
        return any(params["shipment"] == shipment.reference for shipment in shipments)
    told, own = params.get("items") or [], {item.line for item in items}
    if milestone.kind == "items_cancelled":
        params["items"] = [line for line in told if line in own]
        return bool(params["items"])
    return bool(told) and own.issuperset(told)


def _read(rows: _Rows, *, buyer: bool) -> OrderReading:
    order = rows.order
    parcels = _parcels(rows, buyer=buyer)
    lines = _lines(rows, parcels)
    unsent = [(line.item, line.unsent) for line in lines if line.unsent]
    something_unsent = bool(unsent) or not (rows.items or rows.shipments)
    return OrderReading(
        order=order,
        sellers=_by_seller(lines),
        parcels=parcels,
        returns=rows.returns,
        refunds=rows.refunds,
        claims=[claim for claim in rows.claims if claim.shipment_id is None],
        history=tell_history(rows.milestones, parcels),
        outlook=order_outlook(order, rows.shipments, unsent=something_unsent),
        unsent=unsent,
        unsent_outlook=unsent_outlook(order),
        may_claim_unsent=buyer and something_unsent and bool(claim_kinds(order, None)),
    )


def _parcels(rows: _Rows, *, buyer: bool) -> list[Parcel]:
    items = {item.pk: item for item in rows.items}
    lines: dict[int, list[tuple[Item, int]]] = defaultdict(list)
    for line in rows.lines:
        if line.item_id in items:
            lines[line.shipment_id].append((items[line.item_id], line.quantity))
    tracking: dict[int, list[TrackingEvent]] = defaultdict(list)
    for event in TrackingEvent.objects.filter(shipment__in=rows.shipments):
        tracking[event.shipment_id].append(event)
    milestones: dict[str, list[Milestone]] = defaultdict(list)
    for milestone in rows.milestones:
        milestones[str(milestone.params.get("shipment", ""))].append(milestone)
    claims: dict[int | None, list[Claim]] = defaultdict(list)
    for claim in rows.claims:
        claims[claim.shipment_id].append(claim)
    return [
        show_parcel(
            shipment,
            rows.order,
            place_among=(number, len(rows.shipments)),
            lines=sorted(lines[shipment.pk], key=lambda line: line[0].position),
            tracking=tracking[shipment.pk],
            milestones=milestones[shipment.reference],
            claims=claims[shipment.pk],
            buyer=buyer,
        )
        for number, shipment in enumerate(rows.shipments, start=1)
    ]


def _lines(rows: _Rows, parcels: Sequence[Parcel]) -> list[Line]:
    returned = {item.pk for back in rows.returns for item in back.items.all()}
    refunded = {item.pk for refund in rows.refunds for item in refund.items.all()}
    places: dict[int, list[tuple[Parcel, int]]] = defaultdict(list)
    for parcel in parcels:
        for item, quantity in parcel.lines:
            places[item.pk].append((parcel, quantity))
    whole = rows.order.status == Order.Status.CANCELLED
    return [
        Line(
            item=item,
            total=item.unit_price * item.quantity,
            cancelled=whole or item.cancelled_at is not None,
            cancel_reason=reason_words(item.cancel_reason),
            returned=item.pk in returned,
            refunded=item.pk in refunded,
            parcels=places[item.pk],
        )
        for item in rows.items
    ]


def _by_seller(lines: Iterable[Line]) -> list[SellerLines]:
    """In the order in which the sellers first appear among the items (OR-7)."""
    sellers: dict[int, SellerLines] = {}
    for line in lines:
        store = line.item.store
        sellers.setdefault(store.pk, SellerLines(store, [])).lines.append(line)
    return list(sellers.values())
