"""The inbox in a browser."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from accounts.models import Role, Store, User
from messagecenter.inbox.models import Category, Entry, Mailbox, State
from tests.browser import Browsing, Device, assert_accessible, assert_no_overflow
from tests.cast import join_team, make_person
from tests.messagecenter.inbox.samples import ONE_PIXEL, deliver, deliver_many

pytestmark = pytest.mark.django_db(transaction=True)

LONG = "Votre commande est arrivée au point de retrait et vous y attend jusqu’à samedi soir au plus tard " * 3


@pytest.fixture
def full(inbox: Mailbox) -> Mailbox:
    """A mailbox with something of everything, over some months."""
    now = timezone.now()
    pictures = [(ONE_PIXEL, f"Book {n}") for n in range(6)]
    deliver(
        inbox,
        "Out for delivery",
        at=now,
        category=Category.ORDERS,
        labels=[("Today", "info")],
        pictures=pictures,
    )
    deliver(inbox, "Re: Your question", at=now - timedelta(hours=2), has_attachment=True)
    deliver(
        inbox, LONG, who=LONG, preview=LONG, at=now - timedelta(days=1), labels=[("Shipped", "success")] * 2
    )
    deliver(
        inbox, "Delivery attempted", at=now - timedelta(days=3), labels=[("Problem", "warning")], unread=False
    )
    deliver(inbox, "Cancelled", at=now - timedelta(days=40), labels=[("Cancelled", "danger")], unread=False)
    deliver(inbox, "New sign-in", at=now - timedelta(days=400), category=Category.PLATFORM, unread=False)
    deliver(inbox, "Winter sale", at=now - timedelta(days=401), category=Category.OFFERS, updates=3)
    return inbox


def row(page: Page, words: str) -> Locator:
    return page.locator(".row", has=page.locator(".subject", has_text=re.compile(f"^{re.escape(words)}$")))


def act(page: Page, words: str, button: str) -> None:
    """A row's own button, as one finds it: under the pointer."""
    row(page, words).hover()
    row(page, words).get_by_role("button", name=button).click()


def unread_in_header(page: Page) -> str:
    return page.locator(".top-links [data-unread=own]").inner_text().split("\n")[0]


@pytest.mark.parametrize("device", ["wide", "phone", "narrow"])
def test_the_list_is_accessible_and_fits(
    browse: Browsing, alice: User, full: Mailbox, device: Device
) -> None:
    page = browse.sign_in(alice, device).goto("/inbox/")
    assert page.locator(".day").first.inner_text() == "Today"
    assert_accessible(page)
    if device == "wide":
        row(page, "Cancelled").hover()
    page.locator(".row-pick input").first.check()
    assert_accessible(page)


@pytest.mark.parametrize("device", ["wide", "phone"])
def test_reading_is_accessible_and_marks_read(
    browse: Browsing, alice: User, full: Mailbox, device: Device
) -> None:
    page = browse.sign_in(alice, device).goto("/inbox/?tab=orders")
    page.get_by_role("link", name="Out for delivery").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Out for delivery")
    assert_accessible(page)
    page.locator(".toolbar").get_by_role("link", name="Orders").click()
    expect(row(page, "Out for delivery")).not_to_have_class(re.compile("unread"))


@pytest.mark.parametrize(
    "address", ["/inbox/", "/inbox/?tab=offers", "/inbox/?box=archive", "/inbox/?tab=none"]
)
def test_an_empty_list_and_a_bad_address_are_accessible(browse: Browsing, alice: User, address: str) -> None:
    bad = "none" in address
    page = browse.sign_in(alice).goto(address, status=400 if bad else 200)
    assert_accessible(page)
    if bad:
        browse.forgive("400")


def test_tabs_lead_to_their_rows(browse: Browsing, alice: User, full: Mailbox) -> None:
    page = browse.sign_in(alice).goto("/inbox/")
    expect(page.locator(".row")).to_have_count(7)
    page.locator(".side-nav").get_by_role("link", name="Offers").click()
    expect(page.locator(".row .subject")).to_have_text(["Winter sale"])
    expect(page.locator(".side-nav [aria-current=page]")).to_contain_text("Offers")


def test_archive_takes_a_row_away_and_undo_brings_it_back(
    browse: Browsing, alice: User, full: Mailbox
) -> None:
    page = browse.sign_in(alice).goto("/inbox/")
    page.evaluate("window.stayed = true")
    assert unread_in_header(page) == "4"
    act(page, "Re: Your question", "Archive")
    expect(page.locator(".toast")).to_contain_text("Message archived")
    expect(row(page, "Re: Your question")).to_have_count(0)
    assert unread_in_header(page) == "3"
    expect(page.locator(".side-nav .count").first).to_have_text("3 unread")
    assert_accessible(page)

    page.get_by_role("button", name="Undo").click()
    expect(row(page, "Re: Your question")).to_have_count(1)
    expect(page.locator(".toast")).to_contain_text("Undone")
    expect(row(page, "Re: Your question").locator(".row-link")).to_be_focused()
    assert unread_in_header(page) == "4"
    assert page.evaluate("window.stayed"), "the page was loaded anew"


def test_delete_moves_to_the_trash_from_where_it_comes_back(
    browse: Browsing, alice: User, full: Mailbox
) -> None:
    page = browse.sign_in(alice).goto("/inbox/")
    act(page, "Cancelled", "Delete")
    expect(page.locator(".toast")).to_contain_text("Message moved to the trash")
    page.locator(".side-nav").get_by_role("link", name="Trash").click()
    act(page, "Cancelled", "Move to inbox")
    expect(page.get_by_text("The trash is empty")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(row(page, "Cancelled")).to_have_count(1)


def test_what_is_picked_is_dealt_with_at_once(browse: Browsing, alice: User, full: Mailbox) -> None:
    page = browse.sign_in(alice).goto("/inbox/")
    page.get_by_label("Select all on this page").check()
    expect(page.locator("[data-selected-count]")).to_have_text("7 selected")
    page.get_by_role("button", name="Mark as read").click()
    expect(page.locator(".toast")).to_contain_text("4 messages marked as read")
    expect(page.locator(".row.unread")).to_have_count(0)
    expect(page.get_by_label("Select all on this page")).to_be_focused()
    assert unread_in_header(page) == ""
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".row.unread")).to_have_count(4)


def test_what_is_picked_stays_picked_while_another_row_is_dealt_with(
    browse: Browsing, alice: User, full: Mailbox
) -> None:
    page = browse.sign_in(alice).goto("/inbox/")
    page.get_by_role("checkbox", name="Cancelled").check()
    act(page, "Re: Your question", "Archive")
    expect(row(page, "Re: Your question")).to_have_count(0)
    expect(page.get_by_role("checkbox", name="Cancelled")).to_be_checked()
    expect(page.locator("[data-selected-count]")).to_have_text("1 selected")


def test_keys_do_what_buttons_do(browse: Browsing, alice: User, full: Mailbox) -> None:
    page = browse.sign_in(alice).goto("/inbox/")
    row(page, "Out for delivery").locator(".row-link").focus()
    page.keyboard.press("u")
    expect(row(page, "Out for delivery")).not_to_have_class(re.compile("unread"))
    expect(row(page, "Out for delivery").locator(".row-link")).to_be_focused()
    page.keyboard.press("j")
    expect(row(page, "Re: Your question").locator(".row-link")).to_be_focused()
    page.keyboard.press("x")
    expect(page.get_by_role("checkbox", name="Re: Your question")).to_be_checked()
    page.keyboard.press("e")
    expect(row(page, "Re: Your question")).to_have_count(0)
    expect(page.locator(".row").nth(1).locator(".row-link")).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("#")
    expect(page.locator(".toast")).to_contain_text("Message moved to the trash")
    expect(page.locator(".row")).to_have_count(5)


def test_pages_follow_each_other_and_back(browse: Browsing, alice: User, inbox: Mailbox) -> None:
    deliver_many(inbox, 120)
    page = browse.sign_in(alice).goto("/inbox/")
    expect(page.locator(".row .subject").first).to_have_text("Message 1")
    page.get_by_role("link", name="Older messages").last.click()
    expect(page.locator(".row .subject").first).to_have_text("Message 51")
    page.get_by_role("link", name="Older messages").first.click()
    expect(page.locator(".row")).to_have_count(20)
    assert page.get_by_role("link", name="Older messages").count() == 0
    page.get_by_role("link", name="Newer messages").click()
    expect(page.locator(".row .subject").first).to_have_text("Message 51")
    page.get_by_role("link", name="Message 60", exact=False).click()
    page.locator(".toolbar").get_by_role("link", name="Messages").click()
    expect(page.locator(".row .subject").first).to_have_text("Message 51")


def test_an_action_without_an_answer_says_so(browse: Browsing, alice: User, full: Mailbox) -> None:
    page = browse.sign_in(alice).goto("/inbox/")
    Entry.objects.for_mailbox(full.id).filter(state=State.INBOX, unread=False).delete()
    act(page, "Cancelled", "Archive")
    expect(page.locator(".toast")).to_contain_text("That did not work")
    browse.forgive("404")
    page.get_by_role("link", name="Reload").click()
    expect(row(page, "Cancelled")).to_have_count(0)


def test_who_was_signed_out_meanwhile_is_sent_to_sign_in(
    browse: Browsing, alice: User, full: Mailbox
) -> None:
    visitor = browse.sign_in(alice)
    page = visitor.goto("/inbox/")
    visitor.context.clear_cookies(name="sessionid")
    act(page, "Cancelled", "Archive")
    page.wait_for_url("**/account/login/?next=/inbox/")


@pytest.mark.parametrize("device", ["wide", "phone"])
def test_everything_works_without_scripts(
    browse: Browsing, alice: User, full: Mailbox, device: Device
) -> None:
    page = browse.sign_in(alice, device, script=False).goto("/inbox/")
    page.get_by_role("checkbox", name="Cancelled").check()
    page.get_by_role("checkbox", name="New sign-in").check()
    page.get_by_role("button", name="Archive").click()
    expect(page.locator(".toast")).to_contain_text("2 messages archived")
    expect(page.locator(".row")).to_have_count(5)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("Undone")
    expect(page.locator(".row")).to_have_count(7)
    page.get_by_role("link", name="Cancelled").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.locator(".toast")).to_contain_text("Message moved to the trash")
    expect(row(page, "Cancelled")).to_have_count(0)
    assert_no_overflow(page)


@pytest.mark.parametrize("device", ["wide", "narrow"])
def test_it_speaks_french_and_still_fits(
    browse: Browsing, alice: User, full: Mailbox, device: Device
) -> None:
    User.objects.filter(pk=alice.pk).update(language="fr")
    alice.refresh_from_db()
    page = browse.sign_in(alice, device).goto("/inbox/")
    expect(page.locator(".day").first).to_have_text("Aujourd’hui")
    page.locator(".row-pick input").first.check()
    assert_accessible(page)
    page.get_by_role("button", name="Archiver", exact=True).first.click()
    expect(page.locator(".toast")).to_contain_text("Message archivé")


def test_a_stores_read_only_member_sees_no_buttons(
    browse: Browsing, store: Store, store_inbox: Mailbox
) -> None:
    reader = make_person("Rita")
    join_team(store, reader, Role.READER)
    deliver(store_inbox, "A question", category=Category.SELLERS)
    page = browse.sign_in(reader).goto("/stores/bobs-books/inbox/")
    row(page, "A question").hover()
    assert page.locator(".row button, .toolbar button, .row-pick").count() == 0
    assert_accessible(page)
    page.get_by_role("link", name="A question").click()
    assert page.locator(".reading .toolbar button").count() == 0


def test_a_stores_team_reaches_its_orders_and_back(browse: Browsing, bob: User, store_inbox: Mailbox) -> None:
    deliver(store_inbox, "A question", category=Category.SELLERS)
    page = browse.sign_in(bob).goto("/stores/bobs-books/inbox/")
    expect(page.locator(".top-links [aria-current=page]")).to_contain_text("Bob's Books")
    page.locator(".top-links").get_by_role("link", name="Bob's Books").click()
    page.wait_for_url("**/stores/bobs-books/orders/")
    page.locator("main").get_by_role("link", name="Message Center").click()
    page.wait_for_url("**/stores/bobs-books/inbox/")
    page.locator(".side-nav").get_by_role("link", name="All orders").click()
    page.wait_for_url("**/stores/bobs-books/orders/")
