"""Reading a row, acting on rows, undoing it: by request and answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership, Role, Store, User
from messagecenter.inbox.models import Category, Entry, Mailbox, State
from messagecenter.inbox.results import COOKIE
from messagecenter.inbox.undo import GRACE_SECONDS
from tests.cast import join_team, make_person
from tests.messagecenter.inbox.samples import deliver, deliver_many, reads, stored

SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}
STORE = "/stores/bobs-books/inbox/"


class TestReading:
    def test_opening_marks_read(self, browser: Client, inbox: Mailbox) -> None:
        entry, other = deliver(inbox, "Opened"), deliver(inbox)
        page = reads(browser.get(f"/inbox/{entry.id}/"))
        assert "<h1>Opened</h1>" in page
        assert 'data-unread="own">1<' in page  # and the page already says so
        assert not stored(entry).unread
        assert stored(other).unread

    @pytest.mark.parametrize("headers", [{"Sec-Purpose": "prefetch"}, {"Sec-Purpose": "prefetch;prerender"}])
    def test_fetching_ahead_does_not(self, browser: Client, inbox: Mailbox, headers: dict[str, str]) -> None:
        entry = deliver(inbox)
        assert browser.get(f"/inbox/{entry.id}/", headers=headers).status_code == 200
        assert browser.head(f"/inbox/{entry.id}/").status_code == 200
        assert stored(entry).unread

    def test_a_read_only_member_reads_without_marking(
        self, signed_in: SignIn, store: Store, store_inbox: Mailbox
    ) -> None:
        reader = make_person("Rita")
        join_team(store, reader, Role.READER)
        entry = deliver(store_inbox)
        page = reads(signed_in(reader).get(f"{STORE}{entry.id}/"))
        assert stored(entry).unread
        assert "Archive" not in page.split('class="reading"')[1].split("<article")[0]

    def test_what_one_of_the_team_has_read_is_read_for_all(
        self, signed_in: SignIn, store: Store, store_inbox: Mailbox, bob: User
    ) -> None:
        colleague = make_person("Cleo")
        join_team(store, colleague)
        entry = deliver(store_inbox)
        signed_in(colleague).get(f"{STORE}{entry.id}/")
        assert 'class="row unread"' not in reads(signed_in(bob).get(STORE))

    def test_a_strangers_message_is_not_found(
        self, signed_in: SignIn, inbox: Mailbox, carol: User, bob: User, store: Store
    ) -> None:
        entry = deliver(inbox)
        for user, address in (
            (carol, f"/inbox/{entry.id}/"),
            (bob, f"{STORE}{entry.id}/"),
            (carol, f"{STORE}{entry.id}/"),
            (carol, STORE),
            (carol, f"/inbox/{2**63}/"),
            (carol, f"/inbox/{10**30}/"),
        ):
            assert signed_in(user).get(address).status_code == 404, address
        assert stored(entry).unread

    def test_a_source_that_is_gone_is_not_found_and_stays_unread(
        self, browser: Client, inbox: Mailbox
    ) -> None:
        entry = deliver(inbox, "gone")
        assert browser.get(f"/inbox/{entry.id}/").status_code == 404
        assert stored(entry).unread

    def test_what_cannot_be_opened_says_so(self, browser: Client, inbox: Mailbox) -> None:
        entry = deliver(inbox, "A secret")
        Entry.objects.for_mailbox(inbox.id).update(payload=b"\x01" + b"0" * 60)
        answer = browser.get(f"/inbox/{entry.id}/")
        assert answer.status_code == 200
        assert "This message cannot be shown" in reads(answer)

    def test_it_leads_to_its_neighbours_and_back(self, browser: Client, inbox: Mailbox) -> None:
        newer, here, older = deliver_many(inbox, 3)
        deliver(inbox, category=Category.ORDERS, at=here.active_at - timedelta(minutes=1))
        page = reads(browser.get(f"/inbox/{here.id}/?tab=sellers"))
        assert f'href="/inbox/{newer.id}/?tab=sellers" rel="prev"' in page
        assert f'href="/inbox/{older.id}/?tab=sellers" rel="next"' in page
        assert 'href="/inbox/?tab=sellers"' in page


class TestActions:
    def test_a_rows_own_button_means_that_row(self, browser: Client, inbox: Mailbox) -> None:
        one, picked = deliver(inbox), deliver(inbox)
        answer = browser.post("/inbox/actions/?tab=sellers", {"archive": one.id, "entry": [picked.id]})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/inbox/?tab=sellers")
        assert stored(one).state == State.ARCHIVED
        assert stored(picked).state == State.INBOX

    def test_the_toolbars_button_means_what_is_picked(self, browser: Client, inbox: Mailbox) -> None:
        one, two, three = (deliver(inbox) for _ in range(3))
        browser.post("/inbox/actions/", {"do": "read", "entry": [one.id, three.id]})
        assert [stored(entry).unread for entry in (one, two, three)] == [False, True, False]

    def test_nothing_picked_is_said(self, browser: Client, inbox: Mailbox) -> None:
        deliver(inbox)
        answer = browser.post("/inbox/actions/", {"do": "read"}, follow=True)
        assert "Select a message first." in reads(answer)

    @pytest.mark.parametrize(
        "form", [{}, {"do": "burn", "entry": "1"}, {"do": "read", "entry": "x"}, {"archive": ""}]
    )
    def test_what_no_form_of_ours_sends_is_not_found(
        self, browser: Client, inbox: Mailbox, form: dict[str, str]
    ) -> None:
        assert browser.post("/inbox/actions/", form).status_code == 404

    def test_more_than_a_page_can_hold_is_not_found(self, browser: Client, inbox: Mailbox) -> None:
        form = {"do": "read", "entry": [str(n) for n in range(1, 502)]}
        assert browser.post("/inbox/actions/", form).status_code == 404

    def test_others_rows_are_not_found(self, browser: Client, inbox: Mailbox, store_inbox: Mailbox) -> None:
        theirs, mine = deliver(store_inbox), deliver(inbox)
        assert browser.post("/inbox/actions/", {"trash": theirs.id}).status_code == 404
        assert browser.post(f"{STORE}actions/", {"trash": theirs.id}).status_code == 404
        browser.post("/inbox/actions/", {"do": "trash", "entry": [theirs.id, mine.id]})
        assert stored(theirs).state == State.INBOX
        assert stored(mine).state == State.TRASHED

    def test_a_read_only_member_may_not(
        self, signed_in: SignIn, store: Store, store_inbox: Mailbox, bob: User
    ) -> None:
        entry = deliver(store_inbox)
        token = self.archived(signed_in(bob), STORE, entry)
        Membership.objects.filter(user=bob).update(role=Role.READER)
        reader = signed_in(bob)
        assert reader.post(f"{STORE}actions/", {"inbox": entry.id}).status_code == 403
        assert reader.post(f"{STORE}undo/", {"token": token}).status_code == 403
        assert stored(entry).state == State.ARCHIVED
        page = reads(reader.get(f"{STORE}?box=archive"))
        assert "row-pick" not in page
        assert "row-acts" not in page

    def test_who_is_not_signed_in_comes_to_the_list_afterwards(self, inbox: Mailbox) -> None:
        answer = Client().post("/inbox/actions/?tab=orders", {"archive": deliver(inbox).id})
        assert answer.headers["Location"] == "/account/login/?next=/inbox/"
        fragment = Client().post("/inbox/actions/", {"archive": 1}, headers=HTMX)
        assert fragment.headers["HX-Redirect"] == "/account/login/?next=/inbox/"

    def archived(self, browser: Client, base: str, entry: Entry) -> str:
        """The token that undoes it."""
        page = reads(browser.post(f"{base}actions/", {"archive": entry.id}, headers=HTMX))
        return page.split('name="token" value="')[1].split('"')[0]

    def test_undo_restores_and_a_second_one_says_that_it_did(self, browser: Client, inbox: Mailbox) -> None:
        entry = deliver(inbox)
        token = self.archived(browser, "/inbox/", entry)
        assert "Undone" in reads(browser.post("/inbox/undo/", {"token": token}, headers=HTMX))
        assert stored(entry).state == State.INBOX
        again = reads(browser.post("/inbox/undo/", {"token": token}, headers=HTMX))
        assert "There is nothing left to undo." in again

    def test_undo_too_late_says_so(self, browser: Client, inbox: Mailbox, settings: Any) -> None:
        entry = deliver(inbox)
        with time_machine.travel(timezone.now(), tick=False) as clock:
            token = self.archived(browser, "/inbox/", entry)
            clock.shift(settings.UNDO_SECONDS + GRACE_SECONDS + 2)
            page = reads(browser.post("/inbox/undo/", {"token": token}, headers=HTMX))
        assert "Too late to undo this." in page
        assert stored(entry).state == State.ARCHIVED

    def test_anothers_token_undoes_nothing(
        self, browser: Client, inbox: Mailbox, signed_in: SignIn, carol: User
    ) -> None:
        entry = deliver(inbox)
        token = self.archived(browser, "/inbox/", entry)
        Mailbox.objects.of(user=carol)
        page = reads(signed_in(carol).post("/inbox/undo/", {"token": token}, headers=HTMX))
        assert "Too late to undo this." in page
        assert stored(entry).state == State.ARCHIVED

    def test_a_script_gets_the_list_the_counts_and_the_toast_alone(
        self, browser: Client, inbox: Mailbox
    ) -> None:
        one, _other = deliver(inbox), deliver(inbox)
        answer = browser.post("/inbox/actions/", {"archive": one.id}, headers=HTMX)
        fragment = reads(answer)
        assert "<html" not in fragment
        assert fragment.count('id="mail"') == 1
        assert fragment.count('class="row ') == 1
        assert "Message archived" in fragment
        assert "<b hx-swap-oob=\"innerHTML:[data-unread='own']\">1<" in fragment
        assert '<b class="count">1<' in fragment
        assert "HX-Request" in answer.headers["Vary"]

    def test_the_fragment_is_the_pages_own_list(self, browser: Client, inbox: Mailbox) -> None:
        deliver_many(inbox, 3)

        def form(page: str) -> str:
            start = page.index('<form class="mail"')
            text = page[start : page.index("</form>", start)]
            token = text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
            return text.replace(token, "")

        page, fragment = browser.get("/inbox/"), browser.get("/inbox/", headers=HTMX)
        assert form(reads(page)) == form(reads(fragment))


class TestWithoutScripts:
    """The result waits for the next page in a cookie."""

    def test_it_is_told_once_and_can_be_undone(self, browser: Client, inbox: Mailbox) -> None:
        entry = deliver(inbox, unread=False)
        page = reads(browser.post("/inbox/actions/", {"unread": entry.id}, follow=True))
        assert "Marked as unread" in page
        assert "Marked as unread" not in reads(browser.get("/inbox/"))
        token = page.split('name="token" value="')[1].split('"')[0]
        assert "Undone" in reads(browser.post("/inbox/undo/", {"token": token}, follow=True))
        assert not stored(entry).unread

    def test_the_cookie_is_sent_to_this_mailbox_alone_and_read_by_no_script(
        self, browser: Client, inbox: Mailbox
    ) -> None:
        cookie = browser.post("/inbox/actions/", {"archive": deliver(inbox).id}).cookies[COOKIE]
        assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/inbox/", True, "Lax")

    def test_it_is_not_told_to_the_next_person_at_this_browser(
        self, browser: Client, inbox: Mailbox, carol: User
    ) -> None:
        browser.post("/inbox/actions/", {"archive": deliver(inbox).id})
        browser.force_login(carol)
        deliver(Mailbox.objects.of(user=carol))
        assert "archived" not in reads(browser.get("/inbox/"))

    def test_the_page_that_tells_it_takes_no_more_statements(self, browser: Client, inbox: Mailbox) -> None:
        one, _other = deliver_many(inbox, 2)
        browser.post("/inbox/actions/", {"archive": one.id})
        with CaptureQueriesContext(connection) as queries:
            assert "Message archived" in reads(browser.get("/inbox/"))
        assert len(queries) == 3
