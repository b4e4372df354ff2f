"""The same events in any order, with any repetition, through the real service: the same rows."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from orders.intake.problems import EventError
from orders.intake.recording import record_event
from orders.intake.schema import load_examples, validate_event
from orders.models import Order, OrderEvent
from orders.signals import order_event_recorded
from tests.orders.intake.histories import histories
from tests.orders.intake.sending import Body
from tests.orders.intake.tables import snapshot

pytestmark = pytest.mark.django_db
_runs = itertools.count(1)

History = list[tuple[str, Body]]


def renumbered(history: History) -> tuple[str, str, History]:
    """The same history of another order: its number, the prefix of its events' ids, and its events."""
    run = f"{next(_runs):04}"
    number, prefix = f"N-{run}", f"run{run}-"
    events = []
    for event_id, body in history:
        data = dict(body["data"])
        if "order" in data:
            data["order"] = {**data["order"], "number": number}
        else:
            data["order_number"] = number
        events.append((prefix + event_id, {**body, "data": data}))
    return number, prefix, events


def record(history: History) -> list[str]:
    return [record_event(source="marketplace", event_id=event_id, body=body) for event_id, body in history]


def rows_after(history: History) -> dict[str, list[dict[str, Any]]]:
    number, prefix, events = renumbered(history)
    record(events)
    return snapshot(number, prefix=prefix)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
@given(history=histories())
def test_any_order_and_repetition_ends_in_the_same_rows(history: History) -> None:
    chance = random.Random(len(history))
    straight = rows_after(history)
    for event_id, body in history:
        validate_event({**body, "x": event_id})  # chance makes only events that the door would let in
    for _ in range(2):
        assert rows_after(chance.sample(history, len(history))) == straight
    repeated = chance.sample(history * 2, len(history) * 2)
    assert rows_after(repeated) == straight
    assert rows_after(list(reversed(history))) == straight


def test_every_order_of_five_events() -> None:
    examples = load_examples()
    kinds = ("order.placed", "shipment.created", "shipment.updated", "shipment.delivered", "item.cancelled")
    history = [(f"evt_{number}", examples[kind]) for number, kind in enumerate(kinds)]
    straight = rows_after(history)
    assert {event["state"] for event in straight["events"]} == {"applied"}
    assert [row["kind"] for row in straight["milestones"]] == [
        "order_placed",
        "items_cancelled",
        "shipped",
        "delivery_exception",
        "estimate_changed",
        "delivered",
    ]
    for shuffled in itertools.permutations(history):
        assert rows_after(list(shuffled)) == straight


def test_all_examples_backwards() -> None:
    history = [(f"evt_{number}", body) for number, body in enumerate(load_examples().values())]
    straight = rows_after(history)
    assert rows_after(list(reversed(history))) == straight
    assert straight["order"][0]["status"] == Order.Status.CANCELLED


def test_status_in_the_tables_never_goes_backwards() -> None:
    """As a reader sees it, event by event, in the order in which they happened."""
    seen: dict[str, list[str]] = {}

    def look(order: Order, **_signal: Any) -> None:
        seen.setdefault(order.number, []).append(Order.objects.get(pk=order.pk).status)

    order_event_recorded.connect(look)
    try:

        @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
        @given(history=histories())
        def check(history: History) -> None:
            number, _prefix, events = renumbered(history)
            record(
                sorted(events, key=lambda event: (event[1]["timestamp"], event[1]["type"] != "order.placed"))
            )
            ranks = [Order.Status.values.index(status) for status in seen[number]]
            # Of events of one instant, the fold knows a better order than the ids that they came by.
            if len({body["timestamp"] for _, body in events}) == len(events):
                assert ranks == sorted(ranks)

        check()
    finally:
        order_event_recorded.disconnect(look)


def test_history_with_contradictions_ends_in_the_same_order() -> None:
    """What names an unknown item is refused once its order is known, and dead where it came before."""

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(history=histories(sound=False))
    def check(history: History) -> None:
        rows = []
        for events in (history, list(reversed(history))):
            number, prefix, told = renumbered(events)
            # Twice: what a correction makes right can be sent again.
            for event in told * 2:
                try:
                    record([event])
                except EventError as error:
                    assert error.status == 422  # noqa: PT017
            found = snapshot(number, prefix=prefix)
            found["events"] = [row for row in found["events"] if row["state"] == OrderEvent.State.APPLIED]
            rows.append(found)
        assert rows[0] == rows[1]

    check()
