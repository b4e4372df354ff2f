"""The one service that writes rows into mailboxes: every caller is in a transaction of its own.

Nothing else inserts an Entry, so that what makes a row unread again, or brings it back from the archive, is
decided in one place.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from messagecenter.datakeys import unwrap
from messagecenter.inbox.models import Category, Mailbox, Source, State, entry_place
from messagecenter.sealing import DataKeyBytes
from messagecenter.signals import entries_changed

# The payload's own record of what it has told: short digests, by which the next delivery knows what is new.
TOLD = "told"


_INSERT_RANGE = """
INSERT INTO messagecenter_entry (mailbox_id, source, source_id, category, active_at)
SELECT id, %s, %s, %s, %s FROM messagecenter_mailbox
 WHERE id > %s AND id <= %s AND CASE WHEN %s THEN store_id ELSE user_id END <= %s
"""


@dataclass(frozen=True, slots=True)
class Letterbox:
    """A mailbox that rows can be written into: whose it is, and its opened key."""

    id: int
    user_id: int | None
    store_id: int | None
    key: DataKeyBytes


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row as it should be.

    `told` names everything that the row tells, `news` those of them that are worth a person's attention
    where the row did not tell them before: they make it unread, and fetch it from archive or trash.
    """

    letterbox: Letterbox
    source: Source
    source_id: int
    category: Category
    active_at: datetime
    payload: Mapping[str, Any]
    told: Sequence[str]
    news: Sequence[str]

    @property
    def row(self) -> tuple[int, int, int]:
        return self.letterbox.id, int(self.source), self.source_id

    def sealed(self) -> bytes:
        return self.letterbox.key.seal(self._content(), place=entry_place(*self.row))

    def is_told_by(self, content: Mapping[str, Any]) -> bool:
        """Whether a row of this content is right as it is. Compared as JSON, which has no tuples."""
        return bool(json.loads(json.dumps(self._content())) == content)

    def _content(self) -> dict[str, Any]:
        return {**self.payload, TOLD: sorted(self.told)}


@dataclass(frozen=True, slots=True)
class _Standing:
    """A row that is there already, locked."""

    category: int
    active_at: datetime
    content: Mapping[str, Any]


def open_letterboxes(*, user_ids: Iterable[int] = (), store_ids: Iterable[int] = ()) -> list[Letterbox]:
    """The mailboxes of these people and stores, made where missing. Raises SealingError."""
    users, stores = set(user_ids), set(store_ids)
    columns = ("id", "user_id", "store_id", "data_key_id", "data_key__kek_id", "data_key__wrapped")
    rows = list(Mailbox.objects.owned_by(user_ids=users, store_ids=stores).values_list(*columns))
    if len(rows) < len(users) + len(stores):
        rows = Mailbox.objects.make_missing(user_ids=users, store_ids=stores).values_list(*columns)
    return [
        Letterbox(id_, user_id, store_id, unwrap(key_id, kek_id, bytes(wrapped)))
        for id_, user_id, store_id, key_id, kek_id, wrapped in rows
    ]


def deliver(deliveries: Sequence[Delivery]) -> int:
    """Brings the rows to what they should be, in at most two statements; returns how many were written.

    A row that is right already is not touched. News make a row unread and bring it back to the inbox, save
    from spam; any other change (a status that moved on, an older notice that came late) is quiet.
    To be called in a transaction. Two callers may write the same row: the second waits and then compares.
    """
    standing = _lock_rows(deliveries)
    written = [d for d in deliveries if _differs(d, standing.get(d.row))]
    if written:
        _upsert([(d, _is_news(d, standing.get(d.row))) for d in written])
        entries_changed.send(sender=Delivery, mailbox_ids=sorted({d.letterbox.id for d in written}))
    return len(written)


def deliver_to_range(
    *,
    source: Source,
    source_id: int,
    category: Category,
    active_at: datetime,
    after: int,
    up_to: int,
    to_stores: bool,
    last_owner: int,
) -> int:
    """One row without payload in each mailbox with after < id <= up_to, made inside PostgreSQL.

    Only the mailboxes of people, or of stores, whose id is at most `last_owner`: not who came later.
    A mailbox that has the row keeps it as it is. Returns how many rows were made; whoever calls pokes.
    """
    row = [int(source), source_id, int(category), active_at]
    values: list[Any] = [*row, after, up_to, to_stores, last_owner]
    with connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(_INSERT_RANGE, values)
        except IntegrityError:
            # Looking out for rows that are there costs a quarter of the rate; mostly there are none.
            cursor.execute(f"{_INSERT_RANGE} ON CONFLICT (mailbox_id, source, source_id) DO NOTHING", values)
        return int(cursor.rowcount)


def withdraw(*, source: Source, rows: Iterable[tuple[int, int]]) -> int:
    """Deletes rows, given as (mailbox id, source id), that have nothing more to tell. Returns how many."""
    pairs = sorted(rows)
    if not pairs:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            """DELETE FROM messagecenter_entry e
                USING unnest(%s::bigint[], %s::bigint[]) AS gone (mailbox_id, source_id)
                WHERE e.mailbox_id = gone.mailbox_id AND e.source = %s AND e.source_id = gone.source_id
            RETURNING e.mailbox_id""",
            [[mailbox for mailbox, _ in pairs], [id_ for _, id_ in pairs], int(source)],
        )
        changed = [mailbox for (mailbox,) in cursor.fetchall()]
    if changed:
        entries_changed.send(sender=Delivery, mailbox_ids=sorted(set(changed)))
    return len(changed)


def _lock_rows(deliveries: Sequence[Delivery]) -> dict[tuple[int, int, int], _Standing]:
    """Locked in one order everywhere, by mailbox and id, so that no two writers wait for each other."""
    keys = {d.row: d.letterbox.key for d in deliveries}
    if not keys:
        return {}
    mailboxes, sources, source_ids = zip(*keys, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT e.mailbox_id, e.source, e.source_id, e.category, e.active_at, e.payload
                 FROM messagecenter_entry e
                 JOIN unnest(%s::bigint[], %s::smallint[], %s::bigint[])
                      AS wanted (mailbox_id, source, source_id)
                   ON e.mailbox_id = wanted.mailbox_id AND e.source = wanted.source
                  AND e.source_id = wanted.source_id
                ORDER BY e.mailbox_id, e.id
                  FOR UPDATE OF e""",
            [list(mailboxes), list(sources), list(source_ids)],
        )
        found = cursor.fetchall()
    standing = {}
    for mailbox, source, source_id, category, active_at, payload in found:
        row = (mailbox, source, source_id)
        content = {} if payload is None else keys[row].open(payload, place=entry_place(*row))
        standing[row] = _Standing(category, active_at, content)
    return standing


def _differs(delivery: Delivery, standing: _Standing | None) -> bool:
    return (
        standing is None
        or (standing.category, standing.active_at) != (int(delivery.category), delivery.active_at)
        or not delivery.is_told_by(standing.content)
    )


def _is_news(delivery: Delivery, standing: _Standing | None) -> bool:
    return standing is None or not set(delivery.news) <= set(standing.content.get(TOLD, ()))


def _upsert(rows: Sequence[tuple[Delivery, bool]]) -> None:
    """`unread` of the offered row says whether it is news; what is not leaves unread and state alone."""
    rows = sorted(rows, key=lambda pair: pair[0].row)
    columns: list[list[Any]] = [
        [d.letterbox.id for d, _ in rows],
        [int(d.source) for d, _ in rows],
        [d.source_id for d, _ in rows],
        [int(d.category) for d, _ in rows],
        [news for _, news in rows],
        [d.active_at for d, _ in rows],
        [d.sealed() for d, _ in rows],
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO messagecenter_entry AS e
                      (mailbox_id, source, source_id, category, unread, active_at, payload)
               SELECT * FROM unnest(%s::bigint[], %s::smallint[], %s::bigint[], %s::smallint[], %s::boolean[],
                                    %s::timestamptz[], %s::bytea[])
                   ON CONFLICT (mailbox_id, source, source_id) DO UPDATE
                  SET category = excluded.category, active_at = excluded.active_at,
                      payload = excluded.payload,
                      unread = e.unread OR excluded.unread,
                      state = CASE WHEN excluded.unread AND e.state <> %s THEN %s ELSE e.state END""",
            [*columns, int(State.SPAM), int(State.INBOX)],
        )
