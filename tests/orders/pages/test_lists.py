"""The buyer's list of orders."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import Store, User
from orders.pages import buyer
from tests.orders.pages.reading import Answer, statements, words_of
from tests.orders.pages.rows import NOW, make_order, make_parcel
from tests.orders.pages.told import Telling, window

SignedIn = Callable[[User], Client]


def numbers(response: Answer) -> list[str]:
    assert response.status_code == 200
    return re.findall(r'href="/orders/([^/"]+)/"', response.content.decode())


def address_of(response: Answer, words: str) -> str:
    """Where the link with these words leads."""
    found = re.search(rf'href="([^"]*)"[^>]*>(?:<svg.*?</svg>)?\s*{words}', response.content.decode())
    assert found, words
    return found[1].replace("&amp;", "&")


def test_newest_first_and_only_ones_own(alice: User, carol: User, store: Store, signed_in: SignedIn) -> None:
    Telling(alice, "OLD", items=[(store, "Speaker", 1, "1")], at=-20)
    Telling(carol, "CAROLS", items=[(store, "Speaker", 1, "1")], at=-10)
    Telling(alice, "NEW", items=[(store, "Speaker", 1, "1")], at=-1)
    assert numbers(signed_in(alice).get("/orders/")) == ["NEW", "OLD"]


def test_a_row_tells_items_state_and_total(alice: User, store: Store, signed_in: SignedIn) -> None:
    items = [(store, f"Thing {index}", 1, "9.90") for index in range(6)]
    telling = Telling(alice, items=items, estimated_delivery=window(2, 4))
    browser = signed_in(alice)
    words = words_of(browser.get("/orders/"))
    assert "Arriving Tue, Nov 24 – Thu, Nov 26" in words
    assert "Thing 0 and 5 more items" in words
    assert "+3" in words
    assert "€182.80 Order placed" in words
    telling.ship()
    telling.deliver(where="Parcel locker 12")
    assert "Delivered Fri, Nov 20 Parcel locker 12" in words_of(browser.get("/orders/"))


def test_the_worst_news_of_several_parcels_comes_first(
    alice: User, store: Store, brume: Store, signed_in: SignedIn
) -> None:
    items = [(store, "Speaker", 1, "1"), (brume, "Cushion", 1, "1"), (brume, "Throw", 1, "1")]
    telling = Telling(alice, items=items, estimated_delivery=window(2, 4))
    telling.ship("S1", "L1")
    telling.deliver(parcel="S1")
    browser = signed_in(alice)
    assert "Arriving Tue, Nov 24 – Thu, Nov 26 1 parcel delivered" in words_of(browser.get("/orders/"))
    telling.ship("S2", "L2", at=-2)
    telling.scan("exception", -1, "S2", problem={"kind": "customs"})
    assert "Held at customs Now expected Tue, Nov 24" in words_of(browser.get("/orders/"))


@pytest.fixture
def fifty(alice: User, store: Store) -> list[str]:
    """Numbers, newest first; every second one was placed in the same second as the one before."""
    for index in range(50):
        make_order(
            alice,
            f"N{index:02}",
            items=[(store, f"Thing {index}", 1, "5.00")],
            placed_at=NOW - timedelta(hours=100 - index // 2),
            status="delivered" if index % 5 == 0 else "confirmed",
        )
    return [f"N{index:02}" for index in reversed(range(50))]


def test_pages_by_key_there_and_back(alice: User, fifty: list[str], signed_in: SignedIn) -> None:
    browser, size = signed_in(alice), buyer.PAGE_SIZE
    first = browser.get("/orders/")
    second = browser.get("/orders/" + address_of(first, "Older orders"))
    third = browser.get("/orders/" + address_of(second, "Older orders"))
    assert numbers(first) + numbers(second) + numbers(third) == fifty
    assert len(numbers(first)) == len(numbers(second)) == size
    assert "Newer orders" not in first.content.decode()
    assert "Older orders" not in third.content.decode()
    back = browser.get("/orders/" + address_of(third, "Newer orders"))
    assert numbers(back) == numbers(second)
    assert numbers(browser.get("/orders/" + address_of(back, "Newer orders"))) == numbers(first)


@pytest.mark.parametrize("cursor", ["", "x", "1-", "-1-2", "1e9-1", "9" * 30 + "-1"])
@pytest.mark.parametrize("side", ["before", "after"])
def test_a_page_that_never_was_is_not_found(alice: User, signed_in: SignedIn, side: str, cursor: str) -> None:
    assert signed_in(alice).get("/orders/", {side: cursor}).status_code == 404


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("preparing", "placed"),
        ("preparing", "confirmed"),
        ("on_the_way", "partly_shipped"),
        ("on_the_way", "shipped"),
        ("on_the_way", "partly_delivered"),
        ("delivered", "delivered"),
        ("cancelled", "cancelled"),
    ],
)
def test_status_filter(alice: User, store: Store, signed_in: SignedIn, state: str, status: str) -> None:
    make_order(alice, "WANTED", items=[(store, "Speaker", 1, "1")], status=status)
    other = "cancelled" if status != "cancelled" else "placed"
    make_order(alice, "OTHER", items=[(store, "Speaker", 1, "1")], status=other)
    browser = signed_in(alice)
    assert numbers(browser.get("/orders/", {"status": state})) == ["WANTED"]
    assert len(numbers(browser.get("/orders/"))) == 2


def test_filters_stay_in_the_address_of_the_next_page(
    alice: User, fifty: list[str], signed_in: SignedIn
) -> None:
    browser = signed_in(alice)
    first = browser.get("/orders/?status=preparing&q=thing")
    older = address_of(first, "Older orders")
    assert "status=preparing" in older
    assert "q=thing" in older
    rest = browser.get("/orders/" + older)
    wanted = [number for number in fifty if int(number[1:]) % 5]
    assert numbers(first) + numbers(rest) == wanted


def test_search_by_number_or_by_words_of_a_title(alice: User, store: Store, signed_in: SignedIn) -> None:
    make_order(alice, "1042-77318", items=[(store, "Walnut speaker, 20 W", 1, "1")])
    make_order(alice, "1042-90000", items=[(store, "Cushion", 1, "1")])
    browser = signed_in(alice)
    for words in ("77318", "speaker walnut", " WALNUT "):
        assert numbers(browser.get("/orders/", {"q": words})) == ["1042-77318"]
    assert numbers(browser.get("/orders/", {"q": "walnut cushion"})) == []
    assert numbers(browser.get("/orders/", {"q": "%"})) == []


def test_empty_states(alice: User, signed_in: SignedIn) -> None:
    browser = signed_in(alice)
    assert "No orders yet" in words_of(browser.get("/orders/"))
    assert "No order matches" in words_of(browser.get("/orders/?q=nothing"))
    words = words_of(browser.get("/orders/?status=nonsense"))
    assert "Select a valid choice." in words


def test_statements_do_not_grow_with_the_list(alice: User, store: Store, signed_in: SignedIn) -> None:
    browser = signed_in(alice)
    for number in range(20):
        make_parcel(make_order(alice, f"N{number}", items=[(store, "Speaker", 1, "1")] * 3))
        if number in (0, 2, 19):
            with statements() as found:
                browser.get("/orders/")
            assert len(found) == 3, found


def test_nobody_reads_it_unless_signed_in() -> None:
    assert Client().get("/orders/").status_code == 302
