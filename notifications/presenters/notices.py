"""The inbox row of a notice to a person or to everyone, and its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from messagecenter.inbox.sources import Reader, Reading, RowWords, StoredRow
from notifications.kinds import PERSON_KINDS, PersonKind
from notifications.models import Audience, Notice


class NoticePresenter:
    def list_rows(self, rows: Sequence[StoredRow], reader: Reader) -> list[RowWords]:
        """One statement, where announcements are among them: their text is stored once for everyone."""
        texts = _announcements([row.source_id for row in rows if row.payload is None])
        return [_row_words(_content(row, texts)) for row in rows]

    def read_row(self, row: StoredRow, reader: Reader, request: HttpRequest) -> Reading:
        """Raises Http404 where an announcement was deleted."""
        content = _content(row, _announcements([row.source_id] if row.payload is None else []))
        if content is None:
            raise Http404
        words = content.words()
        return Reading(
            title=words.title,
            template="notifications/reading_notice.html",
            context={"words": words, "who": settings.SITE_NAME, "icon": content.icon},
        )


def _announcements(notice_ids: Sequence[int]) -> dict[int, tuple[str, Mapping[str, Any]]]:
    if not notice_ids:
        return {}
    # By audience too: a row that bears no payload of its own must not reach another person's notice.
    found = Notice.objects.filter(id__in=notice_ids, audience=Audience.EVERYONE)
    return {id_: (kind, params) for id_, kind, params in found.values_list("id", "kind", "params")}


def _content(row: StoredRow, texts: Mapping[int, tuple[str, Mapping[str, Any]]]) -> PersonKind | None:
    if row.payload is not None:
        kind, params = row.payload["kind"], row.payload["params"]
    elif row.source_id in texts:
        kind, params = texts[row.source_id]
    else:
        return None
    return PERSON_KINDS[kind].parse(params)


def _row_words(content: PersonKind | None) -> RowWords:
    if content is None:
        return RowWords(who=settings.SITE_NAME, subject=_("This message was withdrawn"), preview="")
    return RowWords(who=settings.SITE_NAME, subject=content.subject(), preview=content.summary())
