"""The mailboxes that a person may read, with what is unread in them: one statement for header and page."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from psycopg.types.numeric import Int8

from accounts.models import Role, User
from messagecenter.inbox.models import Category, State
from messagecenter.inbox.sources import Reader
from messagecenter.prepared import prepared_cursor

COUNT_CAP = 99  # what is shown at most, as "99+"; counting stops one row after it is certain
NO_KEY = uuid.UUID(int=0)
KEPT = "_readable_mailboxes"  # the request's own copy

# Unread rows of the inbox, by category. Each count walks at most 101 rows of the partial index entry_unread,
# so a mailbox of a million unread rows costs what one of a hundred does.
_UNREAD_SQL = f"""
ARRAY(SELECT (SELECT count(*) FROM (SELECT FROM messagecenter_entry AS entry
              WHERE entry.mailbox_id = box.id AND entry.category = tab
                AND entry.unread AND entry.state = {State.INBOX} LIMIT {COUNT_CAP + 2}) AS few)
      FROM generate_series({min(Category)}, {max(Category)}) AS tab)
"""  # noqa: S608  the figures are our own constants
# In two statements: PostgreSQL takes longer to plan them than to run them, and most people have no store.
# Few mailboxes are stores', so a plain join is taken for one with all mailboxes, and compiled (JIT) for
# 100 ms: LATERAL and LIMIT tell the planner that a store has one.
OWN_SQL = f"""
SELECT EXISTS (SELECT FROM accounts_membership AS membership WHERE membership.user_id = box.user_id),
       box.id, data_key.id, data_key.kek_id, data_key.wrapped, {_UNREAD_SQL}
FROM messagecenter_mailbox AS box JOIN messagecenter_data_key AS data_key ON data_key.id = box.data_key_id
WHERE box.user_id = %s
"""  # noqa: S608
STORES_SQL = f"""
SELECT store.id, store.slug, store.name, membership.role,
       coalesce(box.id, 0), data_key.id, data_key.kek_id, data_key.wrapped, {_UNREAD_SQL}
FROM accounts_membership AS membership
JOIN accounts_store AS store ON store.id = membership.store_id
LEFT JOIN LATERAL (SELECT * FROM messagecenter_mailbox AS of_store
                   WHERE of_store.store_id = store.id LIMIT 1) AS box ON true
LEFT JOIN messagecenter_data_key AS data_key ON data_key.id = box.data_key_id
WHERE membership.user_id = %s
ORDER BY store.name, store.id
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class ReadableMailbox:
    """One of the mailboxes that a person may read.

    `unread` holds the number of unread rows of the inbox by category, each no higher than COUNT_CAP + 2.
    """

    reader: Reader
    unread: Mapping[int, int]

    @property
    def address(self) -> str:
        return list_address(self.reader.store_slug)

    @property
    def unread_total(self) -> int:
        return sum(self.unread.values())


def read_mailboxes(user: User) -> list[ReadableMailbox]:
    """The own mailbox, then those of the stores for whose team this person works, by name.

    A mailbox that nothing was ever delivered to does not exist yet: it reads as empty, with id 0.
    """
    with prepared_cursor() as cursor:
        user_id = Int8(user.pk)
        cursor.execute(OWN_SQL, [user_id])
        works_for_stores, *own = cursor.fetchone() or (True, 0, None, None, None, [0] * len(Category))
        mailboxes = [_readable(user, (None, "", "", ""), own)]
        if works_for_stores:
            cursor.execute(STORES_SQL, [user_id])
            mailboxes += [_readable(user, row[:4], row[4:]) for row in cursor.fetchall()]
    return mailboxes


def mailboxes_of(request: HttpRequest) -> list[ReadableMailbox]:
    """The same for the request's user, asked once a request: the page and its header share it."""
    if not hasattr(request, KEPT):
        user = request.user
        setattr(request, KEPT, read_mailboxes(user) if isinstance(user, User) else [])
    found: list[ReadableMailbox] = getattr(request, KEPT)
    return found


def forget_mailboxes(request: HttpRequest) -> None:
    """After an action the next to ask reads them again, with their new counts."""
    if hasattr(request, KEPT):
        delattr(request, KEPT)


def note_one_read(
    request: HttpRequest, mailbox: ReadableMailbox, category: int, state: int
) -> ReadableMailbox:
    """Takes one from this mailbox' count without asking again: menu and header are still to be shown."""
    if state != State.INBOX:
        return mailbox
    less = replace(mailbox, unread={**mailbox.unread, category: max(0, mailbox.unread[category] - 1)})
    setattr(request, KEPT, [less if kept is mailbox else kept for kept in mailboxes_of(request)])
    return less


def count_words(count: int) -> str:
    """What a badge says: nothing for none, "99+" beyond 99."""
    return "" if count <= 0 else str(count) if count <= COUNT_CAP else f"{COUNT_CAP}+"


@lru_cache(maxsize=1024)
def list_address(store_slug: str) -> str:
    """Where the list of the own mailbox, or of this store's, stands."""
    return reverse("store_inbox:list", args=[store_slug]) if store_slug else reverse("inbox:list")


def _readable(user: User, store: Sequence[Any], box: Sequence[Any]) -> ReadableMailbox:
    store_id, slug, name, role = store
    mailbox_id, key_id, kek_id, wrapped, counts = box
    reader = Reader(
        user=user,
        mailbox_id=mailbox_id,
        store_id=store_id,
        store_slug=slug,
        store_name=name,
        may_write=role != Role.READER,
        data_key_id=key_id or NO_KEY,
        kek_id=kek_id or "",
        wrapped=bytes(wrapped or b""),
    )
    return ReadableMailbox(reader, dict(zip(Category.values, counts, strict=True)))
