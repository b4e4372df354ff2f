from __future__ import annotations

import logging

import pytest
from django.utils import translation

from accounts.models import User
from messagecenter.inbox.lists import ListAddress, read_page
from messagecenter.inbox.mailboxes import read_mailboxes
from messagecenter.inbox.models import Category, Entry, Mailbox, entry_place
from messagecenter.inbox.recent import Recent
from messagecenter.inbox.rows import Look, show_rows
from messagecenter.inbox.times import Calendar
from tests.messagecenter.inbox.samples import ONE_PIXEL, SamplePresenter, deliver, deliver_many

HOSTILE = """<script>alert("x")</script>'"&"""


def shown(user: User) -> str:
    mailbox = read_mailboxes(user)[-1]
    look = Look(mailbox.reader, Calendar(), mailbox.address, "")
    groups = show_rows(read_page(mailbox.reader.mailbox_id, ListAddress()).rows, look)
    return "".join(markup for _, markup in groups)


def test_a_row_shows_all_that_it_has(inbox: Mailbox, alice: User) -> None:
    entry = deliver(
        inbox,
        "Your order 77 is on its way",
        who="Bob's Books",
        preview="Expected on Tuesday",
        pictures=[(f"{ONE_PIXEL}#{n}", f"Book {n}") for n in range(5)],
        more_pictures=2,
        updates=3,
        labels=[("Shipped", "info"), ("Gift", "neutral")],
        has_attachment=True,
        category=Category.ORDERS,
    )
    row = shown(alice)
    assert f'href="/inbox/{entry.id}/"' in row
    assert 'class="row unread"' in row
    assert "Bob&#39;s Books" in row
    assert '<span class="subject">Your order 77 is on its way</span>' in row
    assert '<span class="preview">Expected on Tuesday</span>' in row
    assert row.count("<img ") == 3
    assert 'alt="Book 2"' in row
    assert "+4</span>" in row
    assert '<span class="pill info">Shipped</span><span class="pill ">Gift</span>' in row
    assert 'aria-label="Has an attachment"' in row
    assert ">3</span>" in row
    assert "#box" in row


def test_a_plain_row_shows_nothing_that_it_lacks(inbox: Mailbox, alice: User) -> None:
    deliver(inbox, "Hello", preview="", unread=False)
    row = shown(alice)
    for absent in ("unread", "preview", "<img", "pill", "attachment", 'class="n"'):
        assert absent not in row, absent


def test_nobodys_words_become_markup(inbox: Mailbox, alice: User) -> None:
    deliver(
        inbox,
        HOSTILE,
        who=HOSTILE,
        preview=HOSTILE,
        pictures=[(f"/x.png?{HOSTILE}", HOSTILE)],
        labels=[(HOSTILE, "info"), ("safe", HOSTILE)],
    )
    row = shown(alice)
    assert "<script" not in row
    assert row.count("&lt;script&gt;") == 7


@pytest.mark.parametrize("harm", ["altered", "moved", "another key", "not an object", "break"])
def test_a_row_that_cannot_be_shown_says_so_and_harms_no_other(
    inbox: Mailbox, store_inbox: Mailbox, alice: User, caplog: pytest.LogCaptureFixture, harm: str
) -> None:
    deliver_many(inbox, 3, who="Bob")
    bad = deliver(inbox, "break" if harm == "break" else "a secret")
    other = deliver(store_inbox, "theirs")
    if harm != "break":
        assert bad.payload is not None
        key = inbox.data_key.unwrap()
        bad.payload = {
            "altered": bytes(bad.payload[:-1]) + b"\x00",
            "moved": Entry.objects.for_mailbox(inbox.id).exclude(id=bad.id)[0].payload,
            "another key": other.payload,
            "not an object": key.seal(["a secret"], place=entry_place(inbox.id, bad.source, bad.source_id)),  # type: ignore[arg-type]
        }[harm]
        Entry.objects.for_mailbox(inbox.id).filter(id=bad.id).update(payload=bad.payload)
    with caplog.at_level(logging.ERROR):
        row = shown(alice)
    assert row.count("This message cannot be shown") == 2  # its words, and the name of its box
    assert f'href="/inbox/{bad.id}/"' in row
    assert row.count(">Bob<") == 3
    assert [record.name for record in caplog.records] == ["messagecenter.inbox.rows"]
    assert str(bad.id) in caplog.text
    assert "secret" not in caplog.text
    assert "break" not in caplog.text


def test_a_mailbox_whose_key_is_gone_wrong_still_lists_its_rows(
    inbox: Mailbox, alice: User, caplog: pytest.LogCaptureFixture
) -> None:
    deliver_many(inbox, 2)
    inbox.data_key.wrapped = b"\x01" + b"0" * 60
    inbox.data_key.save()
    assert shown(alice).count('class="row ') == 2
    assert f"the data key of mailbox {inbox.id} cannot be opened" in caplog.text


class TestRecent:
    """What was made of a row lately is used again, as long as nothing that it was made of is another."""

    @pytest.fixture(autouse=True)
    def opened(self, monkeypatch: pytest.MonkeyPatch) -> list[int]:
        """How many rows were worded, each time."""
        counts: list[int] = []
        list_rows = SamplePresenter.list_rows

        def count(self: SamplePresenter, stored: list[object], reader: object) -> object:
            counts.append(len(stored))
            return list_rows(self, stored, reader)  # type: ignore[arg-type]

        monkeypatch.setattr(SamplePresenter, "list_rows", count)
        return counts

    def test_a_second_look_opens_nothing(self, inbox: Mailbox, alice: User, opened: list[int]) -> None:
        deliver_many(inbox, 3)
        assert shown(alice) == shown(alice)
        assert opened == [3]

    def test_a_row_that_was_sealed_anew_is_opened_again(
        self, inbox: Mailbox, alice: User, opened: list[int]
    ) -> None:
        one, other = deliver_many(inbox, 2)
        shown(alice)
        deliver(inbox, "News")
        fresh = Entry.objects.for_mailbox(inbox.id).get(id=other.id)
        payload = {"who": "Bob", "subject": "Changed", "preview": ""}
        place = entry_place(inbox.id, fresh.source, fresh.source_id)
        sealed = inbox.data_key.unwrap().seal(payload, place=place)
        Entry.objects.for_mailbox(inbox.id).filter(id=other.id).update(payload=sealed)
        row = shown(alice)
        assert opened == [2, 2]
        assert "Changed" in row
        assert "News" in row
        assert f'value="{one.id}"' in row

    def test_reading_a_row_shows_at_once(self, inbox: Mailbox, alice: User) -> None:
        deliver(inbox)
        assert "unread" in shown(alice)
        Entry.objects.for_mailbox(inbox.id).update(unread=False)
        assert "unread" not in shown(alice)

    def test_each_language_has_its_own(self, inbox: Mailbox, alice: User, opened: list[int]) -> None:
        deliver(inbox, has_attachment=True)
        assert "Has an attachment" in shown(alice)
        with translation.override("fr"):
            assert "Has an attachment" not in shown(alice)
        assert opened == [1, 1]

    def test_a_row_without_a_payload_is_worded_each_time(
        self, inbox: Mailbox, alice: User, opened: list[int]
    ) -> None:
        deliver(inbox)
        Entry.objects.for_mailbox(inbox.id).update(payload=None)
        shown(alice)
        shown(alice)
        assert sum(opened) > 1

    def test_it_holds_no_more_than_it_may(self) -> None:
        recent: Recent[str] = Recent(most=3, seconds=60)
        for n in range(5):
            recent.keep(n, str(n))
        assert [recent.get(n) for n in range(5)] == [None, None, "2", "3", "4"]

    def test_it_forgets_everything_in_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        now = 1000.0
        monkeypatch.setattr("messagecenter.inbox.recent.monotonic", lambda: now)
        recent: Recent[str] = Recent(most=3, seconds=60)
        recent.forget_old()
        recent.keep(1, "1")
        now = 1059.0
        recent.forget_old()
        assert recent.get(1) == "1"
        now = 1061.0
        recent.forget_old()
        assert recent.get(1) is None
