"""From the door to the tables: what is written, what waits, what is told, with how many statements."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Store, User
from orders.intake.recording import record_event
from orders.intake.waiting import replay_event, sweep_waiting_events
from orders.models import Item, Order, OrderEvent, Shipment, TrackingEvent
from orders.signals import order_event_recorded
from orders.tasks import sweep_waiting_events as sweep_task
from tests.orders.intake.sending import (
    NUMBER,
    Body,
    cancelled,
    confirmed,
    delivered,
    item,
    placed,
    post_event,
    scanned,
    shipped,
)

pytestmark = pytest.mark.django_db


def record(*bodies: Body, source: str = "marketplace") -> list[str]:
    """With the ids e1, e2… of all events so far."""
    first = OrderEvent.objects.count() + 1
    return [
        record_event(source=source, event_id=f"e{number}", body=body)
        for number, body in enumerate(bodies, start=first)
    ]


@pytest.fixture
def told() -> Iterator[list[tuple[list[str], list[str]]]]:
    """What each order_event_recorded told: keys of changed and of removed milestones."""
    heard: list[tuple[list[str], list[str]]] = []

    def listen(order: Order, changed: list[Any], removed: list[str], **_signal: Any) -> None:
        assert order.number == NUMBER
        assert connection.in_atomic_block
        heard.append(([milestone.key for milestone in changed], removed))

    order_event_recorded.connect(listen)
    yield heard
    order_event_recorded.disconnect(listen)


# --- what is written ---------------------------------------------------------------------------------------


def test_order_of_several_sellers() -> None:
    body = placed(
        item("1", quantity=2, unit_price="7.55", picture_url="/pictures/1.jpg"),
        item("2", seller="S-2"),
        payment={"kind": "card", "label": "Visa", "last4": "4242"},
        estimated_delivery={"to": "2026-11-21T20:00:00+01:00"},
    )
    assert record(body, shipped("P-1", seller_id="S-2", carrier={"code": "UPS"}, tracking_number="1Z1")) == [
        "applied",
        "applied",
    ]
    order = Order.objects.get(number=NUMBER)
    assert (order.buyer.email, order.buyer.marketplace_id) == ("alice@example.org", "customer-alice")
    assert (str(order.total), order.currency, order.status) == ("24.900", "EUR", "partly_shipped")
    assert order.payment == {"kind": "card", "label": "Visa", "last4": "4242"}
    assert list(order.items.values_list("line", "store__marketplace_id", "quantity")) == [
        ("1", "S-1", 2),
        ("2", "S-2", 1),
    ]
    shipment = Shipment.objects.get(order=order)
    assert shipment.store is not None
    assert (shipment.store.name, shipment.carrier, shipment.tracking_number) == ("Seller S-2", "ups", "1Z1")
    assert list(shipment.lines.values_list("item__line", "quantity")) == [("2", 1)]
    milestone = order.milestones.get(key="shipped:P-1")
    assert milestone.params["store"] == shipment.store_id
    assert milestone.params["estimate_to"] == "2026-11-21T19:00:00Z"


def test_body_is_kept_as_it_came() -> None:
    body = placed(item("1"), loyalty={"points": 12.5, "tiers": ["gold", None]}, café="☕")
    record(body)
    assert OrderEvent.objects.get().body == body


def test_repeat_has_no_effect_even_with_another_body() -> None:
    answers = [
        post_event(placed(item("1")), event_id="once"),
        post_event(placed(item("1")), event_id="once"),
        post_event(cancelled(), event_id="once"),
        post_event(confirmed(number="another"), event_id="once"),
    ]
    assert [answer.json()["status"] for answer in answers] == ["applied", "repeat", "repeat", "repeat"]
    assert OrderEvent.objects.count() == 1
    assert Order.objects.get().status == "placed"


def test_same_id_from_another_source_is_another_event() -> None:
    record_event(source="marketplace", event_id="e", body=placed(item("1")))
    assert record_event(source="warehouse", event_id="e", body=shipped("P-1")) == "applied"
    assert OrderEvent.objects.count() == 2


def test_rows_that_were_tampered_with_are_mended_by_the_next_event() -> None:
    record(placed(item("1")), shipped("P-1"), scanned("in_transit"))
    Shipment.objects.update(status="returning", problem="lost")
    Item.objects.update(title="Nonsense", quantity=99)
    TrackingEvent.objects.all().delete()
    record(confirmed())
    assert Shipment.objects.values_list("status", "problem").get() == ("in_transit", "")
    assert Item.objects.values_list("title", "quantity").get() == ("Thing 1", 1)
    assert TrackingEvent.objects.count() == 2


# --- what is told ------------------------------------------------------------------------------------------


def test_signal_tells_differences_only(told: list[tuple[list[str], list[str]]]) -> None:
    estimate = {"to": "2026-11-25T12:00:00Z"}
    record(placed(item("1"), estimated_delivery=estimate))
    record(shipped("P-1"))
    later = {"to": "2026-11-26T12:00:00Z"}
    record(scanned("in_transit", at="2026-11-18T10:00:00Z", estimated_delivery=later))
    record(scanned("Sorted", at="2026-11-18T11:00:00Z"))
    # An earlier scan arrives late: it is the one that brought the news.
    record(scanned("in_transit", at="2026-11-18T08:00:00Z", estimated_delivery=later))
    assert told == [
        (["placed"], []),
        (["shipped:P-1"], []),
        (["in_transit:P-1", "estimate:P-1:marketplace/e3"], []),
        ([], []),
        (["estimate:P-1:marketplace/e5", "in_transit:P-1"], ["estimate:P-1:marketplace/e3"]),
    ]


def test_nothing_is_told_of_what_waits_repeats_or_is_refused(told: list[tuple[list[str], list[str]]]) -> None:
    post_event(confirmed(), event_id="a")
    post_event(confirmed(), event_id="a")
    post_event(placed(item("1"), item("1")))
    assert told == []


def test_receiver_that_fails_leaves_nothing_behind() -> None:
    def fail(**_signal: Any) -> None:
        raise RuntimeError("a bug above")

    order_event_recorded.connect(fail)
    try:
        with pytest.raises(RuntimeError, match="a bug above"):
            record(placed(item("1")))
    finally:
        order_event_recorded.disconnect(fail)
    assert not OrderEvent.objects.exists()
    assert not User.objects.filter(marketplace_id="customer-alice").exists()


# --- what waits --------------------------------------------------------------------------------------------


def states() -> list[tuple[str, str, str, str]]:
    return list(OrderEvent.objects.order_by("id").values_list("type", "state", "reason", "subject"))


def test_events_wait_for_their_order_and_are_applied_with_it(told: list[tuple[list[str], list[str]]]) -> None:
    assert record(delivered("P-1"), shipped("P-1"), confirmed()) == ["waiting"] * 3
    assert {state[1:3] for state in states()} == {("waiting", "unknown_order")}
    assert record(placed(item("1"))) == ["applied"]
    assert {state[1:] for state in states()} == {("applied", "", "")}
    assert Order.objects.get().status == "delivered"
    assert told == [(["placed", "confirmed", "shipped:P-1", "delivered:P-1"], [])]


def test_scan_waits_for_its_parcel() -> None:
    assert record(placed(item("1")), scanned("in_transit")) == ["applied", "waiting"]
    assert states()[1] == ("shipment.updated", "waiting", "unknown_shipment", "P-1")
    assert record(shipped("P-1")) == ["applied"]
    assert Shipment.objects.get().status == "in_transit"
    assert states()[1][1:] == ("applied", "", "")


def test_contradiction_that_waited_is_dead_with_its_reason() -> None:
    record(cancelled("9"), shipped("P-1", "9"), scanned("in_transit"))
    record(placed(item("1")))
    assert states() == [
        ("item.cancelled", "dead", "unknown_item", "9"),
        ("shipment.created", "dead", "unknown_item", "9"),
        ("shipment.updated", "waiting", "unknown_shipment", "P-1"),
        ("order.placed", "applied", "", ""),
    ]
    assert Order.objects.get().status == "placed"


def test_dead_event_lives_when_a_correction_makes_it_right() -> None:
    record(shipped("P-1", "9"), scanned("in_transit"), placed(item("1")))
    record(placed(item("9"), at="2026-11-16T10:00:00Z"))
    assert {state[1] for state in states()} == {"applied"}
    assert Shipment.objects.get().status == "in_transit"


def set_age(**age: float) -> None:
    OrderEvent.objects.update(received_at=timezone.now() - timedelta(**age))


def test_sweep_declares_dead_what_waited_too_long(settings: Settings) -> None:
    settings.EVENT_WAIT_DAYS = 3
    record(confirmed(), confirmed(number="young"))
    set_age(days=3, minutes=1)
    OrderEvent.objects.filter(order_number="young").update(received_at=timezone.now())
    assert sweep_waiting_events() == 1
    assert states() == [
        ("order.confirmed", "dead", "unknown_order", ""),
        ("order.confirmed", "waiting", "unknown_order", ""),
    ]
    assert sweep_waiting_events() == 0
    # The order comes after all: what was acknowledged counts.
    record(placed(item("1")))
    assert Order.objects.get().status == "confirmed"


def test_sweep_tries_ever_more_rarely() -> None:
    record(confirmed())
    tries = []
    for minutes in range(20):
        set_age(minutes=minutes, seconds=1)
        if sweep_waiting_events():
            tries.append(minutes)
    assert tries == [1, 2, 4, 8, 16]
    assert OrderEvent.objects.get().attempts == 5


def test_sweep_is_on_the_timetable() -> None:
    scheduled = {entry["task"] for entry in django_settings.CELERY_BEAT_SCHEDULE.values()}
    assert sweep_task.name in scheduled


def test_sweep_applies_what_can_be_applied_by_now() -> None:
    record(placed(item("1")), shipped("P-1"))
    OrderEvent.objects.filter(type="shipment.created").update(state="waiting", reason="unknown_order")
    Shipment.objects.all().delete()
    set_age(minutes=2)
    sweep_task()
    assert {state[1] for state in states()} == {"applied"}
    assert Shipment.objects.get().reference == "P-1"


def test_order_that_fails_keeps_no_other_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    record(confirmed(number="broken"), placed(item("1")), shipped("P-1"))
    OrderEvent.objects.filter(type="shipment.created").update(state="waiting")
    OrderEvent.objects.filter(order_number="broken").update(body={})
    set_age(days=1)
    OrderEvent.objects.filter(order_number="broken").update(received_at=timezone.now() - timedelta(days=2))
    assert sweep_waiting_events() == 2
    assert [state[1] for state in states()] == ["waiting", "applied", "applied"]
    assert OrderEvent.objects.get(order_number="broken").attempts == 1
    set_age(days=8)
    assert sweep_waiting_events() == 1
    assert states()[0][1:] == ("dead", "failed", "")


def test_replay_of_a_dead_event() -> None:
    record(scanned("in_transit"), placed(item("1")))
    OrderEvent.objects.filter(type="shipment.updated").update(state="dead")
    dead = OrderEvent.objects.get(state="dead")
    after = replay_event(event=dead)
    assert (after.state, after.reason, after.subject, after.attempts) == (
        "dead",
        "unknown_shipment",
        "P-1",
        1,
    )
    # As if the parcel had been taken in by another way.
    OrderEvent.objects.create(
        source="warehouse",
        event_id="w1",
        type="shipment.created",
        order_number=NUMBER,
        occurred_at=timezone.now(),
        body=shipped("P-1"),
        state="waiting",
    )
    after = replay_event(event=dead)
    assert (after.state, after.reason, after.attempts) == ("applied", "", 2)
    assert Shipment.objects.get().status == "in_transit"


# --- how much it costs -------------------------------------------------------------------------------------


@pytest.mark.parametrize("parcels", [1, 3])
def test_statements_of_an_event_do_not_grow_with_its_order(
    parcels: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Of the intake alone; what the receivers of the signal do is theirs to count."""
    listening, order_event_recorded.receivers = order_event_recorded.receivers, []
    order_event_recorded.sender_receivers_cache.clear()
    try:
        lines = [str(number) for number in range(parcels)]
        record(placed(*[item(line, seller=f"S-{line}") for line in lines]))
        record(*[shipped(f"P-{line}", line) for line in lines])
        record(*[scanned("in_transit", f"P-{line}") for line in lines])
        # Lock, read, write; the transaction is a savepoint here.
        with django_assert_num_queries(5):
            record_event(
                source="marketplace",
                event_id="scan",
                body=scanned("out_for_delivery", "P-0", at="2026-11-18T12:00:00Z"),
            )
        with django_assert_num_queries(4):
            record_event(source="marketplace", event_id="scan", body=scanned("in_transit", "P-0"))
        # Another order: lock, read, buyer, stores, its row, what hangs on it.
        with django_assert_num_queries(8):
            another = placed(*[item(line, seller=f"S-{line}") for line in lines], number="another")
            record_event(source="marketplace", event_id="other", body=another)
    finally:
        order_event_recorded.receivers = listening
        order_event_recorded.sender_receivers_cache.clear()


def test_large_order() -> None:
    """About 60 kB, of 25 sellers, in a few parcels: in the same statements as a small one."""
    lines = [item(str(number), title="A" * 200, seller=f"S-{number % 25}") for number in range(160)]
    body = placed(*lines)
    assert post_event(body).status_code == 202
    assert Item.objects.count() == 160
    assert Store.objects.count() == 25
    with CaptureQueriesContext(connection) as captured:
        for number in range(25):
            assert post_event(shipped(f"P-{number}", seller_id=f"S-{number}")).status_code == 202
    assert len(captured) < 25 * 20
    assert Order.objects.get().status == "shipped"
    assert post_event(cancelled(at="2026-11-22T08:00:00Z")).status_code == 202
    assert Item.objects.filter(cancelled_at=None).count() == 0


def test_statements_go_one_by_one_where_the_server_binds_the_values(monkeypatch: pytest.MonkeyPatch) -> None:
    """`server_side_binding` may stand in DATABASE_URL; PostgreSQL then takes one statement a message."""
    monkeypatch.setattr(connection.features, "uses_server_side_binding", True)
    record(placed(item("1"), item("2")), shipped("P-1", "1"), scanned("in_transit"), cancelled("2"))
    order = Order.objects.get()
    assert order.status == "shipped"
    assert [milestone.kind for milestone in order.milestones.all()] == [
        "order_placed",
        "items_cancelled",
        "shipped",
        "in_transit",
    ]
