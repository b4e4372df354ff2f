"""Who may do what in a store: the one way for every view of a store to begin.

    @for_team()                       any member of the team; GET, HEAD and OPTIONS only for a reader
    @for_team(Role.OWNER, Role.MANAGER)
    def settings(request, membership, …):

A stranger gets 404: a store says nothing of itself to him. A member whose role does not go that far
gets 403: he knows the store.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase

from accounts.people import User
from accounts.stores import Membership, Role

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")

StoreView = Callable[Concatenate[HttpRequest, Membership, ...], HttpResponseBase]


def store_of(request: HttpRequest, slug: str) -> Membership:
    """This person's place in the team of that store, with the store itself, in one statement.

    Raises Http404 for a stranger to the store, as for a store that does not exist.
    """
    if isinstance(request.user, User):
        membership = Membership.objects.for_user(request.user).filter(store__slug=slug).first()
        if membership:
            return membership
    raise Http404


def for_team(*roles: Role) -> Callable[[StoreView], Callable[..., HttpResponseBase]]:
    """Turns a view of `(request, membership, …)` into one of `(request, slug, …)`; see the module's text."""

    def decorate(view: StoreView) -> Callable[..., HttpResponseBase]:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            membership = store_of(request, slug)
            if roles and membership.role not in roles:
                raise PermissionDenied
            if request.method not in SAFE_METHODS and not membership.may_write:
                raise PermissionDenied
            return view(request, membership, *args, **kwargs)

        return guarded

    return decorate
