"""What every request does about who asks: his language, his clock, when he was last here."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from accounts.sessions import record_last_seen
from accounts.zones import zone_or_default

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class LocaleMiddleware:
    """Each request speaks its reader's language and tells the time in his zone (CH-5).

    Of somebody signed in: his account's. Of a visitor: his cookie's (`accounts:language`), else what his
    browser asks for. Django's own middleware knows of no account, and must not stand beside this one.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if user.is_authenticated:
            language, zone = user.language, user.zone
        else:
            language, zone = translation.get_language_from_request(request), zone_or_default("")
        if not translation.check_for_language(language):
            language = settings.LANGUAGE_CODE
        with translation.override(language), timezone.override(zone):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        # Signed in or not is told by the cookie; without an account, so is the language.
        patch_vary_headers(response, ("Cookie",) if user.is_authenticated else ("Accept-Language", "Cookie"))
        return response


class LastSeenMiddleware:
    """Remembers when a session was last used, for the list of sessions; no statement (see `sessions`)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.user.is_authenticated and request.session.session_key:
            try:
                ip = get_adapter().get_client_ip(request)
            except (PermissionDenied, ImproperlyConfigured):  # no address known, as behind a unix socket
                return response
            record_last_seen(session_key=request.session.session_key, ip=ip)
        return response
