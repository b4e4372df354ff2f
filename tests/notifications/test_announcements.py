"""An announcement reaches everyone who was there, once, however many workers share it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from accounts.models import Store, User
from messagecenter.inbox.models import Category, Entry, Source
from notifications.announcements import (
    AlreadySentError,
    announcement_progress,
    count_recipients,
    send_announcement,
)
from notifications.fanout import everyone, fan_out_notice, sweep_notices
from notifications.models import Announcement, Chunk, Notice, Recipients
from tests.cast import make_person, make_store
from tests.flow import empty_redis, eventually, running_worker
from tests.notifications.story import entries_of, entry_of, mailbox_of, reader_of, words_of
from tests.notifications.test_outbox import at_once, in_thread, wait_for_a_lock_on

pytestmark = pytest.mark.django_db


def write(recipients: Recipients = Recipients.PEOPLE, **texts: Any) -> Announcement:
    return Announcement.objects.create(
        recipients=recipients,
        **{
            "title": {"en": "New opening hours", "fr": "Nouveaux horaires"},
            "text": {"en": "From Monday on.\n\nSee you.", "fr": "Dès lundi.\n\nÀ bientôt."},
            **texts,
        },
    )


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(everyone, "CHUNK", 7)


def test_everyone_gets_it_also_who_had_no_mailbox(alice: User, carol: User, store: Store) -> None:
    mailbox_of(alice)
    send_announcement(announcement=write())
    sweep_notices()
    for person in (alice, carol):
        entry = entry_of(person)
        assert (entry.source, entry.category, entry.unread) == (Source.NOTICE, Category.PLATFORM, True)
        assert entry.payload is None  # the text is stored once, in the notice
    assert entries_of(store) == []


def test_stores_get_theirs(alice: User, store: Store) -> None:
    send_announcement(announcement=write(Recipients.STORES))
    sweep_notices()
    assert entry_of(store).category == Category.PLATFORM
    assert entries_of(alice) == []


def test_who_comes_later_does_not_get_it(alice: User) -> None:
    send_announcement(announcement=write())
    newcomer = make_person("Nina Neumann")
    mailbox_of(newcomer)
    sweep_notices()
    assert len(entries_of(alice)) == 1
    assert entries_of(newcomer) == []


def test_each_reads_it_in_his_language(alice: User) -> None:
    send_announcement(announcement=write())
    sweep_notices()
    for language, subject, preview in [
        ("en", "New opening hours", "From Monday on. See you."),
        ("fr", "Nouveaux horaires", "Dès lundi. À bientôt."),
    ]:
        with translation.override(language):
            words = words_of(entry_of(alice), reader_of(alice))
        assert (words.subject, words.preview) == (subject, preview)


def test_announcement_in_one_language_is_read_by_all(alice: User) -> None:
    send_announcement(announcement=write(title={"en": "Hello"}, text={"en": "There."}))
    sweep_notices()
    with translation.override("fr"):
        assert words_of(entry_of(alice), reader_of(alice)).subject == "Hello"


@pytest.mark.usefixtures("small_chunks")
def test_row_that_is_there_already_stays_as_it_is(alice: User, carol: User) -> None:
    notice = send_announcement(announcement=write())
    box = mailbox_of(alice)
    Entry.objects.create(
        mailbox_id=box.id,
        source=Source.NOTICE,
        source_id=notice.pk,
        category=Category.PLATFORM,
        active_at=notice.occurred_at,
        unread=False,
    )
    sweep_notices()
    assert [entry_of(person).unread for person in (alice, carol)] == [False, True]


def test_goes_out_once(alice: User) -> None:
    announcement = write()
    send_announcement(announcement=announcement)
    with pytest.raises(AlreadySentError):
        send_announcement(announcement=announcement)
    sweep_notices()
    sweep_notices()
    assert len(entries_of(alice)) == 1


@pytest.mark.usefixtures("small_chunks")
def test_progress_and_end(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(20):
        mailbox_of(make_person(f"Person{n} Petit"))
    monkeypatch.setattr(everyone, "TURN", 0)
    announcement = write()
    assert announcement_progress(announcement).state == ""
    notice = send_announcement(announcement=announcement)
    announcement.refresh_from_db()
    assert announcement_progress(announcement).share == 0

    for _ in range(2):  # looking for those without a mailbox, and one chunk
        everyone.fan_out_to_everyone(notice.pk, turn=0)
    progress = announcement_progress(announcement)
    assert (progress.state, 0 < progress.share < 1, 0 < progress.reached < 21) == ("pending", True, True)

    while everyone.fan_out_to_everyone(notice.pk, turn=0):
        pass
    progress = announcement_progress(Announcement.objects.get())
    assert (progress.state, progress.share, progress.reached) == ("done", 1.0, 21)
    assert Notice.objects.get().reached == count_recipients(Recipients.PEOPLE) == 21
    assert not Chunk.objects.exists()


def take_further_turns(notice: Notice) -> None:
    """As wake-ups make workers do: late in a run ids are high, and chunks of 7 many."""
    for _ in range(100):
        if not Notice.objects.filter(pk=notice.pk, state=Notice.State.PENDING).exists():
            return
        fan_out_notice(notice.pk)
    raise AssertionError("it never ends")


@pytest.mark.usefixtures("small_chunks")
def test_sweep_leaves_alone_what_is_under_way(alice: User) -> None:
    notice = send_announcement(announcement=write())
    everyone._begin_turn(notice.pk)
    sweep_notices()
    assert not Entry.objects.exists()
    take_further_turns(notice)
    assert Entry.objects.count() == User.objects.count()


def test_abandoned_announcement_is_taken_up_by_the_sweep(alice: User) -> None:
    notice = send_announcement(announcement=write())
    everyone._begin_turn(notice.pk)
    Notice.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    sweep_notices()
    assert len(entries_of(alice)) == 1


def test_nobody_there_is_the_end_of_it(db: None) -> None:
    notice = send_announcement(announcement=write())
    sweep_notices()
    notice.refresh_from_db()
    assert (notice.state, notice.reached) == ("done", 0)


def test_deleted_announcement_says_so(alice: User) -> None:
    send_announcement(announcement=write())
    sweep_notices()
    Notice.objects.all().delete()
    assert words_of(entry_of(alice), reader_of(alice)).subject == "This message was withdrawn"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("small_chunks")
def test_workers_share_one_announcement(alice: User) -> None:
    for n in range(60):
        mailbox_of(make_person(f"Person{n} Petit"))
    notice = send_announcement(announcement=write())
    at_once(*[lambda: fan_out_notice(notice.pk)] * 4)
    take_further_turns(notice)
    notice.refresh_from_db()
    assert (notice.state, notice.reached) == ("done", 61)
    assert Entry.objects.count() == Entry.objects.values("mailbox_id").distinct().count() == 61


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("small_chunks")
def test_chunk_of_a_worker_that_died_is_done_by_another(alice: User) -> None:
    import threading

    from django.db import connection, transaction

    for n in range(30):
        mailbox_of(make_person(f"Person{n} Petit"))
    notice = send_announcement(announcement=write())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE messagecenter_entry IN EXCLUSIVE MODE")
        worker = threading.Thread(target=in_thread(lambda: fan_out_notice(notice.pk)))
        worker.start()
        wait_for_a_lock_on("messagecenter_entry")
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_class ON pg_class.oid = relation"
            " WHERE relname = 'messagecenter_entry' AND NOT granted"
        )
    worker.join(30)
    Notice.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    sweep_notices()
    notice.refresh_from_db()
    assert (notice.state, notice.reached, Entry.objects.count()) == ("done", 31, 31)


@pytest.mark.django_db(transaction=True)
def test_real_workers_send_it(alice: User, carol: User) -> None:
    empty_redis()
    with running_worker(sweeps=False) as worker:
        notice = send_announcement(announcement=write())
        eventually(lambda: Notice.objects.get(pk=notice.pk).state == "done", told=worker.said)
    assert [len(entries_of(person)) for person in (alice, carol)] == [1, 1]


def test_store_made_later_is_not_meant(store: Store) -> None:
    send_announcement(announcement=write(Recipients.STORES))
    other = make_store("Too Late", owner=make_person("Lea Lang"))
    sweep_notices()
    assert len(entries_of(store)) == 1
    assert entries_of(other) == []
