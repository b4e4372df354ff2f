"""The reading pages in Chromium: usable, accessible, in both languages, with and without scripts."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import Store, User
from notifications.announcements import send_announcement
from notifications.fanout import sweep_notices
from notifications.models import Announcement
from orders.models import Item, Order
from tests.browser import Browsing, assert_accessible
from tests.notifications.samples import SAMPLES
from tests.notifications.story import at, entry_of, make_order, milestone, tell

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def order(alice: User, store: Store) -> Order:
    order = make_order(alice, (store, "Ceramic lamp with a linen shade"), (store, "Bulb E27, warm white"))
    Item.objects.update(picture_url="/static/icons/favicon.svg")
    for kind, key, hours, params in SAMPLES:
        tell(order, milestone(order, kind, key, at(hours), params))
    sweep_notices()
    return order


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("device", ["wide", "phone", "narrow"])
def test_updates_of_an_order(browse: Browsing, alice: User, order: Order, device: str, language: str) -> None:
    alice.language = language
    alice.save(update_fields=["language"])
    page = browse.sign_in(alice, device).goto(reverse("inbox:read", args=[entry_of(alice).id]))  # type: ignore[arg-type]
    assert_accessible(page)
    first = page.locator("details.update").first
    assert not first.locator(".update-body").is_visible()
    first.locator("summary").click()
    assert first.locator(".update-body").is_visible()
    page.evaluate("document.querySelectorAll('details.update').forEach(each => each.open = true)")
    assert_accessible(page)


def test_updates_unfold_without_scripts(browse: Browsing, alice: User, order: Order) -> None:
    page = browse.sign_in(alice, script=False).goto(reverse("inbox:read", args=[entry_of(alice).id]))
    page.locator("details.update summary", has_text="Delivered").click()
    claim = page.get_by_role("link", name="Not received or wrong item?")
    assert claim.get_attribute("href") == "/orders/A-1001/claim/?shipment=S2"
    assert claim.is_visible()


def test_store_reads_its_side(browse: Browsing, store: Store, bob: User, order: Order) -> None:
    address = reverse("store_inbox:read", args=[store.slug, entry_of(store).id])
    page = browse.sign_in(bob).goto(address)
    assert page.get_by_role("heading", level=1).inner_text() == "The buyer has been refunded"
    assert_accessible(page)


def test_announcement(browse: Browsing, alice: User) -> None:
    text = {"en": "From Monday on.\n\nSee you."}
    announcement = Announcement.objects.create(
        title={"en": "New hours"}, text=text, link="https://example.org/"
    )
    send_announcement(announcement=announcement)
    sweep_notices()
    page = browse.sign_in(alice).goto(reverse("inbox:read", args=[entry_of(alice).id]))
    assert page.get_by_role("heading", level=1).inner_text() == "New hours"
    assert_accessible(page)
