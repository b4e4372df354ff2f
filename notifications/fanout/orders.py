"""The notices of orders: an order's rows are made anew from all its notices, whatever the order of arrival.

Workers exclude each other by the order's *anchor*, its first notice: whoever has it locked makes the rows. A
worker holds no other lock while it waits for one, and marks as sent only what it read: a notice that an event
alters meanwhile has another revision, and stays due.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from messagecenter.inbox.delivery import Delivery, Letterbox, deliver, open_letterboxes, withdraw
from messagecenter.inbox.models import Category, Source
from notifications.news import PICTURES, OrderView, StoredNotice, Told, latest_of_each_topic
from notifications.order_facts import read_order_facts, read_order_notices

BATCH = 250  # orders in one transaction: about 0.2 s
WINDOW = 1000  # due notices looked at together
WINDOWS = 8  # where other workers have all of one window

# Two plain statements instead of one join: each has one plan only, whatever the planner believes of the table
# while 30,000 rows of it change their state.
_DUE = """
SELECT order_id FROM notifications_notice
 WHERE state = 'pending' AND audience = 'order' AND due_at <= statement_timestamp()
 ORDER BY due_at, id LIMIT %s OFFSET %s
"""

_LOCK = """
SELECT order_id FROM notifications_notice
 WHERE id = ANY(ARRAY(SELECT min(id) FROM notifications_notice WHERE order_id = ANY(%s) GROUP BY order_id))
   FOR UPDATE
"""

# Those that are being altered at this moment are skipped: the altered notice is due anew.
_MARK_SENT = """
WITH mine AS (
    SELECT n.id FROM notifications_notice AS n
      JOIN unnest(%s::bigint[], %s::integer[]) AS read (id, revision)
        ON n.id = read.id AND n.revision = read.revision
     WHERE n.state <> 'done' FOR UPDATE OF n SKIP LOCKED
)
UPDATE notifications_notice AS n
   SET state = 'done', done_at = statement_timestamp(), error = ''
  FROM mine WHERE n.id = mine.id
"""

_DELETE_WITHDRAWN = """
WITH mine AS (
    SELECT n.id FROM notifications_notice AS n
      JOIN unnest(%s::bigint[], %s::integer[]) AS read (id, revision)
        ON n.id = read.id AND n.revision = read.revision
       FOR UPDATE OF n SKIP LOCKED
)
DELETE FROM notifications_notice AS n USING mine WHERE n.id = mine.id
"""


@transaction.atomic
def fan_out_due_orders(*, first: int | None = None, limit: int = BATCH) -> list[int]:
    """Brings the rows of due orders up to date, of `first` whatever its state; returns the orders' ids.

    Waits for another worker that is busy with `first`, and passes over the others that are taken.
    """
    order_ids = _lock_due(first, limit)
    if order_ids:
        _bring_up_to_date(order_ids)
    return order_ids


@transaction.atomic
def fan_out_order(order_id: int) -> None:
    """One order alone, so that what is wrong with it holds up no other."""
    if _lock([order_id], wait=True):
        _bring_up_to_date([order_id])


def _lock_due(first: int | None, limit: int) -> list[int]:
    """Locks the anchors of orders that are due, at most `limit`: the longest due that nobody else has."""
    locked = _lock([first], wait=True) if first is not None else []
    for window in range(WINDOWS):
        due = _due(WINDOW, window * WINDOW)
        locked += _lock([order_id for order_id in due if order_id not in locked][:limit], wait=False)
        if locked or len(due) < limit:
            break  # else all of these are in other workers' hands: further back there is more
    return sorted(locked)


def _due(limit: int, offset: int = 0) -> list[int]:
    """The orders of the notices that are due, the longest due first, each once."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [limit, offset])
        return list(dict.fromkeys(order_id for (order_id,) in cursor.fetchall()))


def _lock(order_ids: Sequence[int], *, wait: bool) -> list[int]:
    """To wait, a worker must hold no other lock."""
    if not order_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_LOCK if wait else f"{_LOCK} SKIP LOCKED", [list(order_ids)])
        return [order_id for (order_id,) in cursor.fetchall()]


def _bring_up_to_date(order_ids: Sequence[int]) -> None:
    notices = read_order_notices(order_ids)
    orders = read_order_facts(order_ids)
    letterboxes = open_letterboxes(
        user_ids={order.buyer_id for order in orders},
        store_ids={store_id for order in orders for store_id in order.store_ids},
    )
    by_owner = {(box.user_id, box.store_id): box for box in letterboxes}
    deliveries, empty = [], []
    for order in orders:
        for view in [order.for_buyer(), *map(order.for_store, order.store_ids)]:
            box = by_owner[order.buyer_id if view.store_id is None else None, view.store_id]
            news = view.news(notices[order.id])
            if news:
                deliveries.append(_delivery(view, news, box))
            else:
                empty.append((box.id, order.id))
    deliver(deliveries)
    withdraw(source=Source.ORDER, rows=empty)
    _mark_sent([notice for order_id in order_ids for notice in notices[order_id]])


def _delivery(view: OrderView, news: Sequence[Told], letterbox: Letterbox) -> Delivery:
    return Delivery(
        letterbox=letterbox,
        source=Source.ORDER,
        source_id=view.facts.id,
        category=Category.ORDERS,
        active_at=news[-1].notice.occurred_at,
        payload=order_payload(view, news),
        told=[told.digest for told in news],
        news=[told.digest for told in latest_of_each_topic(news)],
    )


def order_payload(view: OrderView, news: Sequence[Told]) -> dict[str, Any]:
    """All that the list shows of an order: see notifications.presenters.orders."""
    latest = news[-1]
    matter = view.matter(latest)
    return {
        "kind": latest.notice.kind,
        "params": latest.content.listed(),
        "number": view.facts.number,
        "who": list(view.stores.values()) if view.store_id is None else [view.facts.buyer_name],
        "title": matter.title,
        "others": matter.others,
        "pictures": [[line.picture_url, line.title] for line in view.lines[:PICTURES]],
        "items": len(view.lines),
        "status": view.status,
        "updates": len(news),
    }


def _mark_sent(notices: Sequence[StoredNotice]) -> None:
    withdrawn = [n for n in notices if n.withdrawn]
    with connection.cursor() as cursor:
        cursor.execute(_MARK_SENT, [[n.id for n in notices], [n.revision for n in notices]])
        if withdrawn:
            cursor.execute(_DELETE_WITHDRAWN, [[n.id for n in withdrawn], [n.revision for n in withdrawn]])


def due_orders(limit: int = BATCH) -> list[int]:
    """The orders that wait, without a lock: for going through them one by one."""
    return _due(WINDOW)[:limit]
