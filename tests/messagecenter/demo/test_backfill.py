from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from accounts.models import User
from messagecenter.demo.backfill import has_history, read_what_is_old
from messagecenter.demo.state import DemoFolder, fingerprint_of
from messagecenter.inbox.models import Category, Entry, Mailbox, Source
from orders.models import OrderEvent

NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_old_rows_are_read_new_ones_not_and_half_of_those_between(alice: User) -> None:
    mailbox = Mailbox.objects.of(user=alice)
    hours = [1, 20, *range(40, 100, 10), 150, 300, 2000]
    for position, age in enumerate(hours):
        Entry.objects.create(
            mailbox=mailbox,
            source=Source.ORDER,
            source_id=position + 1,
            category=Category.ORDERS,
            active_at=NOW - timedelta(hours=age),
        )
    assert read_what_is_old(now=NOW) == 6
    unread = Entry.objects.for_mailbox(mailbox.id).filter(unread=True).values_list("active_at", flat=True)
    ages = sorted((NOW - at).total_seconds() // 3600 for at in unread)
    assert ages[:2] == [1, 20]
    assert len(ages) == 5
    assert max(ages) < 100
    # Again: of what is still unread, every second one.
    assert read_what_is_old(now=NOW) == 1


@pytest.mark.django_db
def test_history_begins_with_the_first_event() -> None:
    assert not has_history()
    OrderEvent.objects.create(
        source="marketplace",
        event_id="demo-1234-5678-01",
        type="order.placed",
        order_number="1234-5678",
        occurred_at=NOW,
        body={},
        state=OrderEvent.State.APPLIED,
    )
    assert has_history()


def test_state_is_kept_for_its_owner_only(tmp_path: Path) -> None:
    folder = DemoFolder(tmp_path / "demo")
    made = folder.load()
    assert len(made.password.split("-")) == 4
    made.begin_history()
    made.settled = True
    folder.save(made)
    assert folder.load() == made
    assert (tmp_path / "demo" / "demo.json").stat().st_mode & 0o777 == 0o600
    assert DemoFolder(tmp_path / "other").load().password != made.password


def test_one_demo_at_a_time(tmp_path: Path) -> None:
    folder = DemoFolder(tmp_path)
    first = folder.lock()
    assert first
    assert folder.lock() is None
    first.close()
    again = folder.lock()
    assert again
    again.close()


def test_fingerprint_changes_with_a_file(tmp_path: Path) -> None:
    (tmp_path / "app.css").write_text("a {}")
    before = fingerprint_of(tmp_path)
    assert fingerprint_of(tmp_path) == before
    (tmp_path / "app.css").write_text("a { color: red }")
    assert fingerprint_of(tmp_path) != before
