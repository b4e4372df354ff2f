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
from notifications.models import Audience, Notice
from notifications.news import PICTURES, OrderView, StoredNotice, Told, latest_of_each_topic
from notifications.order_facts import read_order_facts, read_order_notices

BATCH = 250  # orders in one transaction: about 0.1 s

_LOCK_FIRST = """
SELECT order_id FROM notifications_notice
 WHERE id = (SELECT id FROM notifications_notice WHERE order_id = %s ORDER BY id LIMIT 1) FOR UPDATE
"""

_LOCK_DUE = """
SELECT anchor.order_id
  FROM notifications_notice AS due
  JOIN notifications_notice AS anchor ON anchor.order_id = due.order_id
 WHERE due.state = 'pending' AND due.audience = 'order' AND due.due_at <= statement_timestamp()
   AND NOT EXISTS (SELECT FROM notifications_notice AS earlier
                    WHERE earlier.order_id = anchor.order_id AND earlier.id < anchor.id)
 ORDER BY due.due_at, due.id
 LIMIT %s
   FOR UPDATE OF anchor SKIP LOCKED
"""

# Those that are being altered at this moment are skipped: the altered notice is due anew.
_MARK_SENT = """
WITH mine AS (
    SELECT n.id FROM notifications_notice AS n
      JOIN unnest(%s::bigint[], %s::integer[]) AS read (id, revision)
        ON n.id = read.id AND n.revision = read.revision
     WHERE n.state = 'pending' FOR UPDATE OF n SKIP LOCKED
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
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_FIRST, [order_id])
        found = cursor.fetchone()
    if found:
        _bring_up_to_date([order_id])


def _lock_due(first: int | None, limit: int) -> list[int]:
    with connection.cursor() as cursor:
        order_ids: list[int] = []
        if first is not None:
            cursor.execute(_LOCK_FIRST, [first])
            order_ids += [order_id for (order_id,) in cursor.fetchall()]
        cursor.execute(_LOCK_DUE, [limit])
        order_ids += [order_id for (order_id,) in cursor.fetchall()]
    return sorted(set(order_ids))


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
        payload=_payload(view, news),
        told=[told.digest for told in news],
        news=[told.digest for told in latest_of_each_topic(news)],
    )


def _payload(view: OrderView, news: Sequence[Told]) -> dict[str, Any]:
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
    due = Notice.objects.due().filter(audience=Audience.ORDER).order_by("due_at", "id")
    return list(dict.fromkeys(due.values_list("order_id", flat=True)[:limit]))
