"""Whose mailbox an address means: the visitor's own, or a store's of whose team he is. Else there is none."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from messagecenter.inbox.mailboxes import ReadableMailbox, list_address, mailboxes_of

P = ParamSpec("P")


class PageRequest(HttpRequest):
    """A request as the middleware hands it on."""

    htmx: HtmxDetails


MailboxView = Callable[Concatenate[PageRequest, ReadableMailbox, P], HttpResponseBase]


def in_mailbox(view: MailboxView[P]) -> Callable[..., HttpResponseBase]:
    """Gives the view the mailbox of the address. A stranger to a store gets 404, as for none."""

    @never_cache
    @wraps(view)
    def found(request: PageRequest, *args: Any, slug: str = "", **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _ask_to_sign_in(request, slug)
        for mailbox in mailboxes_of(request):
            if mailbox.reader.store_slug == slug:
                return view(request, mailbox, *args, **kwargs)
        raise Http404

    return found


def require_writer(mailbox: ReadableMailbox) -> None:
    """Raises PermissionDenied for a read-only member of a store's team."""
    if not mailbox.reader.may_write:
        raise PermissionDenied


def _ask_to_sign_in(request: PageRequest, slug: str) -> HttpResponse:
    """Afterwards the page that was asked for; the list, where a form was sent. A fragment cannot sign in: its
    page goes there as a whole."""
    back = request.get_full_path() if request.method in ("GET", "HEAD") else list_address(slug)
    sign_in = redirect_to_login(back)
    return HttpResponseClientRedirect(sign_in.url) if request.htmx else sign_in
