"""From stored rows to what a person reads: payloads opened, put into words, made into markup."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple, cast

from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from messagecenter.inbox.lists import EntryRow
from messagecenter.inbox.models import Category
from messagecenter.inbox.recent import Recent
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

_recent: Recent[SafeString] = Recent(most=4000, seconds=300)  # a row has about 1.5 kB


class ShownRow(NamedTuple):
    """One row ready for its template."""

    id: int
    unread: bool
    icon: str
    words: RowWords
    labels: Sequence[tuple[str, str]]  # (words, class)
    pictures: Sequence[tuple[str, str]]
    more_pictures: int
    has_attachment: bool
    when: Moment


@dataclass(frozen=True, slots=True)
class Look:
    """Whatever a row's markup depends on beside the row: who reads it, when, and on which list."""

    reader: Reader
    calendar: Calendar
    base: str
    query: str  # with its "?"

    @property
    def key(self) -> str:
        """A text, since it is hashed for every row, and a text remembers its hash."""
        reader, calendar = self.reader, self.calendar
        whose = reader.mailbox_id, reader.user.pk, reader.may_write
        when = calendar.locale, calendar.zone, calendar.today
        return "\n".join(map(str, (*whose, *when, self.base, self.query)))


def show_rows(rows: Sequence[EntryRow], look: Look) -> list[tuple[str, SafeString]]:
    """The rows' markup under their dates' headings. One that cannot be shown says so, and harms no other.

    A sealed row looks the same until it is sealed anew or its reader, day or list is another, so what was
    made of it lately is used again.
    """
    _recent.forget_old()
    key = look.key
    made = {row.id: _recent.get((key, row)) for row in rows}
    missing = [row for row in rows if made[row.id] is None]
    if missing:
        words = put_into_words(missing, look.reader)
        render = _row_template(look)
        for row in missing:
            made[row.id] = markup = render(_shown(row, words.get(row.id), look))
            if row.payload is not None and row.id in words:
                _recent.keep((key, row), markup)
    heading = look.calendar.heading_of
    groups = groupby(rows, lambda row: heading(row.active_us))
    return [(day, mark_safe("".join(made[row.id] or "" for row in group))) for day, group in groups]  # noqa: S308


def put_into_words(rows: Sequence[EntryRow], reader: Reader) -> dict[int, RowWords]:
    """The words of those that have any, by id: one call, one statement at most, for each kind of source."""
    words: dict[int, RowWords] = {}
    by_source: dict[int, list[StoredRow]] = defaultdict(list)
    for row in open_rows(rows, reader):
        by_source[row.source].append(row)
    for source, group in by_source.items():
        words.update(_present(source, group, reader))
    return words


def open_rows(rows: Sequence[EntryRow], reader: Reader) -> Iterator[StoredRow]:
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
            id=row.id,
            source=row.source,
            source_id=row.source_id,
            category=row.category,
            unread=row.unread,
            has_attachment=row.has_attachment,
            active_at=row.active_at,
            payload=payload,
        )


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
        words = presenter_of(source).list_rows(rows, reader)
        return dict(zip((row.id for row in rows), words, strict=True))
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


def _shown(row: EntryRow, words: RowWords | None, look: Look) -> ShownRow:
    words = words or RowWords(who=_("Unknown sender"), subject=_("This message cannot be shown"), preview="")
    icons = STORE_ICONS if look.reader.is_store else ICONS
    hidden_pictures = max(0, len(words.pictures) - PICTURES_SHOWN)
    return ShownRow(
        id=row.id,
        unread=row.unread,
        icon=icons.get(row.category, "mail"),  # type: ignore[call-overload]  # an int is its Category's key
        words=words,
        labels=[(text, TONES.get(tone, "")) for text, tone in words.labels],
        pictures=words.pictures[:PICTURES_SHOWN],
        more_pictures=words.more_pictures + hidden_pictures,
        has_attachment=row.has_attachment,
        when=look.calendar.moment(row.active_at),
    )


def _row_template(look: Look) -> Callable[[ShownRow], SafeString]:
    """The macro of `row.html`, in the reader's language: called for a row it takes a third of a template."""
    backend = cast("Jinja2", engines["jinja2"])
    template = backend.env.get_template("messagecenter/inbox/row.html")
    values = {"base": look.base, "query": look.query, "may_write": look.reader.may_write}
    macro: Callable[[ShownRow], str] = getattr(template.make_module(values), "row_of")  # noqa: B009
    return lambda row: mark_safe(macro(row))  # noqa: S308  escaped there
