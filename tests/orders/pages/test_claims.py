"""Claims: the service, and the buyer's form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from django.db import connections
from django.test import Client
from django.utils import timezone

from accounts.models import Store, User
from orders.claims import ClaimRefusedError, claim_kinds, claim_number, open_claim
from orders.models import Claim, Order
from orders.signals import order_claimed
from tests.orders.pages.reading import words_of
from tests.orders.pages.rows import make_order, make_parcel
from tests.orders.pages.told import NOW, Telling, days, window

SignedIn = Callable[[User], Client]
FORM = "/orders/1042-77318/claim/"


@pytest.fixture
def delivered(alice: User, store: Store) -> Telling:
    """One parcel with two items, at the door for two days."""
    telling = Telling(alice, items=[(store, "Lamp", 1, "54.00"), (store, "Clips", 1, "4.00")])
    telling.ship()
    telling.deliver(where="Front door")
    return telling


@pytest.fixture
def claimed() -> Iterator[list[Claim]]:
    """The claims that were told of."""
    heard: list[Claim] = []

    def hear(claim: Claim, **_: Any) -> None:
        heard.append(claim)

    order_claimed.connect(hear)
    yield heard
    order_claimed.disconnect(hear)


def claim(order: Order, **told: Any) -> tuple[Claim, bool]:
    given: dict[str, Any] = {
        "order": order,
        "shipment": order.shipments.first(),
        "opened_by": order.buyer,
        "kind": Claim.Kind.NOT_RECEIVED,
        "items": [],
        "description": "",
    }
    return open_claim(**given | told)


def test_open_claim_keeps_what_was_said_and_tells_of_it(delivered: Telling, claimed: list[Claim]) -> None:
    lamp = delivered.order.items.get(title="Lamp")
    made, new = claim(delivered.order, kind="wrong_item", items=[lamp], description="It is blue.")
    assert new
    made.refresh_from_db()
    assert (made.kind, made.description, made.opened_by) == (
        "wrong_item",
        "It is blue.",
        delivered.order.buyer,
    )
    assert list(made.items.all()) == [lamp]
    assert claimed == [made]


def test_open_claim_twice_is_one_claim(delivered: Telling, claimed: list[Claim]) -> None:
    first, _ = claim(delivered.order)
    second, new = claim(delivered.order, description="again")
    assert second == first
    assert not new
    assert len(claimed) == 1


def test_an_answered_claim_can_be_followed_by_another(delivered: Telling) -> None:
    first, _ = claim(delivered.order)
    Claim.objects.update(closed_at=timezone.now())
    second, new = claim(delivered.order)
    assert new
    assert second != first


def test_open_claim_takes_no_items_of_another_order(delivered: Telling, alice: User, store: Store) -> None:
    other = make_order(alice, "OTHER", items=[(store, "Other", 1, "1")])
    made, _ = claim(delivered.order, items=list(other.items.all()))
    assert not made.items.exists()


def test_open_claim_is_the_buyers_alone(delivered: Telling, bob: User) -> None:
    with pytest.raises(Order.DoesNotExist):
        claim(delivered.order, opened_by=bob)


def test_a_claim_outlives_later_events(delivered: Telling) -> None:
    made, _ = claim(delivered.order)
    delivered.scan("in_transit", -5)
    delivered.tell("shipment.created", -5.5, shipment={"id": "S1", "carrier": {"code": "dhl"}, "items": []})
    made.refresh_from_db()
    assert made.shipment == delivered.order.shipments.get()


ALL = tuple(Claim.Kind)
MISSING = (Claim.Kind.NOT_RECEIVED,)


@pytest.mark.parametrize(
    ("order", "parcel", "kinds"),
    [
        ({"status": "delivered"}, {"status": "delivered"}, ALL),
        ({"status": "cancelled"}, {"status": "delivered"}, ()),
        ({"status": "shipped"}, {"status": "in_transit"}, ()),
        ({"status": "shipped"}, {"status": "in_transit", "estimate_to": days(-0.1)}, ()),
        ({"status": "shipped"}, {"status": "in_transit", "estimate_to": days(-1)}, MISSING),
        ({"status": "shipped", "estimate_to": days(-1)}, {"status": "in_transit"}, MISSING),
        ({"status": "shipped", "estimate_to": days(-1)}, {"estimate_to": days(1)}, ()),
        ({"status": "shipped"}, {"problem": "lost"}, MISSING),
        ({"status": "shipped"}, {"problem": "customs"}, ()),
        ({"status": "shipped"}, {"status": "ready_for_pickup", "estimate_to": days(-1)}, ()),
        ({"status": "confirmed", "estimate_to": days(-1)}, None, MISSING),
        ({"status": "confirmed", "estimate_to": days(1)}, None, ()),
        ({"status": "confirmed"}, None, ()),
        ({"status": "delivered", "estimate_to": days(-1)}, None, ()),
    ],
)
def test_what_can_be_claimed_follows_the_parcels_state(
    alice: User,
    store: Store,
    order: dict[str, Any],
    parcel: dict[str, Any] | None,
    kinds: tuple[Claim.Kind, ...],
) -> None:
    made = make_order(alice, items=[(store, "Lamp", 1, "1")], **order)
    shipment = None if parcel is None else make_parcel(made, **parcel)
    assert claim_kinds(made, shipment) == kinds
    for kind in Claim.Kind:
        if kind in kinds:
            assert claim(made, shipment=shipment, kind=kind)[1]
        else:
            with pytest.raises(ClaimRefusedError):
                claim(made, shipment=shipment, kind=kind)


def test_nothing_unsent_is_nothing_to_claim_without_a_parcel(alice: User, store: Store) -> None:
    order = make_order(alice, items=[(store, "Lamp", 1, "1")], status="shipped", estimate_to=days(-1))
    make_parcel(order)
    with pytest.raises(ClaimRefusedError):
        claim(order, shipment=None)


@pytest.mark.django_db(transaction=True)
def test_two_windows_at_once_open_one(alice: User, store: Store) -> None:
    order = make_order(alice, items=[(store, "Lamp", 1, "1")], status="delivered")
    make_parcel(order, status="delivered")

    def send(_: int) -> bool:
        try:
            return claim(Order.objects.get(pk=order.pk))[1]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as windows:
        assert sorted(windows.map(send, range(4))) == [False, False, False, True]
    assert Claim.objects.count() == 1


# --- the form ---


def test_form_opens_a_claim_and_comes_back_to_the_parcel(
    delivered: Telling, alice: User, signed_in: SignedIn
) -> None:
    browser = signed_in(alice)
    assert "Not received or wrong item?" in words_of(browser.get("/orders/1042-77318/"))
    lamp = delivered.order.items.get(title="Lamp")
    answer = browser.post(
        FORM + "?shipment=S1",
        {"kind": "wrong_item", "items": [lamp.pk], "description": "It is blue.\r\nSorry."},
    )
    assert answer.status_code == 302
    assert answer["Location"] == "/orders/1042-77318/#parcel-S1"
    made = Claim.objects.get()
    assert made.description == "It is blue.\nSorry."
    words = words_of(browser.get("/orders/1042-77318/"))
    assert f"I received the wrong item {claim_number(made)} Open" in words
    assert "Opened on Nov 22, 2026" in words


def test_form_sent_twice_opens_one_and_says_so(delivered: Telling, alice: User, signed_in: SignedIn) -> None:
    browser = signed_in(alice)
    for _ in range(2):
        assert browser.post(FORM, {"kind": "not_received"}).status_code == 302
    made = Claim.objects.get()
    body = browser.get("/orders/1042-77318/").content.decode()
    assert f"You have already opened this claim: it is number {claim_number(made)}." in body


def test_form_says_what_is_missing_and_keeps_the_text(
    delivered: Telling, alice: User, signed_in: SignedIn
) -> None:
    browser = signed_in(alice)
    answer = browser.post(FORM, {"kind": "damaged", "description": " "})
    body = answer.content.decode()
    assert answer.status_code == 200
    assert "Choose the items it is about." in body
    assert "Tell us what is wrong, in a few words." in body
    assert 'aria-describedby="id_description_helptext id_description_error"' in body or (
        'aria-describedby="id_description_error id_description_helptext"' in body
    )
    body = browser.post(FORM, {"description": "A <b>long</b> story"}).content.decode()
    assert "This field is required." in body
    assert "A &lt;b&gt;long&lt;/b&gt; story" in body
    assert not Claim.objects.exists()


@pytest.mark.parametrize(("length", "status"), [(2000, 302), (2001, 200)])
def test_details_hold_2000_characters_a_lines_end_counting_once(
    delivered: Telling, alice: User, signed_in: SignedIn, length: int, status: int
) -> None:
    text = "a\r\n" * 500
    text += "a" * (length - 1000)
    assert signed_in(alice).post(FORM, {"kind": "not_received", "description": text}).status_code == status


def test_form_takes_no_items_of_others(
    delivered: Telling, alice: User, carol: User, store: Store, signed_in: SignedIn
) -> None:
    foreign = make_order(carol, "CAROLS", items=[(store, "Other", 1, "1")]).items.get()
    answer = signed_in(alice).post(
        FORM, {"kind": "wrong_item", "items": [foreign.pk], "description": "Blue."}
    )
    assert answer.status_code == 200
    assert "Other" not in words_of(signed_in(alice).get(FORM))


def test_form_for_a_parcel_that_is_due_later_says_when(
    alice: User, store: Store, signed_in: SignedIn
) -> None:
    Telling(alice, items=[(store, "Lamp", 1, "1")], estimated_delivery=window(1, 2)).ship()
    browser = signed_in(alice)
    assert "Not received" not in words_of(browser.get("/orders/1042-77318/"))
    words = words_of(browser.get(FORM + "?shipment=S1"))
    assert "Nothing can be claimed here yet." in words
    assert "It is expected Mon, Nov 23 – Tue, Nov 24." in words
    browser.post(FORM + "?shipment=S1", {"kind": "not_received"})
    assert not Claim.objects.exists()
    with time_machine.travel(NOW.replace(day=25)):
        assert "Send the claim" in words_of(browser.get(FORM + "?shipment=S1"))


def test_form_asks_which_parcel_where_there_are_several(
    alice: User, store: Store, signed_in: SignedIn
) -> None:
    telling = Telling(
        alice, items=[(store, "Lamp", 1, "1"), (store, "Clips", 1, "1"), (store, "Rug", 1, "1")]
    )
    telling.ship("S1", "L1")
    telling.ship("S&2", "L2", at=-5)
    telling.deliver(parcel="S1")
    telling.deliver(parcel="S&2")
    page = signed_in(alice).get(FORM)
    words = words_of(page)
    assert "Which delivery is it about?" in words
    assert "Parcel 2 of 2" in words
    assert "What has not been sent No delivery date yet Rug" in words
    assert "?shipment=S%262" in page.content.decode()
    words = words_of(signed_in(alice).get(FORM, {"shipment": "S&2"}))
    assert "Send the claim" in words
    assert "Lamp" not in words


def test_what_never_left_can_be_claimed_once_it_is_late(
    alice: User, store: Store, signed_in: SignedIn
) -> None:
    Telling(alice, items=[(store, "Lamp", 1, "1")], estimated_delivery=window(-3, -2))
    browser = signed_in(alice)
    assert "Not received?" in words_of(browser.get("/orders/1042-77318/"))
    answer = browser.post(FORM + "?unsent=1", {"kind": "not_received"})
    assert answer["Location"] == "/orders/1042-77318/#unsent"
    assert "I did not receive it" in words_of(browser.get("/orders/1042-77318/"))


def test_form_is_the_buyers_alone(
    delivered: Telling, alice: User, bob: User, carol: User, signed_in: SignedIn
) -> None:
    for stranger in (bob, carol):
        assert signed_in(stranger).get(FORM).status_code == 404
        assert signed_in(stranger).post(FORM, {"kind": "not_received"}).status_code == 404
    assert Client().post(FORM, {"kind": "not_received"}).status_code == 302
    assert signed_in(alice).get(FORM + "?shipment=NONE").status_code == 404
    assert signed_in(alice).get("/orders/NONE/claim/").status_code == 404
    assert not Claim.objects.exists()


def test_an_answer_is_shown(delivered: Telling, alice: User, signed_in: SignedIn) -> None:
    made, _ = claim(delivered.order, description="Nothing at the door.")
    Claim.objects.update(closed_at=days(0), answer="We send another lamp.")
    words = words_of(signed_in(alice).get("/orders/1042-77318/"))
    assert f"{claim_number(made)} Answered" in words
    assert "We send another lamp." in words
    assert "Nothing at the door." in words
