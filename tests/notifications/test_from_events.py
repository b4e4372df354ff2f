"""Events through the real intake, in any order, repeated, fanned out in between: the same inboxes."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from accounts.models import Store, User
from messagecenter.inbox.models import Entry, Mailbox, Source
from notifications.fanout import sweep_notices
from notifications.models import Notice
from orders.intake.problems import EventError
from orders.intake.recording import record_event
from orders.intake.schema import load_examples
from orders.models import Milestone, Order
from tests.notifications.story import entries_of, payload_of
from tests.orders.intake.histories import histories
from tests.orders.intake.test_any_order import History, renumbered

pytestmark = pytest.mark.django_db


def inboxes_after(history: History, chance: random.Random | None = None) -> list[Any]:
    """The rows of a new order with this history; with `chance`, shuffled, repeated and swept in between."""
    number, prefix, events = renumbered(history)
    if chance:
        events = [*events, *chance.sample(events, len(events) // 2)]
        chance.shuffle(events)
    for event_id, body in events:
        record_event(source="marketplace", event_id=event_id, body=body)
        if chance and chance.random() < 0.5:
            sweep_notices()
    sweep_notices()
    assert not Notice.objects.exclude(state=Notice.State.DONE).exists()
    order = Order.objects.get(number=number)
    owners = {box.id: str(box.user or box.store) for box in Mailbox.objects.select_related("user", "store")}
    rows = Entry.objects.filter(source=Source.ORDER, source_id=order.pk)
    return sorted(
        (
            owners[row.mailbox_id],
            row.category,
            row.state,
            row.unread,
            row.active_at,
            _shown(row, number, prefix),
        )
        for row in rows
    )


def _shown(row: Entry, number: str, prefix: str) -> str:
    payload = payload_of(row)
    payload["told"] = len(payload["told"])  # digests name the events, which each run calls differently
    return repr(sorted(payload.items())).replace(number, "N").replace(prefix, "")


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
@given(history=histories())
def test_any_order_of_arrival_ends_in_the_same_inboxes(history: History) -> None:
    expected = inboxes_after(history)
    assert expected
    assert inboxes_after(history, random.Random(len(history))) == expected
    assert inboxes_after(history, random.Random(7)) == expected


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
@given(history=histories(sound=False))
def test_every_told_milestone_is_a_notice_and_nothing_else_is(history: History) -> None:
    number, _prefix, events = renumbered(history)
    for event_id, body in events:
        try:
            record_event(source="marketplace", event_id=event_id, body=body)
        except EventError:
            continue
    sweep_notices()
    told = Milestone.objects.filter(order__number=number).exclude(kind="payment_confirmed")
    columns = ("key", "kind", "occurred_at", "rank", "params")
    notices = Notice.objects.filter(order__number=number)
    assert list(notices.order_by("key").values_list(*columns)) == list(
        told.order_by("key").values_list(*columns)
    )


def test_every_published_example_reaches_the_inbox(db: None) -> None:
    examples = load_examples()
    for number, body in enumerate(examples.values()):
        record_event(source="marketplace", event_id=f"example-{number}", body=body)
    sweep_notices()
    buyer = User.objects.get()
    (entry,) = entries_of(buyer)
    assert payload_of(entry)["updates"] == Notice.objects.count() >= 8
    assert all(len(entries_of(store)) == 1 for store in Store.objects.all())
