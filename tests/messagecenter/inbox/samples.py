"""Rows for the inbox' own tests, whose words lie whole in their payload.

The inbox knows no source; these tests give it one of their own, in the place of conversations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone

from messagecenter.inbox import sources
from messagecenter.inbox.models import Category, Entry, Mailbox, Source, State, entry_place
from messagecenter.inbox.sources import Reader, Reading, RowWords, StoredRow

SOURCE = Source.CONVERSATION
ONE_PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAMLCwgAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw=="


class SamplePresenter:
    """Says of a row what its payload says; "break" in place of a subject is a presenter's bug."""

    def list_rows(self, rows: Sequence[StoredRow], reader: Reader) -> list[RowWords]:
        return [self._words(row.payload or {}) for row in rows]

    def read_row(self, row: StoredRow, reader: Reader, request: HttpRequest) -> Reading:
        words = self._words(row.payload or {})
        if words.subject == "gone":
            raise Http404
        return Reading(words.subject, "sample_reading.html", {"words": words})

    def _words(self, payload: Any) -> RowWords:
        if payload["subject"] == "break":
            raise KeyError("subject")
        return RowWords(**payload)


def sample_presenter() -> Iterator[None]:
    """The body of a fixture: registers the presenter for a test."""
    before = dict(sources._presenters)
    sources.register_presenter(SOURCE, SamplePresenter())
    yield
    sources._presenters.clear()
    sources._presenters.update(before)


def deliver(
    mailbox: Mailbox,
    subject: str = "A message",
    *,
    at: datetime | None = None,
    category: Category = Category.SELLERS,
    state: State = State.INBOX,
    unread: bool = True,
    has_attachment: bool = False,
    **words: Any,
) -> Entry:
    """One row, sealed as delivery seals it."""
    source_id = Entry.objects.for_mailbox(mailbox.id).count() + 1
    payload = {"who": "Bob's Books", "subject": subject, "preview": "Good morning, it left today.", **words}
    return Entry.objects.create(
        mailbox_id=mailbox.id,
        source=SOURCE,
        source_id=source_id,
        category=category,
        state=state,
        unread=unread,
        has_attachment=has_attachment,
        active_at=at or timezone.now(),
        payload=mailbox.data_key.unwrap().seal(payload, place=entry_place(mailbox.id, SOURCE, source_id)),
    )


def deliver_many(mailbox: Mailbox, count: int, *, start: datetime | None = None, **words: Any) -> list[Entry]:
    """Newest first: "Message 1" is the newest, an hour lies between two."""
    now = start or timezone.now()
    return [
        deliver(mailbox, f"Message {n}", at=now - timedelta(hours=n - 1), **words)
        for n in range(1, count + 1)
    ]


def stored(entry: Entry) -> Entry:
    return Entry.objects.for_mailbox(entry.mailbox_id).get(id=entry.id)


def reads(answer: Any) -> str:
    return str(answer.content.decode())
