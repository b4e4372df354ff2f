"""Writing notices: in the transaction of what they announce, with a wake-up for Celery when it commits."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from celery import current_app
from django.db import connection, transaction
from psycopg.types.json import Jsonb

from accounts.models import User
from messagecenter.pause import Pause
from notifications.kinds import PERSON_KINDS, is_told
from orders.models import Milestone, Order

log = logging.getLogger(__name__)

FAN_OUT = "notifications.fan_out"
_pause = Pause(5)  # of the wake-ups, where the broker is gone

# Written anew, or altered where it differs; a notice that stands as it was stays as it was, sent or not.
_WRITE = """
WITH written AS (
    INSERT INTO notifications_notice AS n (audience, order_id, key, kind, params, occurred_at, rank)
    SELECT 'order', %(order)s, m.*
      FROM unnest(%(keys)s::text[], %(kinds)s::text[], %(params)s::jsonb[], %(times)s::timestamptz[],
                  %(ranks)s::smallint[]) AS m (key, kind, params, occurred_at, rank)
     ORDER BY m.key
        ON CONFLICT (order_id, key) WHERE order_id IS NOT NULL DO UPDATE
       SET kind = excluded.kind, params = excluded.params, occurred_at = excluded.occurred_at,
           rank = excluded.rank, withdrawn = false, revision = n.revision + 1,
           state = 'pending', due_at = statement_timestamp(), attempts = 0, error = ''
     WHERE (n.kind, n.params, n.occurred_at, n.rank, n.withdrawn)
        IS DISTINCT FROM (excluded.kind, excluded.params, excluded.occurred_at, excluded.rank, false)
    RETURNING id
), withdrawn AS (
    UPDATE notifications_notice
       SET withdrawn = true, revision = revision + 1,
           state = 'pending', due_at = statement_timestamp(), attempts = 0, error = ''
     WHERE order_id = %(order)s AND key = ANY(%(removed)s) AND key <> ALL(%(keys)s)
    RETURNING id
)
SELECT id FROM written UNION ALL SELECT id FROM withdrawn
"""

# What changed has no notice of its own, but may show in the rows that others made: the order's status.
_REFRESH = """
UPDATE notifications_notice
   SET revision = revision + 1, state = 'pending', due_at = statement_timestamp(), attempts = 0, error = ''
 WHERE id = (SELECT id FROM notifications_notice WHERE order_id = %s AND NOT withdrawn ORDER BY id LIMIT 1)
RETURNING id
"""


def record_milestones(
    sender: Any,
    order: Order,
    changed: Sequence[Milestone],
    removed: Sequence[str],
    altered: bool = False,
    **kwargs: Any,
) -> None:
    """Receives `order_event_recorded`: mostly one statement, and one wake-up for the order."""
    told = [milestone for milestone in changed if is_told(milestone.kind)]
    if not (changed or removed or altered):
        return
    with connection.cursor() as cursor:
        found = None
        if told or removed:
            cursor.execute(_WRITE, {"order": order.pk, "removed": list(removed), **_columns(told)})
            found = cursor.fetchone()
        if found is None:
            cursor.execute(_REFRESH, [order.pk])
            found = cursor.fetchone()
    if found:
        wake(found[0])


def _columns(milestones: Sequence[Milestone]) -> dict[str, list[Any]]:
    return {
        "keys": [m.key for m in milestones],
        "kinds": [m.kind for m in milestones],
        "params": [Jsonb(m.params) for m in milestones],
        "times": [m.occurred_at for m in milestones],
        "ranks": [m.rank for m in milestones],
    }


def notify_person(
    *, user: User, kind: str, key: str, params: Mapping[str, Any], occurred_at: datetime
) -> bool:
    """Tells one person something, once for each `key`; whether this call was the first.

    To be called in the transaction of what it announces. Raises KeyError for a kind that there is none of.
    """
    values: dict[str, Any] = {
        "user": user.pk,
        "key": key,
        "kind": PERSON_KINDS[kind].kind,
        "params": Jsonb(dict(params)),
        "time": occurred_at,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO notifications_notice (audience, user_id, key, kind, params, occurred_at)
               VALUES ('person', %(user)s, %(key)s, %(kind)s, %(params)s, %(time)s)
                   ON CONFLICT (user_id, key) WHERE user_id IS NOT NULL DO NOTHING RETURNING id""",
            values,
        )
        found = cursor.fetchone()
    if found:
        wake(found[0])
    return found is not None


def wake(notice_id: int) -> None:
    """Asks a worker to fan this notice out, when the transaction has committed.

    A wake-up may be lost, and is sent once only: the sweep finds within seconds what it did not reach.
    """
    transaction.on_commit(partial(_send_wake_up, notice_id))


def _send_wake_up(notice_id: int) -> None:
    if _pause.is_on:
        return
    try:
        current_app.send_task(FAN_OUT, args=[notice_id], expires=600)
    except Exception as error:  # noqa: BLE001  kombu wraps some of the broker's errors only
        _pause.begin()
        log.warning("notice %d is left to the sweep: %s", notice_id, type(error).__name__)
