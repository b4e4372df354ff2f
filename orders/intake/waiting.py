"""Events that could not be applied: tried again, ever more rarely, declared dead, replayed (OP-4)."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import DurationField, ExpressionWrapper, F, Min, Q, Value
from django.db.models.functions import Least, Power
from django.utils import timezone

from orders.events import OrderEvent
from orders.intake.derive import derive_order
from orders.intake.projection.writes import Writes
from orders.intake.recording import DEAD, apply_order, lock_order, settle

logger = logging.getLogger(__name__)
FIRST_RETRY = timedelta(minutes=1)  # doubled with each attempt
MOST_DOUBLINGS = 20  # two years, beyond any patience; an interval has an end
ORDERS_AT_ONCE = 200  # so that one sweep ends before the next begins


def sweep_waiting_events() -> int:
    """Retries what is due, and declares dead what has waited for settings.EVENT_WAIT_DAYS; how many orders.

    An event normally stops waiting with the one it waits for, in the same transaction. This finds what
    could not: rows restored from a backup, a rule that a new version of the program relaxed.
    """
    pause = ExpressionWrapper(
        Value(FIRST_RETRY) * Power(Value(2.0), Least(F("attempts"), MOST_DOUBLINGS)),
        output_field=DurationField(),
    )
    numbers = list(
        OrderEvent.objects.waiting()
        .filter(Q(received_at__lte=timezone.now() - pause) | Q(received_at__lt=_patience_ends()))
        .values_list("order_number", flat=True)
        .annotate(oldest=Min("received_at"))
        .order_by("oldest")[:ORDERS_AT_ONCE]
    )
    for number in numbers:
        try:
            retry_order(number=number)
        except Exception:  # whatever is wrong with one order must not keep the others waiting
            logger.exception("Order %s cannot be derived", number)
            _count_attempt(number, failed=True)
    return len(numbers)


@transaction.atomic(durable=True)
def retry_order(*, number: str) -> None:
    """Derives an order again from all its events, dead ones too, and counts the attempt of what still waits.

    Raises EventError where its buyer cannot be told from another.
    """
    known = lock_order(number)
    derived = derive_order(known.events)
    settle(derived, known)
    _count_attempt(number)
    apply_order(derived, known, Writes())


def replay_event(*, event: OrderEvent) -> OrderEvent:
    """Tries a dead event again now; it is returned as it stands afterwards.

    Raises EventError where its order's buyer cannot be told from another.
    """
    OrderEvent.objects.filter(pk=event.pk, state=DEAD).update(attempts=F("attempts") + 1)
    retry_order(number=event.order_number)
    event.refresh_from_db()
    return event


def _count_attempt(number: str, *, failed: bool = False) -> None:
    """Of this order's waiting events; those that have waited long enough are dead."""
    waiting = OrderEvent.objects.waiting().filter(order_number=number)
    waiting.update(attempts=F("attempts") + 1)
    reason = {"reason": "failed", "subject": ""} if failed else {}
    waiting.filter(received_at__lt=_patience_ends()).update(state=DEAD, **reason)


def _patience_ends() -> datetime:
    return timezone.now() - timedelta(days=settings.EVENT_WAIT_DAYS)
