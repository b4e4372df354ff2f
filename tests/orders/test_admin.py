"""Events, orders, parcels and claims in the administration: readable, safe, and only for whose duty it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from orders.claims import open_claim
from orders.intake.recording import record_event
from orders.intake.schema import load_examples
from orders.models import Claim, Order, OrderEvent, Shipment
from tests.cast import make_person
from tests.orders.intake.sending import NUMBER, confirmed, delivered, item, placed, scanned, shipped

pytestmark = pytest.mark.django_db
EVENTS, ORDERS, SHIPMENTS, CLAIMS = (
    f"/admin/orders/{name}/" for name in ("orderevent", "order", "shipment", "claim")
)
SignedIn = Callable[[User], Client]


def record(*bodies: dict[str, Any]) -> None:
    for body in bodies:
        event_id = f"e{OrderEvent.objects.count() + 1}"
        record_event(source="marketplace", event_id=event_id, body=body)


@pytest.fixture
def clara(db: None) -> User:
    """Staff: campaigns, announcements, order events."""
    return make_person("Clara Clerk", group="Staff")


@pytest.fixture
def staff(clara: User, signed_in: SignedIn) -> Client:
    return signed_in(clara)


@pytest.fixture
def service(sam: User, signed_in: SignedIn) -> Client:
    return signed_in(sam)


# --- events ------------------------------------------------------------------------------------------------


def test_dead_events_come_first_then_waiting_ones(staff: Client) -> None:
    record(scanned("in_transit"), shipped("P-2", "9"), placed(item("1")), confirmed())
    page = staff.get(EVENTS)
    states = [event.state for event in page.context["cl"].result_list]
    assert states == ["dead", "waiting", "applied", "applied"]
    assert "The order has no item “9”." in page.text
    assert "The order has no shipment “P-1”." in page.text


def test_events_are_found_by_order_state_type_and_source(
    staff: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    record(placed(item("1")), confirmed(), confirmed(number="2027-1"))
    for query, count in [
        ("", 3),
        (f"?q={NUMBER[:6]}", 2),
        ("?q=e3", 1),
        ("?q=1000", 0),
        ("?state__exact=waiting", 1),
        ("?type=order.confirmed", 2),
        ("?source=marketplace", 3),
        ("?source=marketplace&type=order.placed&state__exact=applied", 1),
    ]:
        with django_assert_max_num_queries(12):
            page = staff.get(EVENTS + query)
        assert page.context["cl"].result_count == count, query


def test_event_is_shown_as_it_came_and_cannot_be_altered(staff: Client) -> None:
    body = load_examples()["order.placed"]
    body["data"]["order"]["items"][0]["title"] = "<script>alert(1)</script>"
    record(body)
    event = OrderEvent.objects.get()
    address = f"{EVENTS}{event.pk}/change/"
    page = staff.get(address).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert "Bâtiment B" in page
    assert f"{ORDERS}{Order.objects.get().pk}/change/" in page
    assert 'value="Replay"' not in page
    assert staff.post(address, {"state": "dead"}).status_code == 403
    assert staff.post(f"{EVENTS}{event.pk}/delete/", {"post": "yes"}).status_code == 403
    assert staff.get(f"{EVENTS}add/").status_code == 403


def test_replay_of_one_dead_event(staff: Client) -> None:
    record(scanned("in_transit"), placed(item("1")))
    event = OrderEvent.objects.get(type="shipment.updated")
    OrderEvent.objects.filter(pk=event.pk).update(state="dead")
    page = staff.get(f"{EVENTS}{event.pk}/change/").text
    assert 'value="Replay"' in page
    assert f'formaction="{EVENTS}{event.pk}/replay/"' in page
    answer = staff.post(f"{EVENTS}{event.pk}/replay/", follow=True)
    assert "cannot be applied: The order has no shipment “P-1”." in answer.text
    OrderEvent.objects.create(
        source="warehouse",
        event_id="w1",
        type="shipment.created",
        order_number=NUMBER,
        occurred_at=timezone.now(),
        body=shipped("P-1"),
        state="dead",
    )
    answer = staff.post(f"{EVENTS}{event.pk}/replay/", follow=True)
    assert "1 event was applied." in answer.text
    assert Shipment.objects.get().status == "in_transit"
    assert staff.get(f"{EVENTS}{event.pk}/replay/").status_code == 405


def test_replay_of_chosen_events(staff: Client) -> None:
    record(placed(item("1")), shipped("P-1"), scanned("in_transit"), scanned("created", "P-9"))
    OrderEvent.objects.exclude(type="order.placed").update(state="dead")
    chosen = list(OrderEvent.objects.values_list("pk", flat=True))
    answer = staff.post(EVENTS, {"action": "replay", "_selected_action": chosen}, follow=True)
    assert "2 events were applied." in answer.text
    assert "The order has no shipment “P-9”." in answer.text
    assert dict(OrderEvent.objects.values_list("event_id", "state")) == {
        "e1": "applied",
        "e2": "applied",
        "e3": "applied",
        "e4": "dead",
    }


@pytest.mark.parametrize("who", ["alice", "sam", "mo"])
def test_events_are_for_staff_alone(who: str, request: pytest.FixtureRequest, signed_in: SignedIn) -> None:
    record(confirmed())
    OrderEvent.objects.update(state="dead")
    event = OrderEvent.objects.get()
    client = signed_in(request.getfixturevalue(who))
    for address in (EVENTS, f"{EVENTS}{event.pk}/change/"):
        assert client.get(address).status_code != 200
    assert client.post(f"{EVENTS}{event.pk}/replay/").status_code != 200
    event.refresh_from_db()
    assert event.attempts == 0


def test_reading_is_not_replaying(signed_in: SignedIn, clara: User) -> None:
    record(confirmed())
    OrderEvent.objects.update(state="dead")
    event = OrderEvent.objects.get()
    group = clara.groups.get()
    group.permissions.remove(group.permissions.get(codename="replay_orderevent"))
    client = signed_in(clara)
    page = client.get(f"{EVENTS}{event.pk}/change/")
    assert page.status_code == 200
    assert 'value="Replay"' not in page.text
    assert client.post(f"{EVENTS}{event.pk}/replay/").status_code == 403
    answer = client.post(EVENTS, {"action": "replay", "_selected_action": [event.pk]})
    assert answer.status_code == 200  # no such action for him: the list again
    event.refresh_from_db()
    assert event.attempts == 0


# --- orders and parcels ------------------------------------------------------------------------------------


def test_order_is_shown_whole_and_cannot_be_altered(
    service: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    record(*load_examples().values())
    order = Order.objects.get()
    address = f"{ORDERS}{order.pk}/change/"
    with django_assert_max_num_queries(25):
        page = service.get(address).text
    for words in (
        "€80.40",
        "14 rue des Lilas",
        "Desk lamp, brass",
        "Colissimo",
        "Visa •••• 4242",
        "New delivery date",
    ):
        assert words in page, words
    assert service.post(address, {}).status_code == 403
    assert service.get(f"{ORDERS}add/").status_code == 403
    assert service.post(f"{ORDERS}{order.pk}/delete/", {"post": "yes"}).status_code == 403
    parcel = Shipment.objects.get()
    with django_assert_max_num_queries(25):
        page = service.get(f"{SHIPMENTS}{parcel.pk}/change/").text
    assert "https://www.laposte.fr/outils/suivre-vos-envois?code=6A12345678901" in page
    assert "Delivery attempted" in page
    assert "Nobody was at home" in page


@pytest.mark.parametrize(
    ("query", "count"),
    [("2026-1187", 1), ("claire.martin@example.org", 1), ("C-20931", 1), ("6A12345678901", 1), ("2025", 0)],
)
def test_orders_are_found(service: Client, query: str, count: int) -> None:
    record(*load_examples().values())
    page = service.get(ORDERS, {"q": query})
    assert page.context["cl"].result_count == count


def test_lists_cost_the_same_for_many(
    service: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(8):
        buyer = {"id": f"C-{number}", "email": f"c{number}@example.org"}
        record(placed(item("1"), number=f"N-{number}", buyer=buyer), shipped("P-1", number=f"N-{number}"))
    for address in (ORDERS, SHIPMENTS):
        with django_assert_max_num_queries(12):
            assert service.get(address).context["cl"].result_count == 8


# --- claims ------------------------------------------------------------------------------------------------


@pytest.fixture
def claim(alice: User) -> Claim:
    record(placed(item("1")), shipped("P-1"), delivered("P-1"))
    order = Order.objects.get()
    made, _is_new = open_claim(
        order=order,
        shipment=order.shipments.get(),
        opened_by=alice,
        kind=Claim.Kind.DAMAGED,
        items=[],
        description="The <b>lid</b> is cracked.",
    )
    return made


def test_customer_service_answers_a_claim(service: Client, claim: Claim, sam: User) -> None:
    address = f"{CLAIMS}{claim.pk}/change/"
    page = service.get(address).text
    assert "The &lt;b&gt;lid&lt;/b&gt; is cracked." in page
    assert "Thing 1" in page
    answer = service.post(address, {"answer": " ", "settled": "on"})
    assert "Tell the buyer how it was settled." in answer.text
    assert service.post(address, {"answer": "We look into it."}).status_code == 302
    claim.refresh_from_db()
    assert (claim.answer, claim.closed_at, claim.answered_by) == ("We look into it.", None, sam)
    assert service.post(address, {"answer": "A new one is on its way.", "settled": "on"}).status_code == 302
    claim.refresh_from_db()
    assert claim.closed_at is not None
    assert claim.kind == Claim.Kind.DAMAGED


def test_settled_claim_is_reopened_unless_another_is_open(service: Client, claim: Claim, alice: User) -> None:
    address = f"{CLAIMS}{claim.pk}/change/"
    service.post(address, {"answer": "Sorry.", "settled": "on"})
    another = Claim.objects.create(
        order=claim.order, shipment=claim.shipment, opened_by=alice, kind=claim.kind
    )
    answer = service.post(address, {"answer": "Sorry."})
    assert "another claim of this kind" in answer.text
    another.delete()
    assert service.post(address, {"answer": "Sorry."}).status_code == 302
    claim.refresh_from_db()
    assert claim.closed_at is None


def test_open_claims_come_first(service: Client, claim: Claim, alice: User) -> None:
    Claim.objects.create(
        order=claim.order,
        shipment=claim.shipment,
        opened_by=alice,
        kind="wrong_item",
        closed_at=timezone.now(),
    )
    Claim.objects.create(order=claim.order, shipment=claim.shipment, opened_by=alice, kind="parts_missing")
    kinds = [row.kind for row in service.get(CLAIMS).context["cl"].result_list]
    assert kinds == ["damaged", "parts_missing", "wrong_item"]
    for query, count in [
        ("?state=open", 2),
        ("?state=settled", 1),
        (f"?q=C{claim.pk}", 1),
        (f"?q={NUMBER}", 3),
    ]:
        assert service.get(CLAIMS + query).context["cl"].result_count == count, query


def test_claims_are_for_customer_service(staff: Client, claim: Claim) -> None:
    assert staff.get(CLAIMS).status_code == 403
    assert staff.post(f"{CLAIMS}{claim.pk}/change/", {"answer": "Hi", "settled": "on"}).status_code == 403


def test_claim_that_may_only_be_read(claim: Claim, signed_in: SignedIn, sam: User) -> None:
    group = sam.groups.get()
    group.permissions.remove(group.permissions.get(codename="change_claim"))
    client = signed_in(sam)
    address = f"{CLAIMS}{claim.pk}/change/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"answer": "Hi", "settled": "on"}).status_code == 403
