"""What the page of one message is made of: the inbox' frame around what the message's source says."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from messagecenter.inbox.actions import Action
from messagecenter.inbox.lists import EntryRow, ListAddress, neighbours
from messagecenter.inbox.mailboxes import ReadableMailbox
from messagecenter.inbox.menus import title_of
from messagecenter.inbox.models import State
from messagecenter.inbox.rendering import render_menu, tools_of
from messagecenter.inbox.rows import open_rows
from messagecenter.inbox.sources import Reading, presenter_of
from messagecenter.inbox.times import Calendar, Moment


def open_message(request: HttpRequest, mailbox: ReadableMailbox, row: EntryRow) -> Reading | None:
    """None where it cannot be opened. Raises Http404 where its source is gone or not the reader's."""
    for opened in open_rows([row], mailbox.reader):
        return presenter_of(row.source).read_row(opened, mailbox.reader, request)
    return None


def reading_context(
    request: HttpRequest,
    mailbox: ReadableMailbox,
    address: ListAddress,
    found: tuple[EntryRow, State],
    reading: Reading | None,
) -> dict[str, Any]:
    """`address` is the list that the message was opened from, and that the page leads back to."""
    reader = mailbox.reader
    row, state = found
    newer = older = None
    if state == address.state:
        newer, older = neighbours(reader.mailbox_id, address, row.cursor)
    base, query = mailbox.address, address.query()
    when = Calendar().moment(row.active_at)
    return {
        "section": reader.store_slug or "inbox",
        "mailbox": mailbox,
        "menu": render_menu(mailbox, address),
        "title": reading.title if reading else _("This message cannot be shown"),
        "body": _render(request, mailbox, reading, when) if reading else "",
        "when": when,
        "entry_id": row.id,
        "list_title": title_of(address),
        "list_url": base + query,
        "act_url": f"{base}actions/{query}",
        "newer_url": f"{base}{newer}/{query}" if newer else "",
        "older_url": f"{base}{older}/{query}" if older else "",
        "tools": [tool for tool in tools_of(state, mailbox) if tool.action != Action.READ],
    }


def _render(request: HttpRequest, mailbox: ReadableMailbox, reading: Reading, when: Moment) -> SafeString:
    """The source's template makes the whole article, its h1 included."""
    context = {**reading.context, "title": reading.title, "when": when, "reader": mailbox.reader}
    return render_to_string(reading.template, context, request)
