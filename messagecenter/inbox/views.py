"""The inbox' pages: one list, one message, what can be done with them, and its undoing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass

from django.contrib.messages import get_messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from messagecenter.inbox.access import PageRequest, in_mailbox, require_writer
from messagecenter.inbox.actions import Action, act_on_entries, mark_opened, undo_action
from messagecenter.inbox.lists import ListAddress, read_row
from messagecenter.inbox.mailboxes import ReadableMailbox, forget_mailboxes, mailboxes_of, note_one_read
from messagecenter.inbox.paging import BadAddressError
from messagecenter.inbox.reading import open_message, reading_context
from messagecenter.inbox.rendering import ListPage, list_context
from messagecenter.inbox.results import Result, forget_result, keep_result, kept_result
from messagecenter.inbox.shell import TEMPLATE, fill_shell
from messagecenter.inbox.undo import UndoExpiredError, read_undo_token
from messagecenter.site import Navigation

MOST_AT_ONCE = 500  # rows of one action; a page holds fewer


@require_safe
@in_mailbox
def show_list(request: PageRequest, mailbox: ReadableMailbox) -> HttpResponse:
    try:
        address = ListAddress.parse(request.GET.dict(), for_store=mailbox.reader.is_store)
    except BadAddressError as error:
        return _bad_address(request, mailbox, error)
    result = kept_result(request, mailbox)
    response = _list(request, mailbox, address, result=result)
    if result:
        forget_result(response, mailbox)
    return response


@require_safe
@in_mailbox
def read(request: PageRequest, mailbox: ReadableMailbox, entry_id: int) -> HttpResponse:
    """Opening a message marks it read, as mail programs do: the one thing that a GET changes here.

    Not where the browser only fetches it ahead, and not for a store's read-only member: what he has seen is
    no news to the team that has to answer.
    """
    try:
        address = ListAddress.parse(request.GET.dict(), for_store=mailbox.reader.is_store)
    except BadAddressError as error:
        return _bad_address(request, mailbox, error)
    mailbox_id = mailbox.reader.mailbox_id
    found = read_row(mailbox_id, entry_id)
    if found is None:
        raise Http404
    row, state = found
    reading = open_message(request, mailbox, row)
    opened = request.method == "GET" and "prefetch" not in request.headers.get("Sec-Purpose", "")
    if (
        row.unread
        and opened
        and mailbox.reader.may_write
        and mark_opened(mailbox_id=mailbox_id, entry_id=row.id)
    ):
        mailbox = note_one_read(request, mailbox, row.category, state)
    context = reading_context(request, mailbox, address, (row, state), reading)
    return render(request, "messagecenter/inbox/read.html", context)


@require_POST
@in_mailbox
def act(request: PageRequest, mailbox: ReadableMailbox) -> HttpResponse:
    """Does what a row's own button or a toolbar's says; 404 where none of the rows is this mailbox's."""
    require_writer(mailbox)
    try:
        asked = Asked.parse(request)
    except ValueError as error:
        raise Http404 from error
    if not asked.entry_ids:
        return _answer(request, mailbox, Result("none"))
    mailbox_id = mailbox.reader.mailbox_id
    done = act_on_entries(mailbox_id=mailbox_id, action=asked.action, entry_ids=asked.entry_ids)
    if not done.found:
        raise Http404
    return _answer(request, mailbox, Result.of(mailbox_id, done))


@require_POST
@in_mailbox
def undo(request: PageRequest, mailbox: ReadableMailbox) -> HttpResponse:
    """Puts everything back that the token of a toast tells of, or says why it cannot."""
    require_writer(mailbox)
    mailbox_id = mailbox.reader.mailbox_id
    try:
        undoable = read_undo_token(mailbox_id, request.POST.get("token", ""))
    except UndoExpiredError:
        return _answer(request, mailbox, Result("late"))
    restored = undo_action(mailbox_id=mailbox_id, action=undoable.action, before=undoable.before)
    result = Result("undone", len(restored)) if restored else Result("gone")
    return _answer(request, mailbox, result, focus=restored)


@dataclass(frozen=True, slots=True)
class Asked:
    """A form of the list: which action, on which rows."""

    action: Action
    entry_ids: Sequence[int]

    @classmethod
    def parse(cls, request: PageRequest) -> Asked:
        """A row's button bears its action as name and the row as value; a toolbar's is called `do`, bears its
        action as value, and means the rows picked. Raises ValueError for what no form of ours sends."""
        picked = [int(text) for text in request.POST.getlist("entry")]
        if len(picked) > MOST_AT_ONCE:
            raise ValueError
        for action in Action:
            if action in request.POST:
                return cls(action, [int(request.POST[action])])
        return cls(Action(request.POST.get("do", "")), picked)


def _answer(
    request: PageRequest,
    mailbox: ReadableMailbox,
    result: Result,
    *,
    focus: Collection[int] = (),
) -> HttpResponse:
    """The list as it is now: a fragment where a script asked, else the page that the browser is sent to."""
    address = ListAddress()
    with suppress(BadAddressError):
        address = ListAddress.parse(request.GET.dict(), for_store=mailbox.reader.is_store)
    if not request.htmx:
        response = HttpResponseRedirect(mailbox.address + address.query())
        keep_result(response, mailbox, result)
        return response
    forget_mailboxes(request)
    slug = mailbox.reader.store_slug
    now = next(found for found in mailboxes_of(request) if found.reader.store_slug == slug)
    return _list(request, now, address, result=result, focus=focus)


def _list(
    request: PageRequest,
    mailbox: ReadableMailbox,
    address: ListAddress,
    *,
    result: Result | None,
    focus: Collection[int] = (),
) -> HttpResponse:
    shown = ListPage.read(mailbox, address)
    token = get_token(request)  # one for all the forms of the page: each takes 40 µs to make
    fragment = request.htmx and not request.htmx.history_restore_request
    header = Navigation(request).header
    if header and shown.page.rows and not (fragment or result or get_messages(request)):
        response = HttpResponse(fill_shell(request, shown, header, token))
    else:
        context = list_context(shown, shown.links(), token=token, result=result, focus=focus)
        context["frame"] = "messagecenter/inbox/_fragment.html" if fragment else "base.html"
        response = render(request, TEMPLATE, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _bad_address(request: PageRequest, mailbox: ReadableMailbox, error: BadAddressError) -> HttpResponse:
    context = {"reason": str(error), "mailbox": mailbox}
    return render(request, "messagecenter/inbox/bad_address.html", context, status=400)
