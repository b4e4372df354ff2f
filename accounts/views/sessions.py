from __future__ import annotations

from allauth.account.internal.flows.logout import logout
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.people import User, person_of
from accounts.sessions import end_sessions, list_sessions


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def list_own_sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in. POST ends every other session; with `this_too`, this one as well."""
    user = person_of(request)
    key = request.session.session_key
    if request.method == "POST":
        return _end_own_sessions(request, user)
    if not UserSession.objects.filter(session_key=key or "").exists():
        UserSession.objects.create_from_request(request)
    found = list_sessions(user=user, current_key=key)
    return render(request, "usersessions/usersession_list.html", {"sessions": found})


def _end_own_sessions(request: HttpRequest, user: User) -> HttpResponse:
    ended = end_sessions(user=user, except_session=request.session.session_key)
    if "this_too" in request.POST:
        return _leave(request, user)
    said = ngettext("%(count)d other device is signed out.", "%(count)d other devices are signed out.", ended)
    messages.success(
        request, said % {"count": ended} if ended else gettext("You are signed in nowhere else.")
    )
    return redirect("usersessions_list")


@require_POST
@login_required
def end_own_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """404 for a number that is not one of the person's own sessions."""
    user = person_of(request)
    own = UserSession.objects.filter(user=user, pk=session_id).first()
    if own is None:
        raise Http404
    if own.session_key == request.session.session_key:
        return _leave(request, user)
    own.end()
    messages.success(request, gettext("That device is signed out."))
    return redirect("usersessions_list")


def _leave(request: HttpRequest, user: User) -> HttpResponse:
    UserSession.objects.filter(user=user, session_key=request.session.session_key).delete()
    logout(request)
    return redirect("account_login")
