"""The inbox row of an order, and the page on which its updates are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from messagecenter.inbox.rows import TONES
from messagecenter.inbox.sources import Reader, Reading, RowWords, StoredRow
from notifications.kinds import ORDER_KINDS, OrderKind, Side
from notifications.kinds.kind import Matter, Words
from notifications.kinds.phrases import one_reader, reading_in
from notifications.news import OrderView, Told
from notifications.order_facts import read_order_facts, read_order_notices
from orders.models import Order

# Told by a mark of their own where the latest news does not say so itself.
MARKED_STATUSES = {
    Order.Status.PARTLY_SHIPPED: "neutral",
    Order.Status.PARTLY_DELIVERED: "neutral",
    Order.Status.CANCELLED: "neutral",
}
CANCELLATIONS = frozenset({"order_cancelled", "items_cancelled"})


@dataclass(frozen=True, slots=True)
class Update:
    """One notice on the reading page."""

    key: str
    kind: str
    icon: str
    tone: str
    when: datetime
    news: str
    summary: str
    words: Words
    own_actions: list[Any]  # without the order page, to which the order's card leads anyway


class OrderPresenter:
    def list_rows(self, rows: Sequence[StoredRow], reader: Reader) -> list[RowWords]:
        """No statement: the sealed payload holds all of it (see notifications.fanout.orders)."""
        side = Side.STORE if reader.is_store else Side.BUYER
        with one_reader():
            return [_row_words(row, row.payload or {}, side) for row in rows]

    def read_row(self, row: StoredRow, reader: Reader, request: HttpRequest) -> Reading:
        """Raises Http404 where the order is gone, or is not the reader's (any more)."""
        view = _view(row.source_id, reader)
        news = view.news(read_order_notices([row.source_id])[row.source_id])
        if not news:
            raise Http404
        updates = [_update(view, told, reader) for told in reversed(news)]
        latest = view.matter(news[-1])
        return Reading(
            title=news[-1].content.subject(latest),
            template="notifications/reading_order.html",
            context={
                "order": view,
                "who": _who([*view.stores.values()] if not reader.is_store else [view.facts.buyer_name]),
                "status": _status_words(view.status),
                "address": news[-1]
                .content.actions(view.matter(news[-1], store_slug=reader.store_slug))[-1]
                .url,
                "latest": updates[0],
                "earlier": updates[1:],
            },
        )


def _row_words(row: StoredRow, payload: Mapping[str, Any], side: Side) -> RowWords:
    content = ORDER_KINDS[payload["kind"]].parse(payload["params"])
    matter = Matter(
        side=side,
        number=payload["number"],
        title=payload["title"],
        others=payload["others"],
        occurred_at=row.active_at,
        buyer=payload["who"][0] if side is Side.STORE else "",
    )
    pictures = [(address, title) for address, title in payload["pictures"] if address]
    return RowWords(
        who=_who(payload["who"]),
        subject=matter.what or _("Order %(number)s") % {"number": matter.number},
        preview=content.preview(matter),
        pictures=pictures,
        more_pictures=payload["items"] - len(payload["pictures"]) if pictures else 0,
        updates=payload["updates"],
        labels=_labels(content, matter, payload["status"]),
    )


def _labels(content: OrderKind, matter: Matter, status: str) -> list[tuple[str, str]]:
    """The latest news, and the order's status where that says something else."""
    news = (content.news(matter), content.tone)
    tone = MARKED_STATUSES.get(status)  # type: ignore[call-overload]  # a str is its Status' key
    if tone is None or content.kind in CANCELLATIONS:
        return [news]
    return [news, (_status_words(status), tone)]


def _status_words(status: str) -> str:
    return _status_in(reading_in()[0], status)


@lru_cache(maxsize=256)
def _status_in(language: str, status: str) -> str:
    return str(Order.Status(status).label)


def _who(names: Sequence[str]) -> str:
    """ "Bob's Books", "Bob's Books and 2 more"; whoever gave no name is "A customer"."""
    first = (names[0] if names else "") or _("A customer")
    if len(names) < 2:
        return first
    more = len(names) - 1
    words = ngettext("%(name)s and %(count)d more", "%(name)s and %(count)d more", more)
    return words % {"name": first, "count": more}


def _view(order_id: int, reader: Reader) -> OrderView:
    facts = next(iter(read_order_facts([order_id])), None)
    if facts is None:
        raise Http404
    if reader.store_id is not None:
        if reader.store_id not in facts.store_ids:
            raise Http404
        return facts.for_store(reader.store_id)
    if facts.buyer_id != reader.user.pk:
        raise Http404
    return facts.for_buyer()


def _update(view: OrderView, told: Told, reader: Reader) -> Update:
    content = told.content
    matter = view.matter(told, store_slug=reader.store_slug)
    words = content.words(matter)
    return Update(
        key=told.notice.key,
        kind=content.kind,
        icon=content.icon,
        tone=TONES.get(content.tone, ""),
        when=told.notice.occurred_at,
        news=content.news(matter),
        summary=content.preview(matter),
        words=words,
        own_actions=words.actions[:-1],
    )
