"""The one service that writes rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import Store, User
from messagecenter.inbox.delivery import Delivery, deliver, open_letterboxes, withdraw
from messagecenter.inbox.models import Category, Entry, Mailbox, Source, State
from messagecenter.models import DataKey
from messagecenter.sealing import SealingError
from messagecenter.signals import entries_changed
from tests.notifications.story import entries_of, entry_of, mailbox_of, payload_of

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def delivery(owner: User, source_id: int = 7, **given: Any) -> Delivery:
    (letterbox,) = open_letterboxes(user_ids=[owner.pk])
    told = given.pop("told", ["a"])
    return Delivery(
        letterbox=letterbox,
        source=Source.ORDER,
        source_id=source_id,
        **{
            "category": Category.ORDERS,
            "active_at": NOON,
            "payload": {"subject": "Lamp"},
            "told": told,
            "news": told,
            **given,
        },
    )


@pytest.fixture
def changed() -> Iterator[list[int]]:
    found: list[int] = []

    def receive(sender: Any, mailbox_ids: list[int], **kwargs: Any) -> None:
        found.extend(mailbox_ids)

    entries_changed.connect(receive, weak=False, dispatch_uid="test")
    yield found
    entries_changed.disconnect(dispatch_uid="test")


def test_new_row_is_unread_in_the_inbox(alice: User, changed: list[int]) -> None:
    assert deliver([delivery(alice)]) == 1
    entry = entry_of(alice)
    assert (entry.unread, entry.state, entry.category, entry.active_at) == (True, State.INBOX, 1, NOON)
    assert payload_of(entry) == {"subject": "Lamp", "told": ["a"]}
    assert changed == [mailbox_of(alice).id]


def test_same_again_writes_nothing(alice: User, changed: list[int]) -> None:
    deliver([delivery(alice)])
    before = entry_of(alice)
    changed.clear()
    assert deliver([delivery(alice)]) == 0
    assert bytes(entry_of(alice).payload or b"") == bytes(before.payload or b"")
    assert changed == []


@pytest.mark.parametrize(
    "altered",
    [
        {"active_at": NOON + timedelta(hours=1)},
        {"category": Category.SELLERS},
        {"payload": {"subject": "Another lamp"}},
        {"told": ["a", "late"], "news": ["a"]},
    ],
)
def test_what_is_no_news_is_written_quietly(alice: User, altered: dict[str, Any]) -> None:
    deliver([delivery(alice)])
    Entry.objects.update(unread=False, state=State.ARCHIVED)
    assert deliver([delivery(alice, **altered)]) == 1
    entry = entry_of(alice)
    assert (entry.unread, entry.state) == (False, State.ARCHIVED)


def test_unread_row_stays_unread_after_a_quiet_change(alice: User) -> None:
    deliver([delivery(alice)])
    deliver([delivery(alice, payload={"subject": "Another lamp"})])
    assert entry_of(alice).unread


def test_news_come_back_from_everywhere_but_spam(alice: User) -> None:
    for state, expected in [(State.ARCHIVED, 0), (State.TRASHED, 0), (State.SPAM, State.SPAM)]:
        Entry.objects.all().delete()
        deliver([delivery(alice)])
        Entry.objects.update(unread=False, state=state)
        deliver([delivery(alice, told=["a", "b"])])
        entry = entry_of(alice)
        assert (entry.unread, entry.state) == (True, expected)


def test_statements_do_not_grow_with_the_rows(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [delivery(alice, n) for n in range(50)]
    with django_assert_num_queries(2):
        deliver(rows)
    with django_assert_num_queries(1):
        deliver(rows)
    assert Entry.objects.count() == 50


def test_nothing_to_deliver_asks_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert deliver([]) == 0
        assert withdraw(source=Source.ORDER, rows=[]) == 0


def test_row_that_was_tampered_with_is_an_error(alice: User) -> None:
    deliver([delivery(alice)])
    Entry.objects.update(payload=b"\x01" + bytes(60))
    with pytest.raises(SealingError):
        deliver([delivery(alice, told=["b"])])


def test_withdrawn_rows_go_and_no_others(alice: User, carol: User, changed: list[int]) -> None:
    deliver([delivery(alice, 7), delivery(alice, 8), delivery(carol, 7)])
    changed.clear()
    assert withdraw(source=Source.ORDER, rows=[(mailbox_of(alice).id, 7), (mailbox_of(alice).id, 99)]) == 1
    assert [e.source_id for e in entries_of(alice)] == [8]
    assert [e.source_id for e in entries_of(carol)] == [7]
    assert changed == [mailbox_of(alice).id]


def test_letterboxes_are_made_where_missing(
    alice: User, carol: User, store: Store, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    mailbox_of(alice)
    boxes = open_letterboxes(user_ids=[alice.pk, carol.pk], store_ids=[store.pk])
    assert {(box.user_id, box.store_id) for box in boxes} == {
        (alice.pk, None),
        (carol.pk, None),
        (None, store.pk),
    }
    with django_assert_num_queries(1):
        open_letterboxes(user_ids=[alice.pk, carol.pk], store_ids=[store.pk])
    assert Mailbox.objects.count() == DataKey.objects.count() == 3
