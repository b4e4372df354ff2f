"""A store's list of orders, and its own part of one."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client

from accounts.models import Role, Store, User
from orders.models import Order
from orders.pages.filters import StoreFilter
from orders.pages.handling import Handling, with_handling
from tests.cast import join_team, make_person
from tests.orders.pages.reading import Answer, statements, words_of
from tests.orders.pages.rows import make_order, make_parcel
from tests.orders.pages.told import Telling, days, window

SignedIn = Callable[[User], Client]
LIST = "/stores/bobs-books/orders/"


@pytest.fixture
def telling(alice: User, store: Store, brume: Store) -> Telling:
    items = [(store, "Speaker", 2, "64.50"), (brume, "Cushion", 1, "24.00"), (store, "Cable", 1, "24.90")]
    return Telling(alice, items=items, estimated_delivery=window(2, 4))


@pytest.fixture
def read(bob: User, signed_in: SignedIn) -> Callable[[], str]:
    browser = signed_in(bob)
    return lambda: words_of(browser.get(LIST + "1042-77318/"))


def numbers(response: Answer) -> list[str]:
    assert response.status_code == 200
    return re.findall(r'href="/stores/bobs-books/orders/([^/"]+)/"', response.content.decode())


def test_a_store_reads_its_own_part_alone(telling: Telling, bob: User, signed_in: SignedIn) -> None:
    telling.ship("S1", "L1", "L3")
    telling.ship("S2", "L2", at=-5, tracking_number="OTHERS")
    telling.cancel_items("L2", "L3", at=-6.5)
    telling.refund("24.00", "L2", refund="R-OTHER")
    telling.refund("30.00", "L2", "L3", refund="R-BOTH")
    telling.refund("5.00", "L1", refund="R-OWN")
    telling.take_back("L2", instructions="Send it to Atelier Brume")
    page = signed_in(bob).get(LIST + "1042-77318/")
    words = words_of(page)
    for own in ("Speaker", "Cable", "€129.00", "1Z999", "R-OWN", "€5.00", "1 item, by the seller"):
        assert own in words, own
    for others in (
        "Cushion",
        "Atelier Brume",
        "OTHERS",
        "R-OTHER",
        "R-BOTH",
        "€30.00",
        "€24.00",
        "2 items, by",
    ):
        assert others not in words, others


def test_a_store_sees_name_and_address_but_no_account_and_no_money_of_others(
    telling: Telling, bob: User, alice: User, signed_in: SignedIn
) -> None:
    body = signed_in(bob).get(LIST + "1042-77318/").content.decode()
    words = words_of(signed_in(bob).get(LIST + "1042-77318/"))
    assert "Buyer Alice Arnaud" in words
    assert "12 rue de la République 69100 Villeurbanne" in words
    assert "Your items €153.90" in words
    assert alice.email not in body
    for hidden in ("4242", "Visa", "€182.80", "€177.90", "€4.90"):
        assert hidden not in words, hidden
    assert "claim" not in body.lower()


def test_a_parcel_of_two_sellers_shows_each_its_own_items(
    telling: Telling, read: Callable[[], str], signed_in: SignedIn, brume: Store
) -> None:
    telling.ship("S1")
    words = read()
    assert "1Z999" in words
    assert "Cushion" not in words
    others = signed_in(brume.team.get()).get("/stores/atelier-brume/orders/1042-77318/")
    assert "Cushion" in words_of(others)
    assert "Speaker" not in words_of(others)


def test_a_single_seller_sees_refunds_and_returns_of_the_whole_order(
    alice: User, store: Store, read: Callable[[], str]
) -> None:
    telling = Telling(alice, items=[(store, "Speaker", 1, "64.50")])
    telling.refund("4.90")
    telling.take_back("L1", label_url="https://l.example/secret-label")
    words = read()
    assert "€4.90" in words
    assert "RT-5" in words
    assert "Return label" not in words


@pytest.mark.parametrize("path", [LIST, LIST + "1042-77318/"])
def test_membership_alone_opens_a_stores_pages(
    telling: Telling,
    alice: User,
    bob: User,
    carol: User,
    sam: User,
    store: Store,
    signed_in: SignedIn,
    path: str,
) -> None:
    for stranger in (alice, carol, sam):
        assert signed_in(stranger).get(path).status_code == 404
    assert Client().get(path).status_code == 302
    for role in Role:
        member = make_person(f"Member {role}", email=f"{role}@example.org")
        join_team(store, member, role)
        assert signed_in(member).get(path).status_code == 200
    assert signed_in(bob).post(path).status_code == 405


def test_an_order_of_other_stores_is_not_found(
    alice: User, bob: User, brume: Store, store: Store, signed_in: SignedIn
) -> None:
    Telling(alice, "BRUMES", items=[(brume, "Cushion", 1, "24.00")])
    browser = signed_in(bob)
    assert browser.get(LIST + "BRUMES/").status_code == 404
    assert browser.get("/stores/atelier-brume/orders/").status_code == 404
    assert browser.get("/stores/atelier-brume/orders/BRUMES/").status_code == 404
    assert numbers(browser.get(LIST)) == []


def test_the_list_tells_what_a_seller_needs(telling: Telling, bob: User, signed_in: SignedIn) -> None:
    words = words_of(signed_in(bob).get(LIST))
    row = "1042-77318 Nov 14, 2026 Alice Arnaud Speaker and 1 more item Arriving Tue, Nov 24 – Thu, Nov 26"
    assert row in words
    assert "Cushion" not in words


def test_tabs_lead_to_the_stores_messages(bob: User, store: Store, signed_in: SignedIn) -> None:
    body = signed_in(bob).get(LIST).content.decode()
    tabs = body.partition('<nav class="tabs"')[2].partition("</nav>")[0]
    assert 'aria-current="page">Orders' in tabs
    assert 'href="/stores/bobs-books/inbox/"' in tabs


def test_handling_follows_the_stores_own_pieces(telling: Telling, bob: User, signed_in: SignedIn) -> None:
    browser = signed_in(bob)

    def handling() -> str:
        found = [value for value in Handling.values if numbers(browser.get(LIST, {"status": value}))]
        assert len(found) == 1
        assert str(Handling(found[0]).label) in words_of(browser.get(LIST)).partition("Alice Arnaud")[2]
        return found[0]

    assert handling() == "unpaid"
    telling.confirm()
    assert handling() == "to_ship"
    telling.ship("S-BRUME", "L2", at=-7)  # the other seller's parcel changes nothing
    telling.deliver(-6.8, "S-BRUME")
    assert handling() == "to_ship"
    telling.ship("S1", ("L1", 1))
    assert handling() == "partly_shipped"
    telling.ship("S2", ("L1", 1), "L3", at=-5)
    assert handling() == "shipped"
    telling.deliver(-4, "S2")
    assert handling() == "partly_delivered"
    telling.deliver(-3, "S1")
    assert handling() == "delivered"


def test_own_items_cancelled_is_cancelled_for_the_store(
    telling: Telling, bob: User, signed_in: SignedIn
) -> None:
    telling.cancel_items("L1", "L3")
    assert numbers(signed_in(bob).get(LIST, {"status": "cancelled"})) == ["1042-77318"]


def test_problem_and_late_filters(
    alice: User, bob: User, store: Store, brume: Store, signed_in: SignedIn
) -> None:
    both = [(store, "Speaker", 1, "1"), (brume, "Cushion", 1, "1")]
    past, soon = window(-4, -2), window(1, 2)
    Telling(alice, "WELL", items=both, estimated_delivery=soon).ship()
    held = Telling(alice, "HELD", items=both, estimated_delivery=soon)
    held.ship()
    held.scan("exception", -1, problem={"kind": "customs"})
    freed = Telling(alice, "FREED", items=both, estimated_delivery=soon)
    freed.ship()
    freed.scan("exception", -1, problem={"kind": "customs"})
    freed.deliver(-0.5)
    Telling(alice, "UNSENT", items=both, estimated_delivery=past)
    Telling(alice, "SLOW", items=both, estimated_delivery=past).ship()
    Telling(alice, "NEWDATE", items=both, estimated_delivery=past).ship(estimated_delivery=soon)
    Telling(alice, "CANCELLED", items=both, estimated_delivery=past).cancel()
    others = Telling(alice, "OTHERS", items=both, estimated_delivery=past)
    others.ship("S1", "L1", seller_id=store.marketplace_id)
    others.deliver(-3, "S1")
    others.ship("S2", "L2", at=-2, seller_id=brume.marketplace_id)
    others.scan("exception", -1, "S2", problem={"kind": "customs"})
    browser = signed_in(bob)
    assert numbers(browser.get(LIST, {"trouble": "problem"})) == ["HELD"]
    assert sorted(numbers(browser.get(LIST, {"trouble": "late"}))) == ["SLOW", "UNSENT"]
    shown = words_of(browser.get(LIST, {"trouble": "late"}))
    assert shown.count("Late was expected") == 2


def test_search_and_dates_are_in_the_sellers_zone(
    alice: User, bob: User, store: Store, signed_in: SignedIn
) -> None:
    bob.time_zone = "Pacific/Auckland"
    bob.save()
    make_order(
        alice, "A-1", items=[(store, "Speaker", 1, "1")], placed_at=days(-1)
    )  # Sunday 4:00 in Auckland
    make_order(alice, "A-2", items=[(store, "Speaker", 1, "1")], placed_at=days(-2))
    browser = signed_in(bob)
    assert numbers(browser.get(LIST, {"since": "2026-11-22"})) == ["A-1"]
    assert numbers(browser.get(LIST, {"until": "2026-11-21"})) == ["A-2"]
    assert numbers(browser.get(LIST, {"since": "2026-11-21", "until": "2026-11-22"})) == ["A-1", "A-2"]
    assert numbers(browser.get(LIST, {"q": "a-2"})) == ["A-2"]
    assert "No order matches" in words_of(browser.get(LIST, {"q": "zzz"}))


def test_a_wrong_filter_says_so_beside_its_field(bob: User, store: Store, signed_in: SignedIn) -> None:
    body = signed_in(bob).get(LIST, {"since": "yesterday", "status": "zz"}).content.decode()
    assert body.count('class="field-error"') == 2
    assert 'aria-invalid="true"' in body


def test_statements_do_not_grow_with_the_stores_list(
    alice: User, bob: User, store: Store, signed_in: SignedIn
) -> None:
    browser = signed_in(bob)
    for number in range(50):
        make_parcel(
            make_order(alice, f"N{number}", items=[(store, "Speaker", 1, "1")] * 2), status="delivered"
        )
        if number + 1 in (1, 3, 50):
            with statements() as found:
                browser.get(LIST)
            assert len(found) == 3, found


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("", "order_placed"),
        ("status=delivered", "order_placed"),
        ("status=unpaid", "order_open"),
        ("status=to_ship", "order_open"),
        ("status=shipped", "order_open"),
        ("trouble=late", "order_open"),
        ("trouble=problem", "order_open"),
    ],
)
def test_the_list_walks_down_an_index_and_sorts_nothing(store: Store, query: str, index: str) -> None:
    """With sorting made dear, since the table is small here: without the index it would still be sorted."""
    own = with_handling(Order.objects.for_store(store), store)
    orders = StoreFilter(QueryDict(query), own, store=store).qs.order_by("-placed_at", "-pk")[:51]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off; SET LOCAL jit = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off; SET LOCAL enable_hashjoin = off")
    plan = orders.explain()
    assert f"using {index} on orders_order" in plan
    assert "Sort Key: orders_order.placed_at" not in plan


def test_statements_do_not_grow_with_a_stores_order(
    alice: User, bob: User, store: Store, brume: Store, signed_in: SignedIn
) -> None:
    browser = signed_in(bob)
    for number, count in (("SMALL", 1), ("LARGE", 30)):
        items = [(store, "Speaker", 1, "1"), (brume, "Cushion", 1, "1")] * count
        telling = Telling(alice, number, items=items)
        for parcel in range(count):
            telling.ship(f"S{parcel}", f"L{parcel * 2 + 1}")
            telling.scan("in_transit", -5, f"S{parcel}")
        with statements() as found:
            assert browser.get(f"{LIST}{number}/").status_code == 200
        assert len(found) == 9, found
