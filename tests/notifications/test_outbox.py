"""What fails, what is done twice at once, what nobody was woken for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Store, User
from messagecenter.inbox.models import Entry, Mailbox
from messagecenter.models import DataKey
from messagecenter.pause import Pause
from notifications import outbox
from notifications.fanout import fan_out_notice, sweep_notices
from notifications.models import Notice
from notifications.outbox import notify_person
from tests.cast import make_person
from tests.notifications.story import (
    at,
    entries_of,
    entry_of,
    mailbox_of,
    make_order,
    milestone,
    parcel,
    payload_of,
    placed,
    tell,
)


@pytest.fixture
def broken(db: None, carol: User, store: Store) -> Notice:
    """carol's mailbox has lost its key: her orders cannot be told."""
    DataKey.objects.filter(mailbox=mailbox_of(carol)).update(wrapped=b"\x01" + bytes(60))
    order = make_order(carol, (store, "Broken lamp"), number="C-1")
    tell(order, placed(order))
    return Notice.objects.get(order=order)


def make_due(notice: Notice) -> None:
    Notice.objects.filter(pk=notice.pk).update(due_at=timezone.now() - timedelta(seconds=1))


@pytest.mark.django_db
def test_failing_notice_holds_up_no_other(broken: Notice, alice: User, store: Store) -> None:
    order = make_order(alice, (store, "Ceramic lamp"))
    tell(order, placed(order))
    sweep_notices()
    assert payload_of(entry_of(alice))["title"] == "Ceramic lamp"
    assert [e.source_id for e in entries_of(store)] == [order.pk]  # all of an order, or nothing
    broken.refresh_from_db()
    assert (broken.state, broken.attempts) == ("pending", 1)
    assert broken.error.startswith("SealingError")


@pytest.mark.django_db
def test_attempts_come_later_and_later_until_the_notice_is_dead(broken: Notice, settings: Settings) -> None:
    settings.NOTICE_ATTEMPTS = 3
    pauses = []
    for _ in range(3):
        make_due(broken)
        sweep_notices()
        broken.refresh_from_db()
        pauses.append(round((broken.due_at - timezone.now()).total_seconds()))
        sweep_notices()  # not due: not tried
        fan_out_notice(broken.pk)  # nor by a wake-up that came late
    assert pauses == [5, 10, 20]
    assert (broken.state, broken.attempts) == ("dead", 3)
    make_due(broken)
    sweep_notices()
    assert Notice.objects.get(pk=broken.pk).attempts == 3


@pytest.mark.django_db
def test_dead_notice_goes_out_when_it_is_replayed(broken: Notice, carol: User, settings: Settings) -> None:
    settings.NOTICE_ATTEMPTS = 1
    sweep_notices()
    assert Notice.objects.get().state == "dead"
    Mailbox.objects.filter(user=carol).update(data_key=DataKey.objects.make())

    assert Notice.objects.filter(pk=broken.pk).replay() == 1
    sweep_notices()

    assert entry_of(carol).unread
    assert Notice.objects.get().state == "done"


@pytest.mark.django_db
def test_dead_notice_is_told_with_the_next_of_its_order(
    broken: Notice, carol: User, settings: Settings
) -> None:
    settings.NOTICE_ATTEMPTS = 1
    sweep_notices()
    Mailbox.objects.filter(user=carol).update(data_key=DataKey.objects.make())
    assert broken.order is not None

    tell(broken.order, milestone(broken.order, "shipped", "shipped:S1", at(20), parcel()))
    sweep_notices()

    assert payload_of(entry_of(carol))["updates"] == 2
    assert set(Notice.objects.values_list("state", flat=True)) == {"done"}


@pytest.mark.django_db
def test_log_does_not_quote_what_failed(broken: Notice, caplog: pytest.LogCaptureFixture) -> None:
    sweep_notices()
    assert "SealingError" in caplog.text
    assert "Broken lamp" not in caplog.text
    assert "C-1" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_double_nothing(store: Store) -> None:
    people = [make_person(f"Buyer{n} Berg") for n in range(10)]
    for n in range(120):
        order = make_order(people[n % 10], (store, f"Lamp {n}"), number=f"A-{n}")
        tell(order, placed(order), milestone(order, "shipped", "shipped:S1", at(20), parcel()))
    at_once(sweep_notices, sweep_notices, sweep_notices)
    assert not Notice.objects.exclude(state="done").exists()
    assert Entry.objects.count() == 240
    assert {payload_of(entry)["updates"] for entry in entries_of(people[0])} == {2}


@pytest.mark.django_db(transaction=True)
def test_notice_altered_while_it_is_read_stays_due(alice: User, store: Store) -> None:
    """The worker has read the old notice and is about to write; the event comes in between."""
    order = make_order(alice, (store, "Ceramic lamp"))
    tell(order, placed(order), milestone(order, "shipped", "shipped:S1", at(20), parcel()))
    worker = threading.Thread(target=in_thread(sweep_notices))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE messagecenter_entry IN EXCLUSIVE MODE")
        worker.start()
        wait_for_a_lock_on("messagecenter_entry")
        at_once(
            lambda: tell(order, milestone(order, "shipped", "shipped:S1", at(21), parcel())), wait_seconds=20
        )
    worker.join(30)
    sweep_notices()
    assert entry_of(alice).active_at == at(21)
    assert not Notice.objects.exclude(state="done").exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_on_one_order_show_the_latest(alice: User, store: Store) -> None:
    order = make_order(alice, (store, "Ceramic lamp"))
    tell(order, placed(order))
    first = Notice.objects.get().pk
    for hour in range(1, 6):
        tell(order, milestone(order, "in_transit", f"in_transit:S{hour}", at(hour), parcel(f"S{hour}")))
        at_once(lambda: fan_out_notice(first), sweep_notices, sweep_notices)
    sweep_notices()
    assert (entry_of(alice).active_at, payload_of(entry_of(alice))["updates"]) == (at(5), 6)


@pytest.mark.django_db(transaction=True)
def test_event_is_taken_when_the_broker_is_gone(
    alice: User, store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tried = []

    def fail(*args: object, **kwargs: object) -> None:
        tried.append(args)
        raise ConnectionError

    monkeypatch.setattr(outbox, "current_app", type("App", (), {"send_task": staticmethod(fail)}))
    monkeypatch.setattr(outbox, "_pause", Pause(60))
    for n in range(3):
        order = make_order(alice, (store, "Ceramic lamp"), number=f"A-{n}")
        tell(order, placed(order))
    assert len(tried) == 1  # then it is left in peace for a while
    assert "left to the sweep" in caplog.text
    sweep_notices()
    assert len(entries_of(alice)) == 3


@pytest.mark.django_db
def test_statements_do_not_grow_with_the_orders(
    alice: User, store: Store, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    mailbox_of(alice), mailbox_of(store)
    for n in range(20):
        order = make_order(alice, (store, "Lamp"), (store, "Shade"), number=f"A-{n}")
        tell(order, placed(order), milestone(order, "shipped", "shipped:S1", at(20), parcel()))
    with django_assert_max_num_queries(24):  # with savepoints, and the looks that find nothing more
        sweep_notices()
    assert Entry.objects.count() == 40


@pytest.mark.django_db
def test_event_costs_one_statement(
    alice: User, store: Store, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    order = make_order(alice, (store, "Lamp"))
    told = placed(order)
    with django_assert_num_queries(3):  # a savepoint around it
        tell(order, told)


@pytest.mark.django_db
def test_person_is_told_once_for_each_key(alice: User, carol: User) -> None:
    for _ in range(2):
        notify_person(user=alice, kind="welcome", key="welcome", params={}, occurred_at=at(0))
        sweep_notices()
    entry = entry_of(alice)
    assert (entry.category, entry.active_at, payload_of(entry)["kind"]) == (3, at(0), "welcome")
    assert entries_of(carol) == []


@pytest.mark.django_db
def test_person_cannot_be_told_what_has_no_words(alice: User) -> None:
    with pytest.raises(KeyError):
        notify_person(user=alice, kind="no such kind", key="1", params={}, occurred_at=at(0))


@pytest.mark.django_db
def test_tasks_bear_the_names_that_the_schedule_calls(settings: Settings) -> None:
    from messagecenter.celery import app

    app.loader.import_default_modules()
    assert {"notifications.fan_out", "notifications.sweep_notices"} <= set(app.tasks)
    scheduled = settings.CELERY_BEAT_SCHEDULE["sweep-notices"]
    assert (scheduled["task"], scheduled["schedule"]) == ("notifications.sweep_notices", 3.0)


def test_migrations_are_complete(db: None) -> None:
    call_command("makemigrations", "notifications", check=True, dry_run=True, verbosity=0)


def in_thread(work: Callable[[], object]) -> Callable[[], None]:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    return run


def at_once(*works: Callable[[], object], wait_seconds: float = 30) -> None:
    threads = [threading.Thread(target=in_thread(work)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(wait_seconds)
        assert not thread.is_alive()


def wait_for_a_lock_on(table: str) -> None:
    from tests.flow import eventually

    def waits() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks JOIN pg_class ON pg_class.oid = relation"
                " WHERE relname = %s AND NOT granted",
                [table],
            )
            return bool(cursor.fetchone()[0])

    eventually(waits)
