"""The rules of the fold, one by one."""

from __future__ import annotations

from typing import Any

from orders.intake.derive import Derived, derive_order
from orders.intake.derive.events import read_event
from orders.intake.derive.state import MilestoneState, OrderState
from orders.intake.schema import load_examples
from tests.orders.intake.sending import (
    Body,
    cancelled,
    confirmed,
    delivered,
    item,
    placed,
    refunded,
    returned,
    scanned,
    shipped,
)


def derive(*bodies: Body) -> Derived:
    """Of events with the ids e1, e2… in this order."""
    return derive_order(read_event("mp", f"e{number}", body) for number, body in enumerate(bodies, start=1))


def order_of(*bodies: Body) -> OrderState:
    derived = derive(*bodies)
    assert derived.problems == {}
    assert derived.order is not None
    return derived.order


def told(order: OrderState) -> list[str]:
    """The keys of the milestones as they are shown."""
    return [milestone.key for milestone in sorted(order.milestones.values(), key=_shown)]


def _shown(milestone: MilestoneState) -> tuple[Any, ...]:
    return milestone.occurred_at, milestone.rank, milestone.key


def hours(number: int) -> str:
    return f"2026-11-20T{number:02}:00:00Z"


# --- the order ---------------------------------------------------------------------------------------------


def test_nothing_is_derived_before_an_order_is_placed() -> None:
    derived = derive(confirmed(), shipped())
    assert derived.order is None
    assert {(p.code, p.waiting) for p in derived.problems.values()} == {("unknown_order", True)}
    assert len(derived.problems) == 2


def test_status_follows_payment_parcels_and_deliveries() -> None:
    history = [
        (placed(item("1"), item("2", seller="S-2")), "placed"),
        (confirmed(), "confirmed"),
        (shipped("P-1", "1"), "partly_shipped"),
        (shipped("P-2", "2"), "shipped"),
        (scanned("in_transit", "P-2"), "shipped"),
        (delivered("P-1"), "partly_delivered"),
        (delivered("P-2", at=hours(1)), "delivered"),
    ]
    bodies = []
    for body, status in history:
        bodies.append(body)
        assert order_of(*bodies).status == status


def test_order_with_an_item_cancelled_is_delivered_with_the_rest() -> None:
    order = order_of(
        placed(item("1"), item("2")), shipped("P-1", "1"), delivered("P-1"), cancelled("2", at=hours(1))
    )
    assert order.status == "delivered"
    assert order.items["2"].cancel_reason == "out_of_stock"
    assert order.items["1"].cancelled_at is None


def test_pieces_count_and_not_only_items() -> None:
    some = shipped("P-1", items=[{"id": "1", "quantity": 2}])
    rest = shipped("P-2", items=[{"id": "1", "quantity": 1}], at=hours(1))
    assert order_of(placed(item("1", quantity=3)), some).status == "partly_shipped"
    assert order_of(placed(item("1", quantity=3)), some, rest).status == "shipped"


def test_order_without_items_follows_its_parcels() -> None:
    assert order_of(placed(), confirmed()).status == "confirmed"
    assert order_of(placed(), shipped("P-1")).status == "shipped"
    assert order_of(placed(), shipped("P-1"), delivered("P-1")).status == "delivered"
    two = [placed(), shipped("P-1"), shipped("P-2"), delivered("P-1")]
    assert order_of(*two).status == "partly_delivered"
    assert order_of(*two, delivered("P-2")).status == "delivered"
    assert order_of(placed(), cancelled()).status == "cancelled"


def test_payment_after_the_parcel_is_history_only() -> None:
    order = order_of(placed(item("1")), shipped("P-1"), confirmed(at=hours(1)))
    assert order.status == "shipped"
    assert told(order) == ["placed", "shipped:P-1", "confirmed"]


def test_cancelled_is_the_last_word() -> None:
    order = order_of(placed(item("1")), shipped("P-1"), cancelled(at=hours(1)), delivered("P-1", at=hours(2)))
    assert order.status == "cancelled"
    assert order.shipments["P-1"].status == "delivered"


def test_last_item_cancelled_cancels_the_order() -> None:
    order = order_of(
        placed(item("1"), item("2")),
        cancelled("1", at=hours(1)),
        cancelled("2", at=hours(2), note="Sorry"),
        cancelled(at=hours(3)),
    )
    assert order.status == "cancelled"
    assert told(order) == ["placed", "cancelled:mp/e2", "cancelled"]
    assert order.milestones["cancelled:mp/e2"].kind == "items_cancelled"
    last = order.milestones["cancelled"]
    assert (last.kind, last.params["items"], last.params["note"]) == ("order_cancelled", ["2"], "Sorry")


def test_item_that_is_cancelled_twice_is_told_once() -> None:
    order = order_of(
        placed(item("1"), item("2"), item("3")),
        cancelled("1", at=hours(1), reason="price_error"),
        cancelled("1", at=hours(2)),
        cancelled("1", "2", at=hours(3)),
    )
    assert told(order) == ["placed", "cancelled:mp/e2", "cancelled:mp/e4"]
    assert order.milestones["cancelled:mp/e4"].params["items"] == ["2"]
    assert order.items["1"].cancel_reason == "price_error"


def test_correction_adds_and_alters_and_takes_nothing_off() -> None:
    first = placed(
        item("1"), shipping_address=load_examples()["order.placed"]["data"]["order"]["shipping_address"]
    )
    again = placed(
        item("2", title="New"),
        at=hours(1),
        totals={"items": "30", "shipping": "0", "total": "30.5"},
        estimated_delivery={"to": hours(20)},
    )
    order = order_of(first, again)
    assert [(line.line, line.title, line.position) for line in order.items.values()] == [
        ("1", "Thing 1", 1),
        ("2", "New", 2),
    ]
    assert order.placed_at.isoformat() == "2026-11-16T09:00:00+00:00"
    assert order.shipping_address["city"] == "Lyon"
    assert order.milestones["placed"].params == {"item_count": 2, "total": "30.50", "currency": "EUR"}


def test_late_correction_takes_no_status_back() -> None:
    more = placed(item("1", quantity=5), item("2"), at=hours(5))
    order = order_of(placed(item("1")), shipped("P-1"), delivered("P-1"), more)
    assert order.status == "delivered"
    assert order.items["1"].quantity == 5


def test_only_known_parts_of_address_and_payment_are_kept() -> None:
    order = order_of(
        placed(
            item("1"),
            payment={"kind": "card", "last4": "4242", "number": "4242424242424242"},
            shipping_address={
                "name": "A",
                "lines": [],
                "postal_code": "1",
                "city": "B",
                "country": "FR",
                "phone": "1",
            },
        )
    )
    assert order.payment == {"kind": "card", "last4": "4242"}
    assert "phone" not in order.shipping_address


# --- parcels -----------------------------------------------------------------------------------------------


def test_parcel_without_a_list_holds_what_its_seller_still_had_to_send() -> None:
    order = order_of(
        placed(item("1"), item("2"), item("3", seller="S-2", quantity=2)),
        cancelled("2", at="2026-11-16T12:00:00Z"),
        shipped("P-1", seller_id="S-1"),
        shipped("P-2"),
        cancelled("3", at=hours(1)),
    )
    assert order.shipments["P-1"].lines == {"1": 1}
    assert order.shipments["P-2"].lines == {"1": 1, "3": 2}
    assert (order.shipments["P-1"].seller, order.shipments["P-2"].seller) == ("S-1", None)


def test_sender_is_found_from_the_items() -> None:
    order = order_of(
        placed(item("1"), item("2", seller="S-2")), shipped("P-1", "2"), shipped("P-2", "1", "2")
    )
    assert (order.shipments["P-1"].seller, order.shipments["P-2"].seller) == ("S-2", None)


def test_status_of_a_parcel_never_goes_backwards() -> None:
    order = order_of(
        placed(item("1")),
        shipped("P-1"),
        scanned("out_for_delivery", at=hours(3)),
        scanned("in_transit", at=hours(4)),
        scanned("created", at=hours(5)),
        scanned("in_transit", at=hours(2)),
        scanned("Sorted", at=hours(6), place="Lyon"),
    )
    parcel = order.shipments["P-1"]
    assert parcel.status == "out_for_delivery"
    assert told(order) == ["placed", "shipped:P-1", "in_transit:P-1", "out_for_delivery:P-1"]
    assert [scan.status for scan in parcel.tracking] == [
        "created",
        "in_transit",
        "out_for_delivery",
        "in_transit",
        "created",
        "update",
    ]


def test_delivered_is_final() -> None:
    order = order_of(
        placed(item("1")),
        shipped("P-1"),
        delivered("P-1", where="Door"),
        scanned("exception", at=hours(1), estimated_delivery={"to": hours(20)}),
        scanned("returning", at=hours(2)),
        delivered("P-1", at=hours(3), signed_by="Dupont"),
    )
    parcel = order.shipments["P-1"]
    assert (parcel.status, parcel.problem, parcel.promise) == ("delivered", "", (None, None))
    assert (parcel.delivered_where, parcel.signed_by) == ("Door", "Dupont")
    assert parcel.delivered_at is not None
    assert parcel.delivered_at.isoformat() == "2026-11-19T09:00:00+00:00"
    assert told(order) == ["placed", "shipped:P-1", "delivered:P-1"]
    assert order.milestones["delivered:P-1"].params["signed_by"] == "Dupont"


def test_scan_may_say_that_it_is_delivered() -> None:
    order = order_of(
        placed(item("1")), shipped("P-1"), scanned("Delivered", description="Handed over", place="Lyon")
    )
    assert (order.status, order.shipments["P-1"].status) == ("delivered", "delivered")
    assert order.milestones["delivered:P-1"].params["description"] == "Handed over"


def test_problem_is_overcome_by_progress_alone() -> None:
    history = [placed(item("1")), shipped("P-1"), scanned("out_for_delivery", at=hours(1))]
    for body, problem in [
        (scanned("exception", at=hours(2), problem={"kind": "failed_attempt"}), "failed_attempt"),
        (scanned("Note left", at=hours(3)), "failed_attempt"),
        (scanned("created", at=hours(4)), "failed_attempt"),
        (scanned("exception", at=hours(5)), "other"),
        (scanned("in_transit", at=hours(6)), ""),
    ]:
        history.append(body)
        assert order_of(*history).shipments["P-1"].problem == problem


def test_second_attempt_is_told_again() -> None:
    order = order_of(
        placed(item("1")),
        shipped("P-1"),
        scanned("out_for_delivery", at=hours(1)),
        scanned("out_for_delivery", at=hours(2)),
        scanned("exception", at=hours(3), problem={"kind": "failed_attempt"}),
        scanned("out_for_delivery", at=hours(4)),
    )
    assert told(order)[2:] == [
        "out_for_delivery:P-1",
        "exception:P-1:mp/e5",
        "out_for_delivery:P-1:mp/e6",
    ]
    assert order.milestones["out_for_delivery:P-1:mp/e6"].kind == "out_for_delivery"


def test_exception_tells_its_next_steps() -> None:
    example = load_examples()["shipment.updated"]
    order = order_of(*(load_examples()[name] for name in ("order.placed", "shipment.created")), example)
    params = order.milestones["exception:P-1:mp/e3"].params
    assert params["problem"] == "failed_attempt"
    assert params["next_steps"] == [
        {"kind": "reschedule", "url": "https://carrier.example.org/reschedule/6A12345678901"},
        {"kind": "pick_up", "place": "Post office Lyon Part-Dieu", "until": "2026-12-04T18:00:00Z"},
    ]
    assert params["items"] == ["1"]


def test_pick_up_tells_place_and_until() -> None:
    body = scanned("ready_for_pickup", place="Locker 12", until="2026-12-01T18:00:00+01:00")
    order = order_of(placed(item("1")), shipped("P-1"), body)
    params = order.milestones["ready_for_pickup:P-1"].params
    assert (params["place"], params["until"]) == ("Locker 12", "2026-12-01T17:00:00Z")


def test_same_instant_is_ordered_by_what_happens_first() -> None:
    """Many carriers tell whole minutes, some sources whole days."""
    at = hours(1)
    bodies = [
        delivered("P-1", at=at),
        scanned("exception", at=at),
        scanned("out_for_delivery", at=at),
        scanned("in_transit", at=at),
        shipped("P-1", at=at),
        confirmed(at=at),
        placed(item("1"), at=at),
    ]
    assert told(order_of(*bodies)) == [
        "placed",
        "confirmed",
        "shipped:P-1",
        "in_transit:P-1",
        "out_for_delivery:P-1",
        "exception:P-1:mp/e2",
        "delivered:P-1",
    ]


def test_events_from_before_the_order_count() -> None:
    order = order_of(
        placed(item("1"), item("2"), at=hours(5)),
        shipped("P-1", "1", at=hours(1)),
        scanned("in_transit", at=hours(2)),
    )
    assert order.status == "partly_shipped"
    assert order.shipments["P-1"].status == "in_transit"


def test_corrected_parcel_keeps_its_day_and_takes_the_rest() -> None:
    order = order_of(
        placed(item("1"), item("2")),
        shipped("P-1", "1", tracking_number="1Z1"),
        shipped("P-1", "1", "2", carrier={"code": "dhl express"}, at=hours(1)),
    )
    parcel = order.shipments["P-1"]
    assert (parcel.carrier, parcel.tracking_number, parcel.lines) == ("dhl_express", "1Z1", {"1": 1, "2": 1})
    assert parcel.shipped_at.isoformat() == "2026-11-17T09:00:00+00:00"
    assert told(order) == ["placed", "shipped:P-1"]
    assert len(parcel.tracking) == 1


# --- promises ----------------------------------------------------------------------------------------------


def test_changed_estimate_is_told_with_the_old_one() -> None:
    order = order_of(
        placed(item("1"), estimated_delivery={"from": hours(10), "to": hours(12)}),
        shipped("P-1", estimated_delivery={"to": hours(13)}),
        scanned("in_transit", estimated_delivery={"to": hours(13)}),
        scanned("Delayed", at=hours(1), estimated_delivery={"from": hours(14), "to": hours(15)}),
    )
    assert told(order) == ["placed", "shipped:P-1", "in_transit:P-1", "estimate:P-1:mp/e4"]
    assert order.milestones["shipped:P-1"].params["estimate_to"] == hours(13)
    params = order.milestones["estimate:P-1:mp/e4"].params
    assert (params["old_from"], params["old_to"]) == (None, hours(13))
    assert (params["estimate_from"], params["estimate_to"]) == (hours(14), hours(15))
    assert order.promise[1] is not None
    assert order.promise[1].hour == 12


def test_order_promise_is_what_a_first_scan_changes() -> None:
    order = order_of(
        placed(item("1"), estimated_delivery={"to": hours(12)}),
        shipped("P-1"),
        scanned("in_transit", estimated_delivery={"to": hours(14)}),
    )
    assert told(order)[2:] == ["in_transit:P-1", "estimate:P-1:mp/e3"]


def test_first_promise_of_all_is_no_change() -> None:
    order = order_of(
        placed(item("1")), shipped("P-1"), scanned("in_transit", estimated_delivery={"to": hours(14)})
    )
    assert told(order) == ["placed", "shipped:P-1", "in_transit:P-1"]
    assert order.milestones["in_transit:P-1"].params["estimate_to"] == hours(14)


# --- after the sale ----------------------------------------------------------------------------------------


def test_return_and_refund_are_told_once_and_corrected() -> None:
    order = order_of(
        placed(item("1")),
        returned("R-1", "1", instructions="Box it"),
        returned("R-1", "1", at=hours(9), deadline=hours(20)),
        refunded("F-1", "5", "1"),
        refunded("F-1", "5.5", at="2026-11-22T09:00:00Z", reason="goodwill"),
    )
    assert told(order) == ["placed", "return:R-1", "refund:F-1"]
    back = order.returns["R-1"]
    assert (back.instructions, back.deadline is not None) == ("Box it", True)
    assert back.authorised_at.isoformat() == "2026-11-20T09:00:00+00:00"
    refund = order.milestones["refund:F-1"].params
    assert (refund["amount"], refund["reason"], refund["items"]) == ("5.50", "goodwill", [])


# --- what cannot be applied --------------------------------------------------------------------------------


def test_scan_waits_for_its_parcel_and_a_contradiction_does_not() -> None:
    derived = derive(
        placed(item("1")),
        shipped("P-1", "9"),
        scanned("in_transit"),
        delivered("P-2"),
        cancelled("9"),
    )
    assert {key: (p.code, p.subject, p.waiting) for key, p in derived.problems.items()} == {
        "mp/e2": ("unknown_item", "9", False),
        "mp/e3": ("unknown_shipment", "P-1", True),
        "mp/e4": ("unknown_shipment", "P-2", True),
        "mp/e5": ("unknown_item", "9", False),
    }
    assert derived.order is not None
    assert list(derived.order.milestones) == ["placed"]
