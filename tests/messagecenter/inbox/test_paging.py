from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from messagecenter.inbox.lists import ListAddress, neighbours, read_page
from messagecenter.inbox.models import Category, Entry, Mailbox, State
from messagecenter.inbox.paging import BadAddressError, Cursor, Page
from tests.messagecenter.inbox.samples import deliver, deliver_many

microseconds = st.integers(0, 230 * 365 * 24 * 3600 * 1_000_000)
instants = microseconds.map(lambda count: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=count))


@given(instants, st.integers(1, 2**63 - 1))
def test_a_cursor_survives_its_address(active_at: datetime, entry_id: int) -> None:
    cursor = Cursor(active_at, entry_id)
    text = cursor.encode()
    assert Cursor.decode(text) == cursor
    assert len(text) == 22
    assert text.replace("-", "").replace("_", "").isalnum()


@given(st.text(max_size=40) | st.binary(max_size=40).map(lambda raw: raw.hex()))
def test_any_other_text_is_a_bad_address_and_nothing_worse(text: str) -> None:
    try:
        cursor = Cursor.decode(text)
    except BadAddressError:
        return
    assert cursor.encode() == text


@pytest.mark.parametrize(
    "query",
    [
        {"box": "outbox"},
        {"tab": "buyers"},
        {"tab": "ORDERS"},
        {"before": "!"},
        {"after": "A" * 22},
        {"before": Cursor(timezone.now(), 1).encode(), "after": Cursor(timezone.now(), 2).encode()},
    ],
)
def test_an_address_that_never_was_one_is_bad(query: dict[str, str]) -> None:
    with pytest.raises(BadAddressError):
        ListAddress.parse(query, for_store=False)


def test_a_store_has_tabs_of_its_own() -> None:
    assert ListAddress.parse({"tab": "buyers"}, for_store=True).category == Category.SELLERS
    with pytest.raises(BadAddressError):
        ListAddress.parse({"tab": "offers"}, for_store=True)


def test_an_address_says_what_it_was_made_of() -> None:
    cursor = Cursor(timezone.now(), 7)
    address = ListAddress(box="archive", tab="orders", before=cursor)
    assert address.query() == f"?box=archive&tab=orders&before={cursor.encode()}"
    assert ListAddress().query() == ""


def walk(mailbox: Mailbox, size: int) -> list[list[int]]:
    """Page by page, from the newest to the oldest."""
    address, pages = ListAddress(), []
    while True:
        page = read_page(mailbox.id, address, size)
        pages.append([row.id for row in page.rows])
        if page.older is None:
            return pages
        address = address.page_before(page.older)


@pytest.mark.parametrize("size", [1, 3, 10, 25, 26])
def test_pages_hold_every_row_once_newest_first(inbox: Mailbox, size: int) -> None:
    now = timezone.now()
    for n in range(25):  # of every five, three are active at the same instant
        deliver(inbox, f"{n}", at=now - timedelta(minutes=n if n % 5 < 2 else n - n % 5))
    whole = list(
        Entry.objects.for_mailbox(inbox.id).order_by("-active_at", "-id").values_list("id", flat=True)
    )
    pages = walk(inbox, size)
    assert [entry_id for page in pages for entry_id in page] == whole
    assert all(len(page) == size for page in pages[:-1])


def test_newer_leads_back_over_the_same_pages(inbox: Mailbox) -> None:
    deliver_many(inbox, 20)
    pages = walk(inbox, 6)
    address = ListAddress()
    for _ in pages[1:]:
        older = read_page(inbox.id, address, 6).older
        assert older is not None
        address = address.page_before(older)
    back = [read_page(inbox.id, address, 6)]
    while back[-1].newer:
        back.append(read_page(inbox.id, ListAddress(after=back[-1].newer), 6))
    assert [[row.id for row in page.rows] for page in back] == list(reversed(pages))


def test_the_way_to_the_newest_ends_on_a_full_first_page(inbox: Mailbox) -> None:
    entries = deliver_many(inbox, 10)
    page = read_page(inbox.id, ListAddress(after=Cursor(entries[3].active_at, entries[3].id)), 6)
    assert [row.id for row in page.rows] == [entry.id for entry in entries[:6]]
    assert page.newer is None


def test_beyond_the_last_row_there_is_an_empty_page(inbox: Mailbox) -> None:
    last = deliver_many(inbox, 3)[-1]
    page = read_page(inbox.id, ListAddress(before=Cursor(last.active_at, last.id)), 6)
    assert page == Page([], newer=None, older=None)


def test_boxes_and_tabs_hold_their_own(inbox: Mailbox) -> None:
    kept = deliver(inbox, category=Category.ORDERS)
    filed = deliver(inbox, state=State.ARCHIVED)
    gone = deliver(inbox, state=State.TRASHED)
    deliver(inbox, state=State.SPAM)

    def ids(**address: str) -> list[int]:
        return [row.id for row in read_page(inbox.id, ListAddress(**address)).rows]  # type: ignore[arg-type]

    assert ids() == [kept.id]
    assert ids(tab="orders") == [kept.id]
    assert ids(tab="sellers") == []
    assert ids(box="archive") == [filed.id]
    assert ids(box="archive", tab="orders") == []
    assert ids(box="trash") == [gone.id]


def test_neighbours_are_of_the_same_list(inbox: Mailbox) -> None:
    now = timezone.now()
    newest, middle, oldest = (
        deliver(inbox, at=now - timedelta(hours=n), category=Category.ORDERS) for n in (0, 2, 4)
    )
    other = deliver(inbox, at=now - timedelta(hours=3), category=Category.OFFERS)
    here = Cursor(middle.active_at, middle.id)
    assert neighbours(inbox.id, ListAddress(tab="orders"), here) == (newest.id, oldest.id)
    assert neighbours(inbox.id, ListAddress(), here) == (newest.id, other.id)
    assert neighbours(inbox.id, ListAddress(), Cursor(newest.active_at, newest.id)) == (None, middle.id)


MANY_SQL = """
INSERT INTO messagecenter_entry (mailbox_id, source, source_id, category, unread, active_at)
SELECT %s, 2, n, 1 + n %% 4, n %% 3 = 0, now() - n * interval '1 minute' FROM generate_series(1, %s) AS n
"""


@pytest.fixture
def crowded(inbox: Mailbox, store_inbox: Mailbox) -> Mailbox:
    """Enough rows, in two mailboxes, that PostgreSQL would not read them all by choice."""
    with connection.cursor() as cursor:
        for mailbox in (inbox, store_inbox):
            cursor.execute(MANY_SQL, [mailbox.id, 10_000])
        cursor.execute("ANALYZE messagecenter_entry")
    return inbox


@pytest.mark.parametrize("tab", ["", "orders"])
@pytest.mark.parametrize("direction", ["first", "before", "after"])
def test_a_page_is_one_range_of_one_index(crowded: Mailbox, tab: str, direction: str) -> None:
    deep = Cursor(timezone.now() - timedelta(minutes=7000), 2**40)
    address = {
        "first": ListAddress(tab=tab),
        "before": ListAddress(tab=tab, before=deep),
        "after": ListAddress(tab=tab, after=deep),
    }[direction]
    plans: list[str] = []

    def explain(execute: object, sql: str, params: object, many: bool, context: dict[str, object]) -> object:
        with connection.cursor() as cursor:
            cursor.cursor.execute(f"EXPLAIN {sql}", params)
            plans.append("\n".join(line for (line,) in cursor.cursor.fetchall()))
        return execute(sql, params, many, context)  # type: ignore[operator]

    with connection.execute_wrapper(explain):
        page = read_page(crowded.id, address)
    assert len(page.rows) == 50
    (plan,) = plans
    assert f"using {'entry_tab' if tab else 'entry_list'} on messagecenter_entry" in plan
    assert "Sort" not in plan
    assert "Seq Scan" not in plan
    assert "Filter" not in plan


SMALL_SQL = """
INSERT INTO messagecenter_entry (mailbox_id, source, source_id, category, unread, active_at)
SELECT 1000000 + box, 2, n, 1 + n % 4, false, now() - n * interval '1 hour'
FROM generate_series(1, 4000) AS box, generate_series(1, 5) AS n
"""


@pytest.mark.parametrize("tab", ["", "orders"])
@pytest.mark.parametrize("direction", ["first", "before", "after"])
def test_the_plan_for_everybody_goes_by_the_same_index(crowded: Mailbox, tab: str, direction: str) -> None:
    """A prepared statement is planned for a mailbox of average size, and used for the largest."""
    now = timezone.now()
    deep = Cursor(now - timedelta(minutes=7000), 2**40)
    address = {
        "first": ListAddress(tab=tab),
        "before": ListAddress(tab=tab, before=deep),
        "after": ListAddress(tab=tab, after=deep),
    }[direction]
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
        connection.connection._prepared.clear()
        cursor.execute(SMALL_SQL)
        cursor.execute("ANALYZE messagecenter_entry")
        read_page(crowded.id, address)
        cursor.execute(
            "SELECT name FROM pg_prepared_statements WHERE statement LIKE '%%messagecenter_entry%%'", []
        )
        ((name,),) = cursor.fetchall()
        values: list[int | datetime] = [crowded.id, 0]
        values += [1] if tab else []
        values += [] if direction == "first" else [deep.active_at, deep.entry_id]
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        cursor.execute(f"EXPLAIN EXECUTE {name} ({', '.join(['%s'] * len(values))})", values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "$1" in plan  # it is the plan for no value in particular
    assert f"using {'entry_tab' if tab else 'entry_list'} on messagecenter_entry" in plan
    assert "Sort" not in plan
