"""The rules of the fold, one by one: the order, and what follows the sale."""

from __future__ import annotations

from orders.intake.schema import load_examples
from tests.orders.intake.derivation import derive, hours, order_of, told
from tests.orders.intake.sending import (
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
