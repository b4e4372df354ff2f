from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Store, User
from orders.models import Item
from orders.wording.links import page_anchor, shipment_anchor
from tests.orders.pages.reading import statements, words_of
from tests.orders.pages.told import Telling, days, window

SignedIn = Callable[[User], Client]


@pytest.fixture
def telling(alice: User, store: Store, brume: Store) -> Telling:
    """Two sellers, three items."""
    items = [(store, "Speaker", 2, "64.50"), (brume, "Cushion", 1, "24.00"), (store, "Cable", 1, "24.90")]
    return Telling(alice, items=items, estimated_delivery=window(-3, -2))


@pytest.fixture
def read(alice: User, signed_in: SignedIn) -> Callable[..., str]:
    browser = signed_in(alice)

    def words(number: str = "1042-77318") -> str:
        return words_of(browser.get(f"/orders/{number}/"))

    return words


def test_items_stand_by_seller_with_their_sums(telling: Telling, read: Callable[..., str]) -> None:
    words = read()
    first, second = words.index("Sold by Bob's Books"), words.index("Sold by Atelier Brume")
    assert first < words.index("Speaker") < words.index("Cable") < second < words.index("Cushion")
    assert "2 × €64.50" in words
    assert "€129.00" in words
    for amount in ("Items €177.90", "Shipping €4.90", "Total €182.80"):
        assert amount in words
    assert "Tax" not in words
    assert "Discount" not in words


def test_amounts_and_dates_follow_the_readers_language_and_zone(
    alice: User, store: Store, signed_in: SignedIn
) -> None:
    alice.language, alice.time_zone = "fr", "Pacific/Auckland"
    alice.save()
    totals = {"items": "1234.50", "shipping": "0", "tax": "10", "discount": "20.5", "total": "1224"}
    Telling(alice, items=[(store, "Enceinte", 1, "1234.50")], totals=totals, at=0)
    words = words_of(signed_in(alice).get("/orders/1042-77318/"))
    assert "1 234,50 €" in words
    assert "−20,50 €" in words
    assert "lun. 23 nov." in words  # three in the afternoon of Sunday in London is Monday in Auckland


def test_payment_is_masked_and_address_is_whole(telling: Telling, read: Callable[..., str]) -> None:
    words = read()
    assert "Visa •••• 4242" in words
    assert "Alice Arnaud 12 rue de la République 69100 Villeurbanne France" in words


def test_parcel_tells_carrier_number_and_the_carriers_own_page(
    telling: Telling, alice: User, signed_in: SignedIn
) -> None:
    telling.ship("S1", tracking_number="1Z 999/7")
    page = signed_in(alice).get("/orders/1042-77318/")
    assert "Carrier UPS" in words_of(page)
    assert 'href="https://www.ups.com/track?tracknum=1Z999%2F7"' in page.content.decode()
    assert 'rel="noopener noreferrer"' in page.content.decode()


def test_changed_estimate_is_told_with_what_was_promised(telling: Telling, read: Callable[..., str]) -> None:
    telling.ship("S1", estimated_delivery=window(2, 4))
    words = read()
    assert "Arriving Tue, Nov 24 – Thu, Nov 26" in words
    assert "Was Thu, Nov 19 – Fri, Nov 20" in words


def test_estimate_that_holds_is_told_once(telling: Telling, read: Callable[..., str]) -> None:
    telling.ship("S1", estimated_delivery=window(-3, -2))
    assert "Was " not in read()


def test_late_parcel_says_so_until_it_is_delivered(telling: Telling, read: Callable[..., str]) -> None:
    telling.ship()
    assert "Late was expected Thu, Nov 19 – Fri, Nov 20" in read()
    telling.deliver(at=-1, where="Front door", signed_by="C. Girard")
    words = read()
    assert "Late" not in words
    assert "Delivered Sat, Nov 21 Front door Signed for by C. Girard" in words


def test_promise_of_today_is_not_late(alice: User, store: Store, read: Callable[..., str]) -> None:
    Telling(alice, items=[(store, "Speaker", 1, "64.50")], estimated_delivery=window(-3, -0.4)).ship()
    assert "Late" not in read()


def test_trouble_comes_with_its_next_steps_until_it_is_overcome(
    telling: Telling, alice: User, signed_in: SignedIn
) -> None:
    telling.ship(estimated_delivery=window(1, 2))
    steps = [
        {"kind": "correct_address", "url": "https://carrier.example/fix", "until": days(2).isoformat()},
        {"kind": "pick_up", "place": "Relais Bellecour"},
    ]
    telling.scan(
        "exception",
        -0.2,
        problem={"kind": "wrong_address", "next_steps": steps},
        description="House number missing",
        place="Lyon",
    )
    page = signed_in(alice).get("/orders/1042-77318/")
    words = words_of(page)
    assert "What you can do" in words
    assert "Correct the address" in words
    assert "until Tue, Nov 24" in words
    assert "Pick up the parcel Relais Bellecour" in words
    assert "House number missing" in words
    assert 'href="https://carrier.example/fix"' in page.content.decode()
    assert 'class="problem" aria-current="step"' in page.content.decode()
    telling.scan("out_for_delivery", -0.1)
    words = words_of(signed_in(alice).get("/orders/1042-77318/"))
    assert "What you can do" not in words
    assert "Out for delivery" in words


def test_pickup_tells_where_and_until_when(telling: Telling, read: Callable[..., str]) -> None:
    telling.ship()
    telling.scan("ready_for_pickup", -0.5, place="Post office Lyon Terreaux", until=days(9).isoformat())
    words = read()
    assert "Ready for pick-up Post office Lyon Terreaux, until Tue, Dec 1" in words
    assert "Late" not in words


def test_progress_of_a_parcel_that_was_picked_up(telling: Telling, read: Callable[..., str]) -> None:
    telling.ship()
    telling.scan("ready_for_pickup", -3)
    telling.deliver(-2)
    steps = "Handed to the carrier Mon, Nov 16 In transit Ready for pick-up Thu, Nov 19 Delivered Fri, Nov 20"
    assert steps in read()


def test_timeline_holds_every_scan_by_day_and_unknown_words_as_update(
    telling: Telling, read: Callable[..., str]
) -> None:
    telling.ship()
    for index in range(9):
        telling.scan("in_transit", -5 + index * 0.5, place=f"Depot {index}")
    telling.scan("lunch_break", -0.25, description="Resting in the van")
    words = read()
    assert "Update Resting in the van" in words
    for index in range(9):
        assert f"Depot {index}" in words
    assert words.index("Today") < words.index("Yesterday") < words.index("Friday, November 20")
    assert "earlier updates" in words


def test_marks_of_cancelled_returned_and_refunded_items(telling: Telling, read: Callable[..., str]) -> None:
    telling.cancel_items("L3")
    telling.ship("S1", "L1")
    telling.ship("S2", "L2", at=-5)
    telling.deliver(parcel="S2")
    telling.take_back(
        "L2", instructions="Pack it well.", deadline=days(12).isoformat(), label_url="https://l.example/5.pdf"
    )
    telling.refund("24.90", "L3", expected_by=days(4).isoformat(), reason="out_of_stock")
    words = read()
    assert "Cancelled: out of stock Refunded" in words
    assert "Return agreed" in words
    assert "Send it back by Fri, Dec 4" in words
    assert "Pack it well." in words
    assert "€24.90 Expected by Thu, Nov 26" in words
    assert "Refunded −€24.90" in words
    assert "Parcel 1: " in words
    assert "Parcel 2: Delivered Fri, Nov 20" in words


def test_pieces_that_have_yet_to_leave_are_named(telling: Telling, read: Callable[..., str]) -> None:
    telling.ship("S1", ("L1", 1), "L2", "L3")
    words = read()
    assert "1 not sent yet" in words
    assert "Not sent yet Late was expected" in words
    assert "1 × Speaker" in words


def test_cancelled_order(telling: Telling, read: Callable[..., str]) -> None:
    telling.cancel()
    words = read()
    assert "Order cancelled by the buyer: requested by the buyer" in words
    assert "Not received" not in words


def test_order_without_items_or_parcels(alice: User, read: Callable[..., str]) -> None:
    Telling(alice)
    words = read()
    assert "No items are listed for this order." in words
    assert "No delivery date yet" in words


def test_history_is_newest_first_and_names_parcels(telling: Telling, read: Callable[..., str]) -> None:
    telling.confirm()
    telling.ship("S1", "L1", "L3")
    telling.ship("S2", "L2", at=-5)
    telling.deliver(parcel="S2", where="Front door")
    history = read().partition("Order history")[2]
    assert history.index("Delivered Parcel 2 Front door") < history.index("Payment confirmed")
    assert history.index("Payment confirmed") < history.index("Order placed")


def test_parcels_have_anchors_for_deep_links(telling: Telling, alice: User, signed_in: SignedIn) -> None:
    telling.ship("S/1")
    body = signed_in(alice).get("/orders/1042-77318/").content.decode()
    assert f'id="{shipment_anchor("S/1")}"' in body
    assert page_anchor("parcel", "S/1") != page_anchor("parcel", "S_2f1")


def test_hostile_facts_stay_words(telling: Telling, alice: User, signed_in: SignedIn) -> None:
    Item.objects.filter(line="L1").update(
        title="<script>alert(1)</script>",
        product_url="javascript:alert(1)",
        picture_url='x" onerror="alert(1)',
    )
    body = signed_in(alice).get("/orders/1042-77318/").content.decode()
    assert "<script>alert" not in body
    assert "javascript:" not in body
    assert '" onerror="' not in body


def test_only_the_buyer_reads_it(
    telling: Telling, alice: User, bob: User, carol: User, sam: User, signed_in: SignedIn
) -> None:
    for stranger in (bob, carol, sam):
        assert signed_in(stranger).get("/orders/1042-77318/").status_code == 404
    assert "no-store" in signed_in(alice).get("/orders/1042-77318/")["Cache-Control"]
    assert Client().get("/orders/1042-77318/")["Location"].startswith("/account/login/")
    assert signed_in(carol).get("/orders/nothing/").status_code == 404


def test_it_only_reads(telling: Telling, alice: User, signed_in: SignedIn) -> None:
    assert signed_in(alice).post("/orders/1042-77318/").status_code == 405


def test_statements_do_not_grow_with_the_order(
    alice: User, store: Store, brume: Store, signed_in: SignedIn
) -> None:
    small = Telling(alice, "SMALL", items=[(store, "Speaker", 1, "1")])
    small.ship()
    items = [((store, brume)[index % 2], f"Item {index}", 1, "1") for index in range(40)]
    large = Telling(alice, "LARGE", items=items)
    for parcel in range(5):
        large.ship(f"S{parcel}", *(f"L{1 + parcel * 8 + index}" for index in range(8)))
        for scan in range(12):
            large.scan("in_transit", -5 + scan * 0.25, f"S{parcel}")
    browser = signed_in(alice)
    for number in ("SMALL", "LARGE"):
        with statements() as found:
            assert browser.get(f"/orders/{number}/").status_code == 200
        assert len(found) == 9, found
