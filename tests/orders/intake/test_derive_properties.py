"""Whatever happened, in whatever order it is told: laws that hold for every history."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from orders.intake.derive import Derived, derive_order, shipments, status
from orders.intake.derive.events import Event
from orders.intake.derive.state import OrderState
from tests.orders.intake.histories import histories, read_history
from tests.orders.intake.sending import Body

History = list[tuple[str, Body]]
any_history: Callable[..., st.SearchStrategy[History]] = histories


@settings(max_examples=400)
@given(history=any_history(sound=False), chance=st.randoms(use_true_random=False))
def test_order_of_arrival_is_without_meaning(history: History, chance: random.Random) -> None:
    events = read_history(history)
    shuffled = chance.sample(events, len(events))
    assert derive_order(shuffled) == derive_order(events)


@settings(max_examples=400)
@given(history=any_history(sound=False))
def test_no_status_goes_backwards_as_time_passes(history: History) -> None:
    """The order's and each parcel's, after each event of those that happened."""
    events = read_history(history)
    order_rank, shipment_ranks = -1, dict[str, int]()
    for number in range(1, len(events) + 1):
        order = derive_order(events[:number]).order
        if order is None:
            continue
        assert status.RANK[order.status] >= order_rank
        order_rank = status.RANK[order.status]
        for reference, shipment in order.shipments.items():
            rank = shipments.RANK[shipment.status]
            assert rank >= shipment_ranks.get(reference, 0)
            shipment_ranks[reference] = rank


@settings(max_examples=400)
@given(history=any_history(sound=False), data=st.data())
def test_what_arrives_late_never_unsays_an_applied_event(history: History, data: st.DataObject) -> None:
    """An event that is applied stays so: nothing acknowledged is lost."""
    events = read_history(history)
    some = data.draw(st.sets(st.sampled_from(range(len(events)))))
    fewer = [event for number, event in enumerate(events) if number in some]
    before, after = derive_order(fewer), derive_order(events)
    assert _applied(fewer, before) <= _applied(events, after)


@settings(max_examples=200)
@given(history=any_history(sound=False))
def test_telling_everything_twice_under_other_ids_changes_little(history: History) -> None:
    """A source that sends each fact under two ids makes no second parcel, item, refund or return."""
    once = derive_order(read_history(history)).order
    twice = derive_order(
        read_history([*history, *((f"{event_id}-b", body) for event_id, body in history)])
    ).order
    assert once is not None
    assert twice is not None
    assert _bought(once) == _bought(twice)
    assert (once.returns, once.refunds) == (twice.returns, twice.refunds)
    assert once.status == twice.status
    assert {ref: s.status for ref, s in once.shipments.items()} == {
        ref: s.status for ref, s in twice.shipments.items()
    }


@settings(max_examples=300)
@given(history=any_history(sound=False))
def test_milestones_agree_with_the_state_they_tell_of(history: History) -> None:
    order = derive_order(read_history(history)).order
    assert order is not None
    kinds = [milestone.kind for milestone in order.milestones.values()]
    assert kinds.count("order_placed") == 1
    assert (order.status == "cancelled") == ("order_cancelled" in kinds)
    for reference, shipment in order.shipments.items():
        told = {key for key in order.milestones if key.split(":")[1:2] == [reference]}
        assert f"shipped:{reference}" in told
        assert (f"delivered:{reference}" in told) == (shipment.status == "delivered")
        assert (shipment.delivered_at is not None) == (shipment.status == "delivered")
        assert not (shipment.status == "delivered" and shipment.problem)
    told_items = {line for m in order.milestones.values() for line in m.params.get("items", [])}
    assert told_items <= set(order.items)
    assert order.updated_at >= order.placed_at


@settings(max_examples=200)
@given(history=any_history(sound=False))
def test_promise_is_told_only_where_it_changes(history: History) -> None:
    order = derive_order(read_history(history)).order
    assert order is not None
    for milestone in order.milestones.values():
        if milestone.kind == "estimate_changed":
            params: dict[str, Any] = milestone.params
            assert params["old_to"] is not None
            assert (params["old_from"], params["old_to"]) != (params["estimate_from"], params["estimate_to"])


def _bought(order: OrderState) -> list[tuple[object, ...]]:
    return [(item.line, item.quantity, item.position, item.cancelled_at) for item in order.items.values()]


def _applied(events: list[Event], derived: Derived) -> set[str]:
    return {event.key for event in events} - set(derived.problems)
