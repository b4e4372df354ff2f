"""What is in the database after a replay, and how it differs from what the files say."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum

from messagecenter.inbox.models import Entry, Mailbox, Source
from messagecenter.replay.expectation import NAMES, Figures
from messagecenter.replay.sending import Tally
from notifications.models import Notice
from orders.models import Item, Milestone, Order, OrderEvent, Shipment, TrackingEvent

AT_ONCE = 2000  # orders in one question


@dataclass(frozen=True, slots=True)
class Comparison:
    """One line of the table. `expected` is None where nothing can be said beforehand."""

    name: str
    actual: int | Decimal
    expected: int | Decimal | None

    @property
    def difference(self) -> int | Decimal:
        return 0 if self.expected is None else self.actual - self.expected


def parts(numbers: Sequence[str]) -> Iterator[Sequence[str]]:
    """Order numbers in portions that one SQL statement can bear."""
    for start in range(0, len(numbers), AT_ONCE):
        yield numbers[start : start + AT_ONCE]


def count_events(numbers: Sequence[str], prefix: str, **conditions: Any) -> int:
    """Events of these orders whose ids begin with `prefix`."""
    return sum(
        OrderEvent.objects.filter(order_number__in=part, event_id__startswith=prefix, **conditions).count()
        for part in parts(numbers)
    )


def wait_until_drained(
    numbers: Sequence[str], *, on_progress: Callable[[int], None], patience: float = 60.0
) -> bool:
    """Until no event of these orders waits and all their notices are sent.

    False where nothing has moved for `patience` seconds.
    """
    fewest, moved_at = None, time.monotonic()
    while left := _unfinished(numbers):
        if fewest is None or left < fewest:
            fewest, moved_at = left, time.monotonic()
        elif time.monotonic() - moved_at > patience:
            return False
        on_progress(left)
        time.sleep(0.3)
    return True


def _unfinished(numbers: Sequence[str]) -> int:
    return sum(
        OrderEvent.objects.waiting().filter(order_number__in=part).count()
        + Notice.objects.filter(order__number__in=part, state=Notice.State.PENDING).count()
        for part in parts(numbers)
    )


def actual_figures(numbers: Sequence[str], prefix: str) -> Figures:
    """Counted in the database, by the names of `expectation.expected_figures`."""
    figures: Counter[str] = Counter()
    buyers: set[int] = set()
    stores: set[int] = set()
    for part in parts(numbers):
        orders = Order.objects.filter(number__in=part)
        items = Item.objects.filter(order__number__in=part)
        figures.update(_count_orders(part))
        figures.update(_sums(orders, items))
        figures.update(_count_entries(list(orders.values_list("id", flat=True))))
        buyers.update(orders.values_list("buyer_id", flat=True))
        stores.update(items.values_list("store_id", flat=True))
    figures["buyers"], figures["stores"] = len(buyers), len(stores)
    figures["events"] = count_events(numbers, prefix)
    return dict(figures)


def _count_orders(part: Sequence[str]) -> dict[str, int]:
    orders = Order.objects.filter(number__in=part)
    items = Item.objects.filter(order__number__in=part)
    shipments = Shipment.objects.filter(order__number__in=part)
    history = Milestone.objects.filter(order__number__in=part, kind="payment_confirmed")  # without a notice
    sellers = items.values("order").annotate(count=Count("store", distinct=True))
    return {
        "orders": orders.count(),
        **_by(orders, "status", "orders"),
        "orders without items": orders.filter(items=None).count(),
        "orders of several sellers": sellers.filter(count__gt=1).count(),
        "items": items.count(),
        "items cancelled": items.filter(cancelled_at__isnull=False).count(),
        "shipments": shipments.count(),
        **_by(shipments, "status", "shipments"),
        "tracking events": TrackingEvent.objects.filter(shipment__order__number__in=part).count(),
        **_by(history, "kind", "milestones"),
        **_by(Notice.objects.filter(order__number__in=part, withdrawn=False), "kind", "notices"),
    }


def _by(rows: Any, column: str, name: str) -> dict[str, int]:
    counted = rows.order_by().values_list(column).annotate(count=Count("pk"))
    return {f"{name} {value}": count for value, count in counted}


def _sums(orders: Any, items: Any) -> dict[str, Any]:
    sums = orders.aggregate(totals=Sum("total"), shipping=Sum("shipping_total"))
    price = items.aggregate(items=Sum("unit_price"))  # the files have a row for every piece
    return {
        "sum of items": price["items"] or Decimal(0),
        "sum of shipping": sums["shipping"] or Decimal(0),
        "sum of totals": sums["totals"] or Decimal(0),
    }


def _count_entries(order_ids: list[int]) -> dict[str, int]:
    """Rows of all mailboxes, so that one in a mailbox where it does not belong is seen too."""
    rows = list(
        Entry.objects.filter(source=Source.ORDER, source_id__in=order_ids).values_list("mailbox_id", "unread")
    )
    of_stores = set(
        Mailbox.objects.filter(id__in={mailbox for mailbox, _ in rows}, store__isnull=False).values_list(
            "id", flat=True
        )
    )
    in_stores = sum(mailbox in of_stores for mailbox, _ in rows)
    return {
        "entries of buyers": len(rows) - in_stores,
        "entries of stores": in_stores,
        "unread": sum(unread for _, unread in rows),
    }


def compare_figures(expected: Figures, actual: Figures, *, fresh: bool) -> list[Comparison]:
    """`fresh`: none of the orders was there before, so that nobody can have read anything."""
    unread = expected["entries of buyers"] + expected["entries of stores"] if fresh else None
    names = [*NAMES, *sorted({*expected, *actual} - {*NAMES, "unread"})]
    found = [Comparison(name, actual.get(name, 0), expected.get(name, 0)) for name in names]
    shown = [each for each in found if each.actual or each.expected]
    return [*shown, Comparison("unread", actual["unread"], unread)]


def compare_answers(tally: Tally, *, posted: int, unique: int, before: int, after: int) -> list[Comparison]:
    """What the server answered, against what it had to: `before` and `after` are events in the database."""
    new = unique - before
    taken = tally.answers["applied"] + tally.answers["waiting"]
    # Taken at an attempt whose answer was lost, and called a repeat at the next.
    recovered = min(tally.uncertain, max(0, new - taken))
    return [
        Comparison("events sent", tally.posted, posted),
        Comparison("events accepted", taken + recovered, new),
        Comparison("events called repeats", tally.answers["repeat"] - recovered, posted - new),
        Comparison("events refused", len(tally.refused), 0),
        Comparison("events new in the database", after - before, new),
    ]


def compare_standing(numbers: Sequence[str]) -> list[Comparison]:
    """What should have been finished."""
    found: Counter[str] = Counter()
    for part in parts(numbers):
        events = OrderEvent.objects.filter(order_number__in=part)
        notices = Notice.objects.filter(order__number__in=part)
        found["events waiting"] += events.filter(state=OrderEvent.State.WAITING).count()
        found["events dead"] += events.filter(state=OrderEvent.State.DEAD).count()
        found["notices pending"] += notices.filter(state=Notice.State.PENDING).count()
        found["notices dead"] += notices.filter(state=Notice.State.DEAD).count()
    names = ("events waiting", "events dead", "notices pending", "notices dead")
    return [Comparison(name, found[name], 0) for name in names]
