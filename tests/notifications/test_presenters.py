"""The inbox rows and reading pages of orders and notices."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from allauth.account.signals import user_signed_up
from django.db import connection
from django.http import Http404
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from accounts.models import Store, User
from messagecenter.inbox.models import Source
from messagecenter.inbox.sources import presenter_of
from notifications.announcements import send_announcement
from notifications.fanout import sweep_notices
from notifications.models import Announcement, Notice
from notifications.welcome import welcome_person
from orders.models import Item, Order
from tests.cast import make_person, make_store
from tests.notifications.samples import SAMPLES
from tests.notifications.story import (
    at,
    entries_of,
    entry_of,
    make_order,
    milestone,
    parcel,
    placed,
    reader_of,
    stored_row,
    tell,
    words_of,
)

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def other_store(db: None) -> Store:
    return make_store("Lamp & Light", owner=make_person("Lea Lang"))


@pytest.fixture
def order(alice: User, store: Store, other_store: Store) -> Order:
    return make_order(
        alice,
        (store, "Ceramic lamp"),
        (store, "Bulb"),
        (store, "Shade"),
        (store, "Cable"),
        (store, "Socket"),
        (other_store, "Walnut table"),
    )


def test_row_of_the_buyer(order: Order, alice: User) -> None:
    Order.objects.update(status=Order.Status.PARTLY_SHIPPED)
    window = {"estimate_from": at(96).isoformat(), "estimate_to": at(144).isoformat()}
    tell(
        order,
        placed(order),
        milestone(order, "shipped", "shipped:S1", at(20), parcel(items=["1", "2"], **window)),
    )
    sweep_notices()
    words = words_of(entry_of(alice), reader_of(alice))
    assert (words.who, words.subject) == ("Bob's Books and 1 more", "Ceramic lamp and 1 more")
    assert words.preview == "With DHL, expected Tue, Nov 24 – Thu, Nov 26.".replace(" – ", "\u2009–\u2009")
    assert words.labels == [("Shipped", "info"), ("Partly shipped", "neutral")]
    assert [title for _address, title in words.pictures] == ["Ceramic lamp", "Bulb", "Shade", "Cable"]
    assert (words.more_pictures, words.updates) == (2, 2)


def test_row_of_the_store(order: Order, other_store: Store) -> None:
    tell(order, placed(order))
    sweep_notices()
    words = words_of(entry_of(other_store), reader_of(other_store))
    assert (words.who, words.subject) == ("Alice Arnaud", "Walnut table")
    assert words.preview == "1 item, €20.00."
    assert words.labels == [("New order", "neutral")]
    assert (len(words.pictures), words.more_pictures) == (1, 0)


def test_row_in_french(order: Order, alice: User) -> None:
    tell(order, placed(order))
    sweep_notices()
    with translation.override("fr"):
        words = words_of(entry_of(alice), reader_of(alice))
    assert (words.who, words.subject) == ("Bob's Books et 1 autre", "Ceramic lamp et 5 autres")
    assert words.labels == [("Confirmation de commande", "neutral")]


def test_row_without_pictures_or_items(alice: User, store: Store) -> None:
    order = make_order(alice, (store, "Lamp"))
    Item.objects.update(picture_url="")
    empty = make_order(alice, number="A-2")
    tell(order, placed(order))
    tell(empty, placed(empty))
    sweep_notices()
    rows = {row.source_id: row for row in map(stored_row, entries_of(alice))}
    words = presenter_of(Source.ORDER).list_rows([rows[order.pk], rows[empty.pk]], reader_of(alice))
    assert [(w.pictures, w.more_pictures) for w in words] == [([], 0), ([], 0)]
    assert words[1].subject == "Order A-2"


def test_cancelled_order_with_later_news_says_both(order: Order, alice: User) -> None:
    Order.objects.update(status=Order.Status.CANCELLED)
    refund = {"refund": "R1", "amount": "20.00", "currency": "EUR", "items": ["1"]}
    tell(order, placed(order), milestone(order, "order_cancelled", "cancelled", at(2), {"items": []}))
    sweep_notices()
    assert words_of(entry_of(alice), reader_of(alice)).labels == [("Order cancelled", "warning")]
    tell(order, milestone(order, "refund_issued", "refund:R1", at(5), refund))
    sweep_notices()
    labels = words_of(entry_of(alice), reader_of(alice)).labels
    assert labels == [("Refund of €20.00", "success"), ("Cancelled", "neutral")]


def test_fifty_rows_are_quick_and_ask_the_database_nothing(
    order: Order, alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for kind, key, hours, params in SAMPLES:
        tell(order, milestone(order, kind, key, at(hours), params))
    sweep_notices()
    row, reader = stored_row(entry_of(alice)), reader_of(alice)
    rows = [row] * 50
    presenter = presenter_of(Source.ORDER)
    presenter.list_rows(rows, reader)
    with django_assert_num_queries(0):
        best = min(_seconds(lambda: presenter.list_rows(rows, reader)) for _ in range(20))
    assert best < 0.003  # 0.6 ms on a quiet machine; a lazy word or a date by Babel in each row would take 5


def test_page_shows_the_latest_open_and_the_earlier_folded(
    order: Order, alice: User, signed_in: SignIn
) -> None:
    for kind, key, hours, params in SAMPLES:
        tell(order, milestone(order, kind, key, at(hours), params))
    sweep_notices()
    page = signed_in(alice).get(reverse("inbox:read", args=[entry_of(alice).id])).content.decode()
    assert "Your refund is on its way" in page
    assert page.count('<details class="update">') == len(SAMPLES) - 1
    assert page.index("Return authorised") < page.index("Delivered") < page.index("Order confirmation")
    assert "https://labels.example/T1.pdf" in page
    assert reverse("orders:detail", args=[order.number]) in page


def test_page_of_the_store_leads_to_its_own_order_page(
    order: Order, store: Store, bob: User, signed_in: SignIn
) -> None:
    tell(order, placed(order))
    sweep_notices()
    address = reverse("store_inbox:read", args=[store.slug, entry_of(store).id])
    page = signed_in(bob).get(address).content.decode()
    assert reverse("orders:store_detail", args=[store.slug, order.number]) in page
    assert "New order from Alice Arnaud" in page
    assert "alice@example.org" not in page
    assert "Walnut table" not in page
    assert "Lamp &amp; Light" not in page


def test_page_escapes_what_others_wrote(alice: User, store: Store, signed_in: SignIn) -> None:
    order = make_order(alice, (store, "<script>alert(1)</script>"), (store, "B"))
    evil = parcel(items=["1"], place="<b>x</b>", description="<img src=x>")
    tell(order, placed(order), milestone(order, "in_transit", "in_transit:S1", at(2), evil))
    sweep_notices()
    page = signed_in(alice).get(reverse("inbox:read", args=[entry_of(alice).id])).content.decode()
    for tag in ("<script>alert", "<b>x", "<img src=x"):
        assert tag not in page


def test_stranger_finds_nothing(order: Order, alice: User, carol: User, signed_in: SignIn) -> None:
    tell(order, placed(order))
    sweep_notices()
    entry = entry_of(alice)
    assert signed_in(carol).get(reverse("inbox:read", args=[entry.id])).status_code == 404
    request = RequestFactory().get("/")
    for owner in (carol, make_store("Third", owner=carol)):
        with pytest.raises(Http404):  # even with a row of another's order, as a fault might make one
            presenter_of(Source.ORDER).read_row(stored_row(entry), reader_of(owner, carol), request)


def test_row_whose_order_is_gone_is_not_found(order: Order, alice: User) -> None:
    tell(order, placed(order))
    sweep_notices()
    row = stored_row(entry_of(alice))._replace(source_id=order.pk + 999)
    with pytest.raises(Http404):
        presenter_of(Source.ORDER).read_row(row, reader_of(alice), RequestFactory().get("/"))


def test_statements_of_the_page_do_not_grow_with_the_updates(
    order: Order, alice: User, signed_in: SignIn
) -> None:
    counts = []
    browser = signed_in(alice)
    for samples in (SAMPLES[:1], SAMPLES):
        for kind, key, hours, params in samples:
            tell(order, milestone(order, kind, key, at(hours), params))
        sweep_notices()
        address = reverse("inbox:read", args=[entry_of(alice).id])
        browser.get(address)  # marks it read
        with CaptureQueriesContext(connection) as queries:
            browser.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_announcement_is_read(alice: User, signed_in: SignIn) -> None:
    text = {"en": "From Monday on.\n\n<b>See</b> you."}
    announcement = Announcement.objects.create(
        title={"en": "New hours"}, text=text, link="https://example.org/x"
    )
    send_announcement(announcement=announcement)
    sweep_notices()
    page = signed_in(alice).get(reverse("inbox:read", args=[entry_of(alice).id])).content.decode()
    assert "<p>From Monday on.</p>" in page
    assert "&lt;b&gt;See" in page
    assert 'href="https://example.org/x"' in page


def test_notice_to_one_person_is_never_read_through_another_mailbox(alice: User, carol: User) -> None:
    """A row without payload stands for a text stored once for everyone, and for nothing else."""
    welcome_person(None, alice)
    sweep_notices()
    row = stored_row(entry_of(alice))._replace(payload=None)
    assert Notice.objects.get().audience == "person"
    assert (
        presenter_of(Source.NOTICE).list_rows([row], reader_of(carol))[0].subject
        == "This message was withdrawn"
    )
    with pytest.raises(Http404):
        presenter_of(Source.NOTICE).read_row(row, reader_of(carol), RequestFactory().get("/"))


def test_welcome_is_the_first_message(alice: User, signed_in: SignIn) -> None:
    user_signed_up.send(sender=User, request=None, user=alice)
    sweep_notices()
    assert words_of(entry_of(alice), reader_of(alice)).subject == "Welcome to Message Center"
    page = signed_in(alice).get(reverse("inbox:read", args=[entry_of(alice).id])).content.decode()
    assert reverse("mfa_index") in page


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
