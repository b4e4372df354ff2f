"""Several processes at once: the same event, and events of one order, buyer and store."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts.models import Store, User
from orders.intake.recording import record_event
from orders.models import Item, Milestone, Order, OrderEvent, Shipment, TrackingEvent
from tests.orders.intake.sending import NUMBER, Body, confirmed, delivered, item, placed, scanned, shipped

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*jobs: Callable[[], str]) -> list[str]:
    """Runs each job in a thread with a connection of its own, all starting together."""
    barrier = threading.Barrier(len(jobs))

    def run(job: Callable[[], str]) -> str:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=20)
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, job) for job in jobs]]


def recording(event_id: str, body: Body) -> Callable[[], str]:
    return lambda: record_event(source="marketplace", event_id=event_id, body=body)


def test_same_event_many_times_at_once() -> None:
    for number in range(5):
        body = placed(item("1"), number=f"N-{number}")
        answers = at_once(*[recording(f"same-{number}", body)] * 6)
        assert sorted(answers) == ["applied", *["repeat"] * 5]
    assert OrderEvent.objects.count() == Order.objects.count() == 5
    assert User.objects.filter(marketplace_id="customer-alice").count() == 1


def test_same_id_for_two_orders_at_once() -> None:
    for number in range(5):
        answers = at_once(
            recording(f"same-{number}", placed(item("1"), number=f"A-{number}")),
            recording(f"same-{number}", placed(item("1"), number=f"B-{number}")),
        )
        assert sorted(answers) == ["applied", "repeat"]
    assert Order.objects.count() == 5


def test_all_events_of_an_order_at_once() -> None:
    """In any order of arrival; whoever comes last applies what waited."""
    bodies = [
        placed(item("1"), item("2", seller="S-2")),
        confirmed(),
        shipped("P-1", "1"),
        scanned("in_transit", at="2026-11-18T01:00:00Z"),
        scanned("out_for_delivery", at="2026-11-18T02:00:00Z"),
        delivered("P-1"),
    ]
    for attempt in range(5):
        number = f"N-{attempt}"
        told = [renumber(body, number) for body in bodies]
        at_once(*[recording(f"{number}-{index}", body) for index, body in enumerate(told)])
        order = Order.objects.get(number=number)
        assert order.status == "partly_delivered"
        assert order.milestones.count() == 6
        assert TrackingEvent.objects.filter(shipment__order=order).count() == 4
        assert set(OrderEvent.objects.of_order(number).values_list("state", flat=True)) == {"applied"}


def test_new_buyer_and_store_of_many_orders_at_once() -> None:
    for attempt in range(5):
        buyer = {"id": f"customer-{attempt}", "email": f"buyer{attempt}@example.org"}
        answers = at_once(
            *[
                recording(
                    f"{attempt}-{number}",
                    placed(
                        # The sellers in opposite orders: locks taken as they come would wait for each other.
                        *[item(str(line), seller=f"S-{attempt}-{line}") for line in order],
                        number=f"N-{attempt}-{number}",
                        buyer=buyer,
                    ),
                )
                for number, order in enumerate([(1, 2, 3), (3, 2, 1), (2, 1, 3), (3, 1, 2)])
            ]
        )
        assert answers == ["applied"] * 4
    assert Order.objects.count() == 20
    assert User.objects.filter(marketplace_id__startswith="customer-").count() == 5
    assert Store.objects.count() == 15


def test_new_order_and_what_waited_for_it_make_one_of_each() -> None:
    at_once(recording("b", shipped("P-1")), recording("a", placed(item("1"))))
    assert (
        Shipment.objects.count() == Item.objects.count() == Order.objects.filter(number=NUMBER).count() == 1
    )
    assert Milestone.objects.count() == 2


def renumber(body: Body, number: str) -> Body:
    data = body["data"]
    if "order" in data:
        return {**body, "data": {"order": {**data["order"], "number": number}}}
    return {**body, "data": {**data, "order_number": number}}
