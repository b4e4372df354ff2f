"""From stored rows to what a person reads: payloads opened, put into words, grouped by date."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from messagecenter.inbox.lists import EntryRow
from messagecenter.inbox.models import Category
from messagecenter.inbox.sources import Reader, RowWords, StoredRow, open_payload, presenter_of
from messagecenter.inbox.times import Calendar, Moment
from messagecenter.sealing import DataKeyBytes, SealingError

logger = logging.getLogger(__name__)

PICTURES_SHOWN = 3
ICONS = {
    Category.ORDERS: "box",
    Category.SELLERS: "sellers",
    Category.PLATFORM: "shield",
    Category.OFFERS: "tag",
}
STORE_ICONS = ICONS | {Category.SELLERS: "user"}
TONES = {"info": "info", "success": "ok", "warning": "warn", "danger": "danger"}


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row ready for its template."""

    id: int
    unread: bool
    icon: str
    who: str
    subject: str
    preview: str
    labels: Sequence[tuple[str, str]]  # (words, class)
    pictures: Sequence[tuple[str, str]]
    more_pictures: int
    has_attachment: bool
    when: Moment


def show_rows(
    rows: Sequence[EntryRow], reader: Reader, calendar: Calendar
) -> list[tuple[str, list[ShownRow]]]:
    """The rows under their dates' headings. One that cannot be shown says so, and takes no other along."""
    words = put_into_words(rows, reader)
    icons = STORE_ICONS if reader.is_store else ICONS
    shown = [_shown(row, words[row.id], icons, calendar.moment(row.active_at)) for row in rows]
    return [
        (heading, list(group))
        for heading, group in groupby(shown, lambda row: calendar.heading(row.when.day))
    ]


def put_into_words(rows: Sequence[EntryRow], reader: Reader) -> dict[int, RowWords]:
    """The words of every row, by its id: one call, so one statement at most, for each kind of source."""
    words: dict[int, RowWords] = {}
    by_source: dict[int, list[StoredRow]] = defaultdict(list)
    for row in open_rows(rows, reader):
        by_source[row.source].append(row)
    for source, group in by_source.items():
        words.update(_present(source, group, reader))
    return words | {row.id: unreadable_words() for row in rows if row.id not in words}


def open_rows(rows: Sequence[EntryRow], reader: Reader) -> Iterable[StoredRow]:
    """Those whose payload opens; the others are told to the log by their ids, never by their content."""
    key = _key(reader, rows)
    for row in rows:
        payload = None
        if row.payload is not None:
            if key is None:
                continue
            try:
                payload = open_payload(key, reader.mailbox_id, row.source, row.source_id, row.payload)
            except (SealingError, ValueError):
                logger.error("entry %s of mailbox %s cannot be opened", row.id, reader.mailbox_id)
                continue
        yield StoredRow(
            row.id,
            row.source,
            row.source_id,
            row.category,
            row.unread,
            row.has_attachment,
            row.active_at,
            payload,
        )


def unreadable_words() -> RowWords:
    return RowWords(who=_("Unknown sender"), subject=_("This message cannot be shown"), preview="")


def _key(reader: Reader, rows: Sequence[EntryRow]) -> DataKeyBytes | None:
    """None where no row is sealed, or the mailbox' own key cannot be opened."""
    if all(row.payload is None for row in rows):
        return None
    try:
        return reader.key()
    except SealingError:
        logger.error("the data key of mailbox %s cannot be opened", reader.mailbox_id)
        return None


def _present(source: int, rows: Sequence[StoredRow], reader: Reader) -> dict[int, RowWords]:
    try:
        return dict(zip((row.id for row in rows), presenter_of(source).list_rows(rows, reader), strict=True))
    except Exception as error:  # noqa: BLE001  whatever a row does to its presenter, the others are shown
        if len(rows) > 1:
            return {key: words for row in rows for key, words in _present(source, [row], reader).items()}
        logger.error(
            "entry %s of mailbox %s cannot be put into words: %s",
            rows[0].id,
            reader.mailbox_id,
            type(error).__name__,  # its text may quote the message
        )
        return {}


def _shown(row: EntryRow, words: RowWords, icons: dict[Category, str], when: Moment) -> ShownRow:
    return ShownRow(
        id=row.id,
        unread=row.unread,
        icon=icons.get(row.category, "mail"),  # type: ignore[call-overload]  # an int is its Category's key
        who=words.who,
        subject=words.subject,
        preview=words.preview,
        labels=[(text, TONES.get(tone, "")) for text, tone in words.labels],
        pictures=words.pictures[:PICTURES_SHOWN],
        more_pictures=max(0, len(words.pictures) - PICTURES_SHOWN),
        has_attachment=row.has_attachment,
        when=when,
    )
