"""Carriers' names and their tracking pages, from words that strangers wrote."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.carriers import CARRIERS, Carrier, carrier_code, carrier_name, find_carrier, tracking_page


def test_codes_and_words_for_carriers_are_unique() -> None:
    codes = [carrier.code for carrier in CARRIERS]
    assert codes == sorted(codes)
    assert len(codes) == len(set(codes))
    for carrier in CARRIERS:
        for word in (carrier.code, carrier.name, *carrier.aliases):
            assert find_carrier(word) is carrier, word


@pytest.mark.parametrize("carrier", CARRIERS, ids=lambda carrier: carrier.code)
def test_page_of_each_carrier_is_a_safe_address_with_the_number(carrier: Carrier) -> None:
    page = tracking_page(carrier.code, "AB 123/4?x=5&y#z")
    assert page.startswith("https://")
    assert "AB123%2F4%3Fx%3D5%26y%23z" in page
    assert urlsplit(page).hostname == urlsplit(carrier.page).hostname


@pytest.mark.parametrize("word", ["dhl_express", "DHL Express", "DHLExpress", "dhl-express"])
def test_carrier_is_known_however_it_is_written(word: str) -> None:
    assert carrier_code(word) == "dhl_express"
    assert carrier_name(word, "something else") == "DHL Express"


def test_unknown_carrier_keeps_its_word_and_given_name() -> None:
    assert carrier_code("fast_parcels") == "fast_parcels"
    assert carrier_name("fast_parcels", "Fast Parcels Ltd") == "Fast Parcels Ltd"
    assert carrier_name("fast_parcels") == "Fast parcels"
    assert tracking_page("fast_parcels", "123") == ""


def test_given_address_wins_if_it_is_safe() -> None:
    given_url = "https://track.example.org/p/1?x=2#y"
    assert tracking_page("ups", "1Z1", given_url) == given_url
    assert tracking_page("fast_parcels", "", given_url) == given_url


@pytest.mark.parametrize(
    "bad",
    [
        "http://track.example.org/1",
        "javascript:alert(1)",
        "https://",
        "https:///path",
        "https://user@evil.example/",
        "https://[::1/",
        'https://example.org/"onmouseover="x',
        "https://example.org/a b",
        "https://example.org/a\\b",
        "https://example.org/\u202e",
        "HTTPS",
        "//example.org/x",
    ],
)
def test_unsafe_address_gives_way_to_the_carriers_own(bad: str) -> None:
    assert tracking_page("ups", "1Z1", bad) == "https://www.ups.com/track?tracknum=1Z1"
    assert tracking_page("fast_parcels", "1Z1", bad) == ""


@given(number=st.text(), url=st.text())
def test_no_number_and_no_address_leave_their_place(number: str, url: str) -> None:
    page = tracking_page("ups", number, url)
    assert page in ("", url) or page.startswith("https://www.ups.com/track?tracknum=")
    assert not set(page) & set("\"'<> \n\t\\") or page == url
    if page == url and url:
        assert urlsplit(url).scheme == "https"
