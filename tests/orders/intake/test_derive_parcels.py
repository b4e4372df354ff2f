"""The rules of the fold, one by one: parcels and promises."""

from __future__ import annotations

from orders.intake.schema import load_examples
from tests.orders.intake.derivation import hours, order_of, told
from tests.orders.intake.sending import (
    cancelled,
    confirmed,
    delivered,
    item,
    placed,
    scanned,
    shipped,
)


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
