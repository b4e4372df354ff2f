"""How rows get their words: each kind of source registers a presenter, since the inbox knows none of them.

The notifications app registers orders and notices, later slices conversations and campaigns.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from django.http import HttpRequest

from accounts.models import User
from messagecenter.datakeys import unwrap
from messagecenter.inbox.models import Source, entry_place
from messagecenter.sealing import DataKeyBytes


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose mailbox is read, by whom: everything that a row's words may depend on.

    One mailbox of the session's user, fetched with its key in one statement.
    """

    user: User
    mailbox_id: int
    store_id: int | None
    store_slug: str
    store_name: str
    may_write: bool
    data_key_id: uuid.UUID
    kek_id: str
    wrapped: bytes

    @property
    def is_store(self) -> bool:
        return self.store_id is not None

    def key(self) -> DataKeyBytes:
        """Raises SealingError."""
        return unwrap(self.data_key_id, self.kek_id, self.wrapped)


class StoredRow(NamedTuple):
    """The columns of one Entry that the list reads, payload already opened."""

    id: int
    source: int
    source_id: int
    category: int
    unread: bool
    has_attachment: bool
    active_at: datetime
    payload: Mapping[str, Any] | None


@dataclass(slots=True)
class RowWords:
    """What a person reads of a row, in his language."""

    who: str
    subject: str
    preview: str
    pictures: Sequence[tuple[str, str]] = ()  # (address, title of the item)
    more_pictures: int = 0  # items beyond those
    updates: int = 1  # of how many notices or messages the row is made
    labels: Sequence[tuple[str, str]] = ()  # (words, tone: neutral, info, success, warning, danger)


@dataclass(slots=True)
class Reading:
    """What the reading page shows: a template of the source's own, put into the inbox's frame."""

    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)


class Presenter(Protocol):
    def list_rows(self, rows: Sequence[StoredRow], reader: Reader) -> list[RowWords]:
        """The words of these rows, in their order; at most one SQL statement for all of them.

        A row with a payload is worded from its payload and reader alone: what was made of it is used again
        for a while. Only a row without one may depend on what its source says now.
        """

    def read_row(self, row: StoredRow, reader: Reader, request: HttpRequest) -> Reading:
        """The whole of one row. Raises Http404 where its source is gone or not the reader's."""


_presenters: dict[int, Presenter] = {}


def register_presenter(source: Source, presenter: Presenter) -> None:
    _presenters[source] = presenter


def presenter_of(source: int) -> Presenter:
    return _presenters[source]


def open_payload(
    key: DataKeyBytes, mailbox_id: int, source: int, source_id: int, sealed: bytes | None
) -> Mapping[str, Any] | None:
    """Raises SealingError where the payload is not this row's."""
    return None if sealed is None else key.open(sealed, place=entry_place(mailbox_id, source, source_id))
