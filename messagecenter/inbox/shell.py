"""The list's page around its rows, kept ready.

Of the pages of a list only the rows, some addresses and the token of the forms differ. The frame (base.html,
menu, toolbar) is a Django template and takes longer than anything else of the page; so it is made once of
named values, with gaps in it, and kept under those very values. Whatever is not among them (the request, the
session, a message waiting) cannot get in, and a page that needs it is rendered anew.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Hashable, Sequence
from dataclasses import replace

from django.http import HttpRequest
from django.template import Context, Engine
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from messagecenter.inbox.recent import Recent
from messagecenter.inbox.rendering import Links, ListPage, list_context
from messagecenter.site import Header, site

TEMPLATE = "messagecenter/inbox/list.html"


def _gap(name: str) -> SafeString:
    """No text of anybody's can hold it: it is another in every process, and "<" is escaped everywhere."""
    return mark_safe(f"<!--{name} {_SECRET}-->")  # noqa: S308


_SECRET = secrets.token_hex(16)
_GAPS = re.compile(rf"(<!--\w+ {_SECRET}-->)")
ROWS, TOKEN, PATH = _gap("rows"), _gap("token"), _gap("path")
ACT, NEWER, OLDER = _gap("act"), _gap("newer"), _gap("older")

# A frame has about 12 kB: its text, and every second piece a gap.
_recent: Recent[Sequence[str]] = Recent(most=500, seconds=300)


def fill_shell(request: HttpRequest, shown: ListPage, header: Header, token: str) -> str:
    """The whole page. Only for one with rows, and without a toast."""
    _recent.forget_old()
    links = shown.links()
    key = _key(shown, links, header)
    shell = _recent.get(key)
    if shell is None:
        shell = _make_shell(shown, links, header)
        _recent.keep(key, shell)
    fill: dict[str, str] = {
        ROWS: shown.rows,
        TOKEN: token,
        PATH: escape(request.get_full_path()),
        ACT: escape(links.act),
        NEWER: escape(links.newer),
        OLDER: escape(links.older),
    }
    return "".join([fill.get(piece, piece) for piece in shell])


def _key(shown: ListPage, links: Links, header: Header) -> Hashable:
    reader, address = shown.mailbox.reader, shown.address
    which = reader.store_slug, reader.may_write, address.box, address.tab
    counts = tuple(shown.mailbox.unread.values())
    return get_language(), site(), header, which, bool(links.newer), bool(links.older), counts


def _make_shell(shown: ListPage, links: Links, header: Header) -> Sequence[str]:
    ours = site()
    gaps = Links(ACT, links.newer and NEWER, links.older and OLDER)
    values = {
        **list_context(replace(shown, rows=ROWS), gaps, token=TOKEN),
        "frame": "base.html",
        "site": ours,
        "marketplace": ours,
        "nav": {"header": header},
        "user": {"is_authenticated": True},
        "request": {"get_full_path": PATH},
    }
    return _GAPS.split(Engine.get_default().get_template(TEMPLATE).render(Context(values)))
