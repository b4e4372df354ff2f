from __future__ import annotations

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.people import User


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keeps the language in the account, or in a visitor's cookie, and goes back to `next`."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest("No such language.", content_type="text/plain; charset=utf-8")
    if isinstance(request.user, User):
        request.user.language = language
        request.user.save(update_fields=["language"])
    url = request.POST.get(REDIRECT_FIELD_NAME, "")
    if not url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure()):
        url = settings.LOGIN_REDIRECT_URL
    return remember_language(redirect(url), language)


def remember_language(response: HttpResponse, language: str) -> HttpResponse:
    """So that the pages keep their language after signing out."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return response
