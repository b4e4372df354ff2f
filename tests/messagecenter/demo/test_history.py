"""The invented history: always the same, always valid, and showing what it says it shows."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from itertools import islice

import pytest

from messagecenter.demo.history import (
    LIVE,
    ORDERS_OF_ALICE,
    ORDERS_OF_OTHERS,
    Told,
    live_order,
    order_number,
    past_orders,
)
from messagecenter.demo.people import ALICE
from messagecenter.demo.scenes import SCENES
from messagecenter.replay.events import Event
from orders.intake.checks import check_event
from orders.intake.derive import derive_order
from orders.intake.derive.events import read_event
from orders.intake.derive.state import OrderState
from orders.intake.schema import validate_event

ANCHOR = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def history() -> list[Told]:
    return list(past_orders(ANCHOR))


def derive(events: tuple[Event, ...]) -> OrderState:
    """The order that these events make; none of them may be left over."""
    read = [read_event("marketplace", event.id, json.loads(event.body())) for event in events]
    derived = derive_order(read)
    assert derived.problems == {}
    assert derived.order
    return derived.order


def test_history_has_only_events_that_the_server_takes(history: list[Told]) -> None:
    for told in history:
        for event in (*told.past, *told.future):
            body = json.loads(event.body())
            validate_event(body)
            check_event(body, now=ANCHOR.replace(year=2028))


def test_history_is_the_same_for_the_same_anchor(history: list[Told]) -> None:
    assert list(past_orders(ANCHOR)) == history


def test_event_ids_do_not_depend_on_the_anchor(history: list[Told]) -> None:
    """A history that was sent already is not sent again because the demo forgot when it began."""
    later = past_orders(datetime(2027, 3, 1, 3, 30, tzinfo=UTC))
    assert [[event.id for event in told.past] for told in later] == [
        [event.id for event in told.past] for told in history
    ]


def test_history_ends_at_the_anchor_and_goes_back_for_months(history: list[Told]) -> None:
    times = [event.at for told in history for event in told.past]
    assert max(times) <= ANCHOR
    assert (ANCHOR - min(times)).days > 200
    for told in history:
        assert [event.at for event in told.past] == sorted(event.at for event in told.past)


def test_every_number_and_event_id_is_given_once(history: list[Told]) -> None:
    assert len({told.basket.number for told in history}) == ORDERS_OF_ALICE + ORDERS_OF_OTHERS
    ids = Counter(event.id for told in history for event in (*told.past, *told.future))
    assert ids.most_common(1)[0][1] == 1
    assert len({order_number(position) for position in range(LIVE + 5000)}) == LIVE + 5000


def test_alice_has_an_order_in_every_scene(history: list[Told]) -> None:
    hers = [told for told in history if told.basket.buyer is ALICE]
    assert len(hers) == ORDERS_OF_ALICE
    assert {told.scene.name for told in hers} == {scene.name for scene in SCENES}


@pytest.mark.parametrize(
    ("scene", "status", "parcel", "problem"),
    [
        ("placed", "placed", "", ""),
        ("confirmed", "confirmed", "", ""),
        ("shipped", "shipped", "created", ""),
        ("in transit", "shipped", "in_transit", ""),
        ("out for delivery", "shipped", "out_for_delivery", ""),
        ("ready for pick-up", "shipped", "ready_for_pickup", ""),
        ("delivered", "delivered", "delivered", ""),
        ("held at customs", "shipped", "in_transit", "customs"),
        ("attempt failed", "shipped", "out_for_delivery", "failed_attempt"),
        ("address wrong", "shipped", "out_for_delivery", "wrong_address"),
        ("weather", "shipped", "in_transit", "weather"),
        ("lost", "shipped", "in_transit", "lost"),
        ("damaged", "shipped", "in_transit", "damaged"),
        ("on its way back", "shipped", "returning", ""),
        ("cancelled by seller", "cancelled", "", ""),
        ("partly shipped", "partly_shipped", "created", ""),
        ("partly delivered", "partly_delivered", "delivered", ""),
    ],
)
def test_scene_leaves_its_order_in_the_state_it_is_named_after(
    history: list[Told], scene: str, status: str, parcel: str, problem: str
) -> None:
    told = next(told for told in history if told.scene.name == scene)
    order = derive(told.past)
    assert order.status == status
    shipments = list(order.shipments.values())
    assert [(each.status, each.problem) for each in shipments[:1]] == ([(parcel, problem)] if parcel else [])


def test_late_order_is_late_and_changed_estimate_is_told(history: list[Told]) -> None:
    late = derive(next(told.past for told in history if told.scene.name == "late"))
    promised = late.shipments[next(iter(late.shipments))].promise[1]
    assert promised
    assert promised < ANCHOR
    changed = derive(next(told.past for told in history if told.scene.name == "estimate later"))
    assert "estimate_changed" in {milestone.kind for milestone in changed.milestones.values()}


def test_every_story_ends_without_a_contradiction(history: list[Told]) -> None:
    for told in history:
        derive(told.past)
        derive((*told.past, *told.future))


def test_history_has_every_kind_of_milestone_and_currency(history: list[Told]) -> None:
    orders = [derive(told.past) for told in history]
    kinds = {milestone.kind for order in orders for milestone in order.milestones.values()}
    assert kinds == {
        "order_placed",
        "payment_confirmed",
        "shipped",
        "in_transit",
        "out_for_delivery",
        "ready_for_pickup",
        "returning",
        "delivered",
        "estimate_changed",
        "delivery_exception",
        "order_cancelled",
        "items_cancelled",
        "refund_issued",
        "return_authorised",
    }
    assert {order.currency for order in orders} == {"EUR", "GBP", "USD", "CHF"}
    assert max(order.totals["total"] for order in orders) > 5000
    assert max(len(item.title) for order in orders for item in order.items.values()) > 150
    assert max(len(order.sellers) for order in orders) == 3


def test_totals_add_up(history: list[Told]) -> None:
    for told in history:
        order = derive(told.past)
        totals = order.totals
        assert sum(item.unit_price * item.quantity for item in order.items.values()) == totals["items"]
        assert totals["items"] + totals["shipping"] - totals["discount"] == totals["total"]


def test_live_orders_are_all_to_come_and_valid() -> None:
    now = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
    for position in islice(range(1000), 40):
        told = live_order(position, now, by_alice=position % 3 == 0)
        assert told.past == ()
        assert told.future[0].type == "order.placed"
        assert told.future[0].at == now
        assert (told.basket.buyer is ALICE) == (position % 3 == 0)
        derive(told.future)
