"""What one mailbox may know of an order, and which of the order's notices it gets.

Pure functions of the order's rows and notices: the fan-out makes the inbox row from them and the reading page
shows the same, so that neither can know more than the other.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from hashlib import blake2b
from typing import Any

from notifications.kinds import ORDER_KINDS, OrderKind, Side
from notifications.kinds.kind import Matter
from orders.models import Order

PICTURES = 4  # of the items, in the inbox row


@dataclass(frozen=True, slots=True)
class Line:
    """One item of an order."""

    line: str
    store_id: int
    store_name: str
    title: str
    quantity: int
    unit_price: Decimal
    picture_url: str
    cancelled: bool
    shipped: int = 0  # pieces handed to a carrier
    delivered: int = 0


@dataclass(frozen=True, slots=True)
class StoredNotice:
    """The columns of a Notice of an order."""

    id: int
    key: str
    kind: str
    params: Mapping[str, Any]
    occurred_at: datetime
    rank: int
    revision: int = 0
    withdrawn: bool = False  # a late event took it back: nobody is told it any more


@dataclass(frozen=True, slots=True)
class Told:
    """One notice as one side gets it."""

    notice: StoredNotice
    content: OrderKind
    digest: str  # changes with everything that this side may read of it

    @property
    def order(self) -> tuple[datetime, int, str]:
        """When it happened; of several at one instant, the milestone's rank and key decide."""
        return self.notice.occurred_at, self.notice.rank, self.notice.key


@dataclass(frozen=True)
class OrderFacts:
    """An order with its items, read once for all the mailboxes that it concerns."""

    id: int
    number: str
    status: str
    placed_at: datetime
    currency: str
    total: Decimal
    buyer_id: int
    buyer_name: str
    lines: Sequence[Line] = field(default_factory=list)

    @cached_property
    def store_ids(self) -> list[int]:
        return sorted({line.store_id for line in self.lines})

    def for_buyer(self) -> OrderView:
        return OrderView(self, Side.BUYER, None, self.lines, self.status)

    def for_store(self, store_id: int) -> OrderView:
        """Of this store's own items only; nothing tells it whether there are others (OR-7)."""
        lines = [line for line in self.lines if line.store_id == store_id]
        return OrderView(self, Side.STORE, store_id, lines, _store_status(self.status, lines))


@dataclass(frozen=True)
class OrderView:
    """An order as one side may know it."""

    facts: OrderFacts
    side: Side
    store_id: int | None
    lines: Sequence[Line]
    status: str

    @cached_property
    def stores(self) -> dict[int, str]:
        """Names by id, in the order of the items."""
        return {line.store_id: line.store_name for line in self.lines}

    @cached_property
    def total(self) -> Decimal:
        if self.side is Side.BUYER:
            return self.facts.total
        return sum((line.unit_price * line.quantity for line in self.lines), Decimal())

    @property
    def pictured(self) -> Sequence[Line]:
        return [line for line in self.lines if line.picture_url][:PICTURES]

    @property
    def titles(self) -> str:
        return ", ".join(line.title for line in self.lines)

    def news(self, notices: Iterable[StoredNotice]) -> list[Told]:
        """Those notices that this side gets, the earliest first, each with no more than it may know."""
        told = []
        for notice in notices:
            kind = ORDER_KINDS.get(notice.kind)
            if kind is None or notice.withdrawn:
                continue
            params = self._share(kind, notice.params)
            if params is not None:
                told.append(Told(notice, kind.parse(params), _digest(notice, params)))
        return sorted(told, key=lambda each: each.order)

    def matter(self, told: Told, *, store_slug: str = "") -> Matter:
        """What `told` is about; `store_slug` is for words that lead to the store's own pages."""
        concerned = self.lines_of(told)
        content = told.content
        return Matter(
            side=self.side,
            number=self.facts.number,
            title=concerned[0].title if concerned else "",
            others=max(0, len(concerned) - 1),
            occurred_at=told.notice.occurred_at,
            buyer=self.facts.buyer_name,
            seller=self.stores.get(content.store, "") if content.store else self._only_store,
            several_sellers=self.side is Side.BUYER and len(self.stores) > 1,
            titles=tuple(line.title for line in concerned) if len(concerned) < len(self.lines) else (),
            store_slug=store_slug,
        )

    def lines_of(self, told: Told) -> Sequence[Line]:
        """The lines that a notice concerns, as far as this side sees them."""
        named = set(told.content.items)
        store_id = told.content.store
        if named:
            return [line for line in self.lines if line.line in named]
        return [line for line in self.lines if store_id in (None, line.store_id)]

    @property
    def _only_store(self) -> str:
        return next(iter(self.stores.values())) if len(self.stores) == 1 else ""

    def _share(self, kind: type[OrderKind], params: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The parameters that this side may know; None where the notice is not for it."""
        if self.side not in kind.sides:
            return None
        if self.side is Side.BUYER:
            return params
        own = {line.line for line in self.lines}
        named = params.get("items") or []
        items = [line for line in named if line in own]
        sender = params.get("store")
        if (named and not items) or (sender is not None and sender != self.store_id):
            return None
        if kind.undivided and not (len(items) == len(named) if named else self._sells_all):
            return None
        shared = {name: value for name, value in params.items() if name in kind.store_fields}
        # Its own figures in place of the order's.
        own_figures = {
            "items": items,
            "item_count": sum(line.quantity for line in self.lines),
            "total": str(self.total),
        }
        return shared | {name: figure for name, figure in own_figures.items() if name in shared}

    @property
    def _sells_all(self) -> bool:
        return len(self.lines) == len(self.facts.lines)


def latest_of_each_topic(news: Sequence[Told]) -> list[Told]:
    """Without those that a later one of the same parcel, refund or return has overtaken."""
    return list({told.content.topic: told for told in news}.values())


def _store_status(order_status: str, lines: Sequence[Line]) -> str:
    """The order's status as if it held these lines only."""
    standing = [line for line in lines if not line.cancelled]
    if not standing:
        return str(Order.Status.CANCELLED if lines else order_status)
    if all(line.delivered >= line.quantity for line in standing):
        return str(Order.Status.DELIVERED)
    if any(line.delivered for line in standing):
        return str(Order.Status.PARTLY_DELIVERED)
    if all(line.shipped >= line.quantity for line in standing):
        return str(Order.Status.SHIPPED)
    if any(line.shipped for line in standing):
        return str(Order.Status.PARTLY_SHIPPED)
    placed = order_status == Order.Status.PLACED
    return str(Order.Status.PLACED if placed else Order.Status.CONFIRMED)


def _digest(notice: StoredNotice, params: Mapping[str, Any]) -> str:
    content = [notice.key, notice.kind, notice.occurred_at.timestamp(), params]
    return blake2b(json.dumps(content, sort_keys=True).encode(), digest_size=6).hexdigest()
