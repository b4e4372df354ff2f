"""Which list is asked for, as its address says, and the rows of one page of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from messagecenter.inbox.models import Category, Entry, EntryQuerySet, State
from messagecenter.inbox.paging import BIGINT_MAX, BadAddressError, Cursor, Page

TABS = {
    "orders": Category.ORDERS,
    "sellers": Category.SELLERS,
    "platform": Category.PLATFORM,
    "offers": Category.OFFERS,
}
STORE_TABS = {"buyers": Category.SELLERS, "orders": Category.ORDERS, "platform": Category.PLATFORM}
BOXES = {"": State.INBOX, "archive": State.ARCHIVED, "trash": State.TRASHED}


class EntryRow(NamedTuple):
    """One Entry as the list reads it, payload still sealed."""

    id: int
    source: int
    source_id: int
    category: int
    unread: bool
    has_attachment: bool
    active_at: datetime
    payload: bytes | None


@dataclass(frozen=True, slots=True)
class ListAddress:
    """What stands behind the "?" of a list's address: box, tab, and from where on."""

    box: str = ""
    tab: str = ""
    before: Cursor | None = None
    after: Cursor | None = None

    @classmethod
    def parse(cls, query: Mapping[str, str], *, for_store: bool) -> ListAddress:
        """Raises BadAddressError for a box, tab or cursor that there is none of."""
        box, tab = query.get("box", ""), query.get("tab", "")
        before, after = query.get("before", ""), query.get("after", "")
        if box not in BOXES:
            raise BadAddressError(_("There is no such folder."))
        if tab and tab not in (STORE_TABS if for_store else TABS):
            raise BadAddressError(_("There is no such tab."))
        if before and after:
            raise BadAddressError(_("This page address is damaged or incomplete."))
        return cls(
            box, tab, Cursor.decode(before) if before else None, Cursor.decode(after) if after else None
        )

    @property
    def state(self) -> State:
        return BOXES[self.box]

    @property
    def category(self) -> Category | None:
        return TABS.get(self.tab) or STORE_TABS.get(self.tab)

    @property
    def is_first_page(self) -> bool:
        return self.before is None and self.after is None

    def query(self) -> str:
        """With its "?"; empty for the first page of everything in the inbox."""
        cursors = {"before": self.before, "after": self.after}
        parts = {"box": self.box, "tab": self.tab, **{k: c.encode() for k, c in cursors.items() if c}}
        text = urlencode({name: value for name, value in parts.items() if value})
        return f"?{text}" if text else ""

    def first_page(self) -> ListAddress:
        return replace(self, before=None, after=None)

    def page_before(self, cursor: Cursor) -> ListAddress:
        return replace(self, before=cursor, after=None)

    def page_after(self, cursor: Cursor) -> ListAddress:
        return replace(self, before=None, after=cursor)

    def rows_of(self, mailbox_id: int) -> EntryQuerySet:
        """Everything in this box and tab, on all pages."""
        rows = Entry.objects.for_mailbox(mailbox_id).filter(state=self.state)
        return rows if self.category is None else rows.filter(category=self.category)


def older_than(cursor: Cursor) -> Q:
    return Q(active_at__lte=cursor.active_at) & (
        Q(active_at__lt=cursor.active_at) | Q(id__lt=cursor.entry_id)
    )


def newer_than(cursor: Cursor) -> Q:
    return Q(active_at__gte=cursor.active_at) & (
        Q(active_at__gt=cursor.active_at) | Q(id__gt=cursor.entry_id)
    )


def read_page(mailbox_id: int, address: ListAddress, size: int | None = None) -> Page[EntryRow]:
    """One page of `size` rows, newest activity first: one range of one index, one statement.

    Going towards the newest, a page that would not be full is the first page instead (a second statement),
    so that one never stands on a first page of three rows.
    """
    size = size or settings.INBOX_PAGE_SIZE
    rows = address.rows_of(mailbox_id)
    if address.after:
        found = _read(rows.filter(newer_than(address.after)).order_by("active_at", "id"), size)
        if len(found) > size:
            page = found[size - 1 :: -1]
            return Page(page, newer=_cursor(page[0]), older=_cursor(page[-1]))
    elif address.before:
        rows = rows.filter(older_than(address.before))
    found = _read(rows.order_by("-active_at", "-id"), size)
    page, more = found[:size], len(found) > size
    return Page(
        page,
        newer=(_cursor(page[0]) if page else None) if address.before else None,
        older=_cursor(page[-1]) if more else None,
    )


def read_row(mailbox_id: int, entry_id: int) -> tuple[EntryRow, State] | None:
    """One row of this mailbox and where it lies; None where it is not this mailbox's."""
    if not 0 < entry_id <= BIGINT_MAX:
        return None
    found = (
        Entry.objects.for_mailbox(mailbox_id)
        .filter(id=entry_id)
        .values_list(*EntryRow._fields, "state")
        .first()
    )
    return (EntryRow(*found[:-1]), State(found[-1])) if found else None


def neighbours(mailbox_id: int, address: ListAddress, cursor: Cursor) -> tuple[int | None, int | None]:
    """The ids of the next newer and the next older row of this list."""
    rows = address.rows_of(mailbox_id)
    newer = rows.filter(newer_than(cursor)).order_by("active_at", "id").values_list("id", flat=True)[:1]
    older = rows.filter(older_than(cursor)).order_by("-active_at", "-id").values_list("id", flat=True)[:1]
    return newer.first(), older.first()


def _read(rows: EntryQuerySet, size: int) -> list[EntryRow]:
    """One more than the page holds, to know whether there is another."""
    return [EntryRow(*row) for row in rows.values_list(*EntryRow._fields)[: size + 1]]


def _cursor(row: EntryRow) -> Cursor:
    return Cursor(row.active_at, row.id)
