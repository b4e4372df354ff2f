"""The list's page around its rows, kept ready.

Of a page of the list only the rows, and the token of its forms, differ from one look at it to the next. The
frame (base.html, menu, toolbar) is a Django template and takes longer than everything else of the page; so
it is made once of named values, with two gaps in it, and kept under those very values. Whatever is not among
them (the request, the session, a message waiting) cannot get in, and a page that needs it is rendered anew.
"""

from __future__ import annotations

import secrets
from collections.abc import Hashable
from dataclasses import replace

from django.http import HttpRequest
from django.template import Context, Engine
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from messagecenter.inbox.recent import Recent
from messagecenter.inbox.rendering import ListPage, list_context
from messagecenter.site import Header, site

TEMPLATE = "messagecenter/inbox/list.html"
# No text of anybody's can hold them: they are made anew by every process, and "<" is escaped everywhere.
ROWS = mark_safe(f"<!--rows {secrets.token_hex(16)}-->")  # noqa: S308
TOKEN = mark_safe(f"<!--token {secrets.token_hex(16)}-->")  # noqa: S308

_recent = Recent(most=500, seconds=300)  # a frame has about 12 kB


def fill_shell(request: HttpRequest, shown: ListPage, header: Header, token: str) -> str:
    """The whole page. Only for one with rows, and without a toast."""
    _recent.forget_old()
    key = _key(request, shown, header)
    shell = _recent.get(key)
    if shell is None:
        shell = _make_shell(request, shown, header)
        _recent.keep(key, shell)
    return shell.replace(TOKEN, token).replace(ROWS, shown.rows)


def _key(request: HttpRequest, shown: ListPage, header: Header) -> Hashable:
    reader = shown.mailbox.reader
    links = shown.page.newer, shown.page.older
    counts = tuple(shown.mailbox.unread.values())
    return get_language(), site(), header, request.get_full_path(), links, reader.may_write, counts


def _make_shell(request: HttpRequest, shown: ListPage, header: Header) -> SafeString:
    ours = site()
    values = {
        **list_context(replace(shown, rows=ROWS), token=TOKEN),
        "frame": "base.html",
        "site": ours,
        "marketplace": ours,
        "nav": {"header": header},
        "user": {"is_authenticated": True},
        "request": {"get_full_path": request.get_full_path()},
    }
    return Engine.get_default().get_template(TEMPLATE).render(Context(values))
