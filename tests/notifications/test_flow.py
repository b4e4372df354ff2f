"""From the event to the inbox with a real worker: killed, its queue emptied, left to the sweep alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from accounts.models import Store, User
from messagecenter.inbox.models import Entry
from notifications.models import Notice
from tests.cast import make_person
from tests.flow import empty_redis, eventually, running_worker
from tests.notifications.story import at, entries_of, make_order, milestone, parcel, placed, tell

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 300


@pytest.fixture(autouse=True)
def clean_queue() -> Iterator[None]:
    empty_redis()
    yield
    empty_redis()


@pytest.fixture
def buyers(db: None) -> list[User]:
    return [make_person(f"Buyer{n} Berg") for n in range(20)]


def tell_many(buyers: list[User], store: Store) -> None:
    for n in range(MANY):
        order = make_order(buyers[n % len(buyers)], (store, f"Lamp {n}"), number=f"A-{n}")
        tell(order, placed(order))
        tell(order, milestone(order, "shipped", "shipped:S1", at(20), parcel()))


def all_delivered() -> bool:
    return not Notice.objects.exclude(state=Notice.State.DONE).exists()


def assert_each_entry_once() -> None:
    assert Entry.objects.count() == 2 * MANY  # the buyer's, the store's
    assert Entry.objects.values("mailbox", "source", "source_id").distinct().count() == 2 * MANY
    assert Notice.objects.count() == 2 * MANY


def test_event_arrives_by_its_wake_up(alice: User, store: Store) -> None:
    with running_worker(sweeps=False) as worker:  # nothing else could have brought it
        order = make_order(alice, (store, "Ceramic lamp"))
        tell(order, placed(order))
        eventually(lambda: entries_of(alice) and entries_of(store), told=worker.said)


def test_sweep_alone_delivers(alice: User, store: Store) -> None:
    order = make_order(alice, (store, "Ceramic lamp"))
    tell(order, placed(order))
    empty_redis()  # the wake-up is lost
    with running_worker() as worker:
        eventually(lambda: entries_of(alice) and entries_of(store), seconds=15, told=worker.said)


def test_nothing_is_lost_or_doubled_when_workers_die_and_redis_forgets(
    buyers: list[User], store: Store
) -> None:
    tell_many(buyers, store)
    with running_worker() as worker:
        with held_up_in_the_middle():
            eventually(somebody_is_held_up, told=worker.said)
            worker.kill()
        empty_redis()
    assert Entry.objects.count() == 0
    with running_worker() as worker:
        eventually(Entry.objects.exists, told=worker.said)
        worker.kill()
        empty_redis()
    with running_worker() as worker:
        eventually(all_delivered, seconds=15, told=worker.said)
    assert_each_entry_once()


@contextmanager
def held_up_in_the_middle() -> Iterator[None]:
    """Workers get as far as reading their orders, and wait inside their transaction to write the rows."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE messagecenter_entry IN EXCLUSIVE MODE")
        yield


def somebody_is_held_up() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_class ON pg_class.oid = relation"
            " WHERE relname = 'messagecenter_entry' AND NOT granted"
        )
        return bool(cursor.fetchone()[0])
