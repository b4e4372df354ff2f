from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.session import SessionStorage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from messagecenter.inbox import shell, views
from messagecenter.inbox.models import Category, Mailbox, State
from messagecenter.inbox.paging import Cursor
from tests.messagecenter.inbox.samples import deliver, deliver_many, reads

SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}
STORE = "/stores/bobs-books/inbox/"


class TestList:
    def test_the_start_page_is_the_inbox(self, browser: Client, inbox: Mailbox) -> None:
        assert browser.get("/").headers["Location"] == "/inbox/"

    def test_it_shows_this_mailbox_and_no_other(
        self, browser: Client, inbox: Mailbox, store_inbox: Mailbox
    ) -> None:
        deliver(inbox, "Mine")
        deliver(store_inbox, "Theirs")
        page = reads(browser.get("/inbox/"))
        assert "Mine" in page
        assert "Theirs" not in page

    @pytest.mark.parametrize(
        ("address", "words"),
        [
            ("/inbox/", "Nothing here yet"),
            ("/inbox/?tab=offers", "Nothing under this tab"),
            ("/inbox/?box=archive", "The archive is empty"),
            ("/inbox/?box=trash", "The trash is empty"),
        ],
    )
    def test_an_empty_list_says_why(self, browser: Client, address: str, words: str) -> None:
        answer = browser.get(address)
        assert answer.status_code == 200
        assert words in reads(answer)

    def test_beyond_the_end_it_leads_back(self, browser: Client, inbox: Mailbox) -> None:
        entry = deliver(inbox)
        answer = browser.get(f"/inbox/?tab=sellers&before={Cursor(entry.active_at, entry.id).encode()}")
        assert "No more messages" in reads(answer)
        assert 'href="/inbox/?tab=sellers"' in reads(answer)

    @pytest.mark.parametrize(
        "query", ["tab=buyers", "tab=%00", "box=x", "before=zzz", "after=%FF", "before=1&after=2"]
    )
    def test_a_bad_address_is_told_with_its_reason(self, browser: Client, query: str) -> None:
        answer = browser.get(f"/inbox/?{query}")
        assert answer.status_code == 400
        assert 'href="/inbox/"' in reads(answer)

    def test_tabs_show_what_is_unread(self, browser: Client, inbox: Mailbox) -> None:
        deliver_many(inbox, 2, category=Category.ORDERS)
        deliver(inbox, category=Category.OFFERS)
        page = " ".join(reads(browser.get("/inbox/?tab=orders")).split())
        for name, count in (("All", 3), ("Orders", 2), ("Offers", 1)):
            assert f'<span>{name}</span> <b class="count">{count}<' in page
        assert "<span>Sellers</span></a>" in page

    def test_a_store_has_buyers_and_no_offers(
        self, signed_in: SignIn, bob: User, store_inbox: Mailbox
    ) -> None:
        deliver(store_inbox, "From a buyer", category=Category.SELLERS)
        page = reads(signed_in(bob).get(f"{STORE}?tab=buyers"))
        assert "From a buyer" in page
        assert "<span>Offers</span>" not in page
        assert "<h2>Bob&#x27;s Books</h2>" in page or "<h2>Bob&#39;s Books</h2>" in page

    def test_links_keep_to_their_list(self, browser: Client, inbox: Mailbox) -> None:
        entry = deliver(inbox, state=State.ARCHIVED)
        page = reads(browser.get("/inbox/?box=archive&tab=sellers"))
        assert f'href="/inbox/{entry.id}/?box=archive&amp;tab=sellers"' in page
        assert 'action="/inbox/actions/?box=archive&amp;tab=sellers"' in page

    def test_nothing_of_it_is_stored_on_the_way(self, browser: Client) -> None:
        assert "no-store" in browser.get("/inbox/").headers["Cache-Control"]


class TestShell:
    """The frame that is kept ready is the frame."""

    @pytest.fixture
    def anew(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
        """From now on, every page is rendered as a whole."""

        def switch() -> None:
            monkeypatch.setattr(views, "get_messages", lambda request: ["not shown"])
            monkeypatch.setattr("django.contrib.messages.context_processors.get_messages", lambda request: [])

        return switch

    @pytest.mark.parametrize("language", ["en", "fr"])
    @pytest.mark.parametrize("address", ["/inbox/", "/inbox/?tab=sellers", STORE])
    def test_it_is_the_page_that_would_be_rendered_anew(
        self,
        signed_in: SignIn,
        bob: User,
        store_inbox: Mailbox,
        anew: Callable[[], None],
        monkeypatch: pytest.MonkeyPatch,
        language: str,
        address: str,
    ) -> None:
        User.objects.filter(pk=bob.pk).update(language=language)
        for mailbox in (Mailbox.objects.of(user=bob), store_inbox):
            deliver_many(mailbox, 60)
        monkeypatch.setattr(views, "get_token", lambda request: "a-token")
        browser = signed_in(bob)
        made = [reads(browser.get(address)) for _ in range(2)]
        assert len(shell._recent._kept) == 1
        anew()
        assert made == [reads(browser.get(address))] * 2
        assert "<!--" not in made[0]

    def test_a_new_count_shows_at_once(self, browser: Client, inbox: Mailbox) -> None:
        deliver(inbox)
        assert 'data-unread="own">1<' in reads(browser.get("/inbox/"))
        deliver(inbox)
        assert 'data-unread="own">2<' in reads(browser.get("/inbox/"))

    def test_nobody_gets_anothers(self, signed_in: SignIn, inbox: Mailbox, alice: User, carol: User) -> None:
        deliver(inbox)
        deliver(Mailbox.objects.of(user=carol))
        assert "alice@example.org" in reads(signed_in(alice).get("/inbox/"))
        page = reads(signed_in(carol).get("/inbox/"))
        assert "carol@example.org" in page
        assert "alice@example.org" not in page

    def test_each_look_has_a_token_of_its_own(self, browser: Client, inbox: Mailbox) -> None:
        deliver(inbox)
        tokens = {reads(browser.get("/inbox/")).split('X-CSRFToken": "')[1][:64] for _ in range(2)}
        assert len(tokens) == 2

    def test_a_message_waiting_is_shown(
        self, browser: Client, inbox: Mailbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        deliver(inbox)

        def waiting(self: SessionStorage, *_: object, **__: object) -> tuple[list[Message], bool]:
            return [Message(messages.INFO, "Signed in")], True

        monkeypatch.setattr(SessionStorage, "_get", waiting)
        assert "Signed in" in reads(browser.get("/inbox/"))


@pytest.mark.parametrize("count", [0, 1, 3, 200])
@pytest.mark.parametrize("deep", [False, True])
def test_a_page_takes_three_statements_whatever_the_mailbox(
    browser: Client, inbox: Mailbox, count: int, deep: bool
) -> None:
    entries = deliver_many(inbox, count)
    address = "/inbox/"
    if deep and entries:
        row = entries[min(len(entries) - 1, 120)]
        address = f"/inbox/?before={Cursor(row.active_at, row.id).encode()}"
    browser.get(address)  # the session comes from the cache
    with CaptureQueriesContext(connection) as queries:
        browser.get(address)
    assert len(queries) == 3  # the user, his mailbox, its rows


def test_a_sellers_page_takes_one_more_for_all_his_stores(
    signed_in: SignIn, bob: User, store_inbox: Mailbox
) -> None:
    deliver_many(store_inbox, 60)
    browser = signed_in(bob)
    browser.get(STORE)
    with CaptureQueriesContext(connection) as queries:
        browser.get(STORE)
    assert len(queries) == 4


def test_a_page_in_the_readers_language(signed_in: SignIn, alice: User, inbox: Mailbox) -> None:
    deliver(inbox, has_attachment=True)
    User.objects.filter(pk=alice.pk).update(language="fr")
    page = reads(signed_in(alice).get("/inbox/"))
    for words in ("Aujourd’hui", "Tous", "Commandes", "Contient une pièce jointe", "Archiver"):
        assert words in page, words
