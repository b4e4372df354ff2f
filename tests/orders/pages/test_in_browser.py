"""The order pages in Chromium: each width, light and dark, English and French, with script and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Store, User
from orders.models import Claim
from orders.pages import buyer
from tests.browser import Browsing, Device, assert_accessible
from tests.orders.pages.rows import make_order, make_parcel
from tests.orders.pages.told import Telling, days, window

pytestmark = pytest.mark.django_db(transaction=True)
DEVICES: list[Device] = ["wide", "phone", "narrow"]
TITLE = "Très long titre d’un produit avec beaucoup de mots, référence ABC-123456789-XYZ-987654321, "


@pytest.fixture
def everything(alice: User, store: Store, brume: Store) -> Telling:
    """Three parcels (late, delivered, in trouble) of two sellers; a cancelled item, a return, a refund."""
    items = [(store, TITLE * 3, 2, "64.50"), (brume, "Cushion", 1, "24.00"), (store, "Cable", 1, "24.90")]
    items += [(brume, "Throw", 1, "89.00"), (store, "Supercalifragilistic" * 10, 1, "5.00")]
    telling = Telling(alice, items=items, estimated_delivery=window(-3, -2))
    telling.confirm()
    telling.cancel_items("L3")
    telling.ship("S1", "L1", tracking_number="X" * 64, carrier="a_carrier_nobody_knows_with_a_long_name")
    for index in range(12):
        telling.scan("in_transit", -5 + index * 0.3, description="Sorted " * 20, place=f"Depot {index}")
    telling.ship("S2", "L2", at=-5)
    telling.deliver(-2, "S2", where="Parcel locker 12, 4 place Bellecour", signed_by="C. Girard")
    telling.ship("S3", "L4", at=-4)
    steps = [{"kind": "reschedule", "url": "https://carrier.example/later", "until": days(2).isoformat()}]
    telling.scan("exception", -1, "S3", problem={"kind": "failed_attempt", "next_steps": steps})
    telling.take_back("L2", instructions="Pack it.\nSend it.", deadline=days(9).isoformat())
    telling.refund("24.90", "L3", reason="out_of_stock")
    return telling


@pytest.fixture
def many(alice: User, store: Store) -> None:
    for index in range(buyer.PAGE_SIZE + 3):
        number = f"1042-{index:05}" if index != 5 else "NUMBER-" * 9
        order = make_order(
            alice, number, items=[(store, f"Thing {index}", 1, "5.00")], placed_at=days(-index)
        )
        if index % 2:
            make_parcel(order)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("device", DEVICES)
def test_order_page(
    browse: Browsing, alice: User, everything: Telling, device: Device, language: str
) -> None:
    alice.language = language
    alice.save()
    page = browse.sign_in(alice, device).goto("/orders/1042-77318/")
    words = {"en": "Sold by Atelier Brume", "fr": "Vendu par Atelier Brume"}[language]
    expect(page.get_by_text(words)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", language)
    assert_accessible(page)


@pytest.mark.parametrize("device", DEVICES)
def test_order_page_of_a_store(browse: Browsing, bob: User, everything: Telling, device: Device) -> None:
    page = browse.sign_in(bob, device).goto("/stores/bobs-books/orders/1042-77318/")
    expect(page.get_by_text("Your items")).to_be_visible()
    expect(page.get_by_text("Cushion")).to_have_count(0)
    assert_accessible(page)


def test_bare_order_page(browse: Browsing, alice: User) -> None:
    Telling(alice)
    page = browse.sign_in(alice, "phone").goto("/orders/1042-77318/")
    expect(page.get_by_text("No items are listed")).to_be_visible()
    assert_accessible(page)


def test_older_scans_unfold_and_print_shows_them_all(
    browse: Browsing, alice: User, everything: Telling
) -> None:
    page = browse.sign_in(alice).goto("/orders/1042-77318/")
    first = page.locator("#parcel-S1").get_by_text("Depot 0", exact=True)
    expect(first).not_to_be_visible()
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(first).to_be_visible()
    expect(page.get_by_role("link", name="Your orders")).not_to_be_visible()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    expect(first).not_to_be_visible()
    page.get_by_text("earlier updates").first.click()
    expect(first).to_be_visible()


def test_a_deep_link_shows_its_parcel_below_the_header(
    browse: Browsing, alice: User, everything: Telling
) -> None:
    page = browse.sign_in(alice, "phone").goto("/orders/1042-77318/#parcel-S3")
    heading = page.get_by_role("heading", name="Parcel 3 of 3")
    expect(heading).to_be_in_viewport()
    header = page.locator("header.top").bounding_box()
    box = heading.bounding_box()
    assert header is not None
    assert box is not None
    assert box["y"] >= header["y"] + header["height"]


def numbers(page: Page) -> list[str]:
    return [words.removeprefix("Order ") for words in page.locator(".order-row a").all_inner_texts()]


@pytest.mark.parametrize("device", DEVICES)
def test_list(browse: Browsing, alice: User, everything: Telling, many: None, device: Device) -> None:
    page = browse.sign_in(alice, device).goto("/orders/")
    assert len(numbers(page)) == buyer.PAGE_SIZE
    assert_accessible(page)
    page.get_by_role("link", name="Older orders").click()
    assert len(numbers(page)) == 4
    page.get_by_role("link", name="Newer orders").click()
    page.get_by_role("navigation", name="Status").get_by_role("link", name="Delivered").click()
    expect(page.get_by_text("No order matches")).to_be_visible()
    assert_accessible(page)
    page.go_back()
    assert len(numbers(page)) == buyer.PAGE_SIZE


def test_search_in_the_list(browse: Browsing, alice: User, many: None) -> None:
    page = browse.sign_in(alice, script=False).goto("/orders/?status=preparing")
    page.get_by_role("searchbox").fill("thing 21")
    page.get_by_role("searchbox").press("Enter")
    assert "status=preparing" in page.url
    assert numbers(page) == ["1042-00021"]
    page.get_by_role("link", name="Order 1042-00021").click()
    expect(page.get_by_role("heading", name="Order 1042-00021")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("device", DEVICES)
def test_store_list(
    browse: Browsing, bob: User, everything: Telling, many: None, device: Device, language: str
) -> None:
    bob.language = language
    bob.save()
    page = browse.sign_in(bob, device).goto("/stores/bobs-books/orders/")
    expect(page.locator(".store-orders tbody tr")).to_have_count(buyer.PAGE_SIZE + 4)
    assert_accessible(page)


def test_store_list_filters_without_script(
    browse: Browsing, bob: User, everything: Telling, many: None
) -> None:
    page = browse.sign_in(bob, script=False).goto("/stores/bobs-books/orders/")
    page.get_by_label("Problem or late").select_option("late")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".store-orders tbody tr")).to_have_count(1)
    expect(page.get_by_label("Problem or late")).to_have_value("late")
    page.get_by_role("link", name="Clear").click()
    page.get_by_label("Order number").fill("0000")
    page.get_by_label("Placed from").fill("2026-11-21")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".store-orders tbody tr")).to_have_count(2)


def test_store_list_filters_unfold_on_a_phone(browse: Browsing, bob: User, many: None) -> None:
    page = browse.sign_in(bob, "phone").goto("/stores/bobs-books/orders/")
    field = page.get_by_label("Order number")
    expect(field).not_to_be_visible()
    page.get_by_text("Search and filter").click()
    field.fill("00003")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".store-orders tbody tr")).to_have_count(1)
    expect(field).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize("script", [True, False])
def test_claim_from_the_order_page_and_back(
    browse: Browsing, alice: User, everything: Telling, script: bool
) -> None:
    page = browse.sign_in(alice, "phone", script=script).goto("/orders/1042-77318/")
    page.get_by_role("link", name="Not received or wrong item?").click()
    expect(page.get_by_role("radio")).to_have_count(4)
    page.get_by_label("Details").fill("It is blue.")
    page.get_by_role("button", name="Send the claim").click()
    expect(page.get_by_text("This field is required.")).to_be_visible()
    expect(page.get_by_label("Details")).to_have_value("It is blue.")
    page.get_by_label("I received the wrong item").check()
    page.get_by_role("button", name="Send the claim").click()
    claim = Claim.objects.get()
    expect(page).to_have_url(f"{browse.server}/orders/1042-77318/#parcel-S2")
    expect(page.get_by_text(f"Your claim C{claim.pk} is open.")).to_be_visible()
    parcel = page.locator("#parcel-S2")
    expect(parcel.get_by_text("I received the wrong item")).to_be_visible()
    parcel.get_by_text("What you wrote").click()
    expect(parcel.get_by_text("It is blue.")).to_be_visible()


def test_claim_form(browse: Browsing, alice: User, store: Store) -> None:
    telling = Telling(alice, items=[(store, TITLE, 1, "54.00"), (store, "Clips", 1, "4.00")])
    telling.ship()
    telling.deliver()
    for language, device in (("en", "wide"), ("fr", "phone")):
        alice.language = language
        alice.save()
        page = browse.sign_in(alice, device).goto("/orders/1042-77318/claim/")  # type: ignore[arg-type]
        assert_accessible(page)
        page.locator("form.claim-form .btn.primary").click()
        expect(page.locator(".field-error").first).to_be_visible()
        assert_accessible(page)


def test_claim_counts_what_is_typed_and_a_double_click_opens_one(
    browse: Browsing, alice: User, store: Store
) -> None:
    telling = Telling(alice, items=[(store, "Lamp", 1, "54.00")])
    telling.ship()
    telling.deliver()
    page = browse.sign_in(alice).goto("/orders/1042-77318/claim/?shipment=S1")
    page.get_by_label("Details").fill("Nothing at the door.")
    expect(page.get_by_text("20 / 2,000")).to_be_visible()
    page.get_by_label("I did not receive it").check()
    page.get_by_role("button", name="Send the claim").dblclick()
    expect(page.get_by_text("is open.")).to_be_visible()
    assert Claim.objects.count() == 1


def test_claim_choice(browse: Browsing, alice: User, everything: Telling) -> None:
    page = browse.sign_in(alice, "phone").goto("/orders/1042-77318/claim/")
    expect(page.get_by_text("Which delivery is it about?")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Claim this Parcel 2 of 3").click()
    expect(page.get_by_role("button", name="Send the claim")).to_be_visible()
