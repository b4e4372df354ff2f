from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from messagecenter.demo.backfill import missing_events
from messagecenter.demo.history import Told, live_order, past_orders
from messagecenter.demo.people import ALICE
from messagecenter.demo.scenes import SCENES
from messagecenter.demo.trickle import Happening, Trickle
from messagecenter.replay.events import Event
from orders.intake.schema import validate_event
from orders.models import OrderEvent

pytestmark = pytest.mark.django_db
ANCHOR = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def history() -> list[Told]:
    return list(past_orders(ANCHOR))


def keep(*events: Event) -> None:
    """As the intake would."""
    OrderEvent.objects.bulk_create(
        OrderEvent(
            source="marketplace",
            event_id=event.id,
            type=event.type,
            order_number=event.order_number,
            occurred_at=event.at,
            body=json.loads(event.body()),
            state=OrderEvent.State.APPLIED,
        )
        for event in events
    )


def test_only_what_is_missing_is_sent(history: list[Told]) -> None:
    events = [event for told in history[:20] for event in told.past]
    keep(*events[::2])
    assert sorted(event.id for event in missing_events(events)) == sorted(event.id for event in events[1::2])
    keep(*events[1::2])
    assert missing_events(events) == []


def test_each_order_goes_on_in_its_own_order(history: list[Told]) -> None:
    trickle = Trickle(history)
    happened: dict[str, list[str]] = {}
    for _ in range(600):
        happening = trickle.happen()
        validate_event(json.loads(happening.event.body()))
        assert abs((datetime.now(UTC) - happening.event.at).total_seconds()) < 60
        happened.setdefault(happening.event.order_number, []).append(happening.event.id)
    whole = {told.basket.number: told.future for told in history}
    for position in range(200):
        live = live_order(position, ANCHOR, by_alice=position % 3 == 0)
        whole[live.basket.number] = live.future
    for number, ids in happened.items():
        assert ids == [event.id for event in whole[number]][: len(ids)]


def test_what_alice_has_on_show_stays(history: list[Told]) -> None:
    trickle = Trickle(history)
    shown = {told.basket.number for told in history[: len(SCENES)]}
    moved = [trickle.happen() for _ in range(500)]
    assert not shown & {happening.event.order_number for happening in moved}
    new = [happening for happening in moved if happening.event.type == "order.placed"]
    assert any(happening.told.basket.buyer is ALICE for happening in new)


def test_next_start_goes_on_where_the_last_one_stood(history: list[Told]) -> None:
    first = Trickle(history)
    happened = [first.happen().event for _ in range(80)]
    keep(*happened)
    second = Trickle(history)
    again = [second.happen().event for _ in range(300)]
    assert not {event.id for event in again} & {event.id for event in happened}
    open_orders = {event.order_number for event in happened if event.type == "order.placed"}
    assert {event.order_number for event in again} & open_orders, "a live order is forgotten"


def test_line_says_what_happened_to_whom(history: list[Told]) -> None:
    told = next(told for told in history if told.scene.name == "out for delivery")
    line = Happening(told.past[-1], told).line()
    assert line.startswith("Out for delivery")
    assert told.basket.number in line
    assert line.endswith(f"for {told.basket.buyer.name}")
