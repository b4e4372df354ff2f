"""What Celery calls: one notice woken, or all that is due swept."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from time import monotonic

from django.utils import timezone

from notifications.fanout.attempts import record_failure
from notifications.fanout.everyone import fan_out_to_everyone
from notifications.fanout.orders import due_orders, fan_out_due_orders, fan_out_order
from notifications.fanout.people import due_person_notices, fan_out_due_people, fan_out_person_notice
from notifications.models import Audience, Notice

log = logging.getLogger(__name__)

SWEEP_SECONDS = 5.0  # of one sweep; the next begins 3 s after this one began, in another worker


def fan_out_notice(notice_id: int) -> None:
    """Fans out a notice that is due, and others that are due with it.

    Under a burst of wake-ups the first takes many notices in one go, and the others find nothing to do.
    """
    pending = Notice.objects.filter(id=notice_id, state=Notice.State.PENDING)
    found = pending.values_list("audience", "order_id", "due_at").first()
    if found is None:
        return  # it went out with another's batch
    audience, order_id, due_at = found
    if audience == Audience.EVERYONE:
        _send_to_everyone(notice_id)  # a turn of it; its due time only keeps the sweep away
    elif due_at > timezone.now():
        return  # it failed, and waits for its next attempt
    elif audience == Audience.ORDER:
        _send_orders(first=order_id)
    else:
        _send_people()


def sweep_notices(*, seconds: float = SWEEP_SECONDS) -> int:
    """Fans out what is due until nothing is left or the time is up; returns how many orders and people.

    Any number may sweep at once: each passes over what another has.
    """
    deadline = monotonic() + seconds
    total = 0
    while monotonic() < deadline:
        done = _send_orders() + _send_people()
        total += done
        if not done:
            break
    due = Notice.objects.due().filter(audience=Audience.EVERYONE)
    for notice_id in due.values_list("id", flat=True):
        _send_to_everyone(notice_id)
    return total


def _send_orders(first: int | None = None) -> int:
    try:
        return len(fan_out_due_orders(first=first))
    except Exception as error:  # noqa: BLE001  whatever it is, it must not hold up the others
        log.warning("a batch of orders failed, now one by one: %s", type(error).__name__)
        return _one_by_one(fan_out_order, due_orders(), "order_id")


def _send_people() -> int:
    try:
        return fan_out_due_people()
    except Exception as error:  # noqa: BLE001  whatever it is, it must not hold up the others
        log.warning("a batch of notices to people failed, now one by one: %s", type(error).__name__)
        return _one_by_one(fan_out_person_notice, due_person_notices(), "id")


def _send_to_everyone(notice_id: int) -> None:
    try:
        fan_out_to_everyone(notice_id)
    except Exception as error:  # noqa: BLE001  recorded with the notice
        record_failure([notice_id], error)


def _one_by_one(send: Callable[[int], object], ids: Iterable[int], field: str) -> int:
    """After a batch that failed: what is wrong fails alone, and everything else goes out.

    Where the database itself is gone, recording the failure fails too: the error leaves the task, no attempt
    is counted, and the sweep begins again when the database is back.
    """
    done = 0
    for id_ in ids:
        try:
            send(id_)
            done += 1
        except Exception as error:  # noqa: BLE001  recorded with the notice
            pending = Notice.objects.due().filter(**{field: id_})
            record_failure(list(pending.values_list("id", flat=True)), error)
    return done
