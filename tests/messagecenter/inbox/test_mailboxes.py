from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Role, Store, User
from messagecenter.inbox.mailboxes import OWN_SQL, STORES_SQL, count_words, read_mailboxes
from messagecenter.inbox.models import Category, Entry, Mailbox, State
from tests.cast import join_team, make_store
from tests.messagecenter.inbox.samples import deliver


@pytest.mark.parametrize(
    ("count", "words"), [(0, ""), (1, "1"), (99, "99"), (100, "99+"), (101, "99+"), (404, "99+")]
)
def test_a_badge_stops_at_99(count: int, words: str) -> None:
    assert count_words(count) == words


def test_one_reads_the_own_mailbox_and_those_of_ones_stores(store: Store, bob: User, carol: User) -> None:
    other = make_store("Anna's Attic", owner=carol)
    join_team(other, bob, Role.READER)
    own, annas, bobs = (mailbox.reader for mailbox in read_mailboxes(bob))
    assert (own.store_id, own.store_slug, own.may_write) == (None, "", True)
    assert (annas.store_id, annas.store_name, annas.may_write) == (other.id, "Anna's Attic", False)
    assert (bobs.store_id, bobs.store_slug, bobs.may_write) == (store.id, "bobs-books", True)


def test_who_has_left_the_team_reads_no_longer(store: Store, bob: User) -> None:
    Membership.objects.filter(user=bob).delete()
    assert [mailbox.reader.store_id for mailbox in read_mailboxes(bob)] == [None]


def test_a_mailbox_that_does_not_exist_yet_reads_as_empty(store: Store, bob: User) -> None:
    own, shop = read_mailboxes(bob)
    assert (own.reader.mailbox_id, own.unread_total) == (0, 0)
    assert (shop.reader.mailbox_id, shop.unread_total) == (0, 0)
    assert not Mailbox.objects.exists()


def test_what_is_unread_in_the_inbox_is_counted_by_tab(inbox: Mailbox, alice: User) -> None:
    for category, unread, state in (
        (Category.ORDERS, True, State.INBOX),
        (Category.ORDERS, True, State.INBOX),
        (Category.ORDERS, False, State.INBOX),
        (Category.OFFERS, True, State.INBOX),
        (Category.PLATFORM, True, State.ARCHIVED),
        (Category.PLATFORM, True, State.TRASHED),
    ):
        deliver(inbox, category=category, unread=unread, state=state)
    (mailbox,) = read_mailboxes(alice)
    assert mailbox.unread == {1: 2, 2: 0, 3: 0, 4: 1}
    assert mailbox.unread_total == 3


def test_counting_stops_where_the_badge_does(inbox: Mailbox, alice: User) -> None:
    Entry.objects.bulk_create(
        Entry(mailbox_id=inbox.id, source=2, source_id=n, category=1, active_at=inbox.created_at)
        for n in range(1, 151)
    )
    (mailbox,) = read_mailboxes(alice)
    assert mailbox.unread[Category.ORDERS] == 101
    assert count_words(mailbox.unread_total) == "99+"


def test_the_key_of_each_mailbox_comes_with_it(
    inbox: Mailbox, store_inbox: Mailbox, alice: User, bob: User
) -> None:
    for user, mailbox in ((alice, inbox), (bob, store_inbox)):
        found = read_mailboxes(user)[-1].reader
        sealed = mailbox.data_key.unwrap().seal({"a": 1}, place="here")
        assert found.key().open(sealed, place="here") == {"a": 1}


CROWD_SQL = """
WITH people AS (
    INSERT INTO accounts_user (password, is_superuser, email, first_name, last_name, language, time_zone,
                               is_staff, is_active, date_joined, marketplace_profile)
    SELECT '!', false, n || '@example.net', '', '', 'en', 'UTC', false, true, now(), '{}'
    FROM generate_series(1, 5000) AS n RETURNING id),
keys AS (
    INSERT INTO messagecenter_data_key (id, kek_id, wrapped, created_at)
    SELECT gen_random_uuid(), 'none', '', now() FROM people RETURNING id)
INSERT INTO messagecenter_mailbox (user_id, data_key_id, created_at)
SELECT person.id, key.id, now()
FROM (SELECT id, row_number() OVER () AS n FROM people) AS person
JOIN (SELECT id, row_number() OVER () AS n FROM keys) AS key USING (n)
"""


@pytest.mark.parametrize("statement", [OWN_SQL, STORES_SQL])
def test_it_reads_no_other_mailbox_among_many(store_inbox: Mailbox, bob: User, statement: str) -> None:
    Mailbox.objects.of(user=bob)
    with connection.cursor() as cursor:
        cursor.execute(CROWD_SQL)
        cursor.execute("ANALYZE messagecenter_mailbox, messagecenter_data_key, accounts_store")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", [bob.pk])
        ((plans,),) = cursor.fetchall()
    assert plans[0]["Plan"]["Total Cost"] < 1000  # a plan of 100,000 is compiled, which takes 100 ms
    for table in ("messagecenter_mailbox", "messagecenter_data_key"):
        assert f"'Node Type': 'Seq Scan', 'Relation Name': '{table}'" not in re.sub(
            r"'(Parallel Aware|Async Capable|Parent Relationship)': [^,]+, ", "", str(plans)
        )


def test_it_takes_one_statement_and_one_more_for_all_stores(store: Store, alice: User, bob: User) -> None:
    for user in (alice, bob):
        Mailbox.objects.of(user=user)
    make_store("Second", owner=bob)
    for user, statements in ((alice, 1), (bob, 2)):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            read_mailboxes(user)
        assert len(queries) == statements
