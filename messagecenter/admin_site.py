"""Django's administration as the marketplace's colleagues find it: its name, its one way in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.second_factor import is_proven, proving_url


class AdminSite(admin.AdminSite):
    """No sign-in of its own: that would go past the second factor and past the rate limits.

    A colleague signs in where everybody does. Where settings.REQUIRE_STAFF_MFA, the administration opens
    only to a session that proved a second factor; who has none yet is led to set one up.
    """

    site_header = site_title = settings.SITE_NAME
    index_title = _("Administration")
    empty_value_display = "–"

    def has_permission(self, request: HttpRequest) -> bool:
        if not super().has_permission(request):
            return False
        if not settings.REQUIRE_STAFF_MFA:
            return True
        return is_proven(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Sends everybody to where he can do something about it; 404 for whoever is no colleague."""
        target = _target(request)
        if request.user.is_anonymous:
            return redirect_to_login(target, resolve_url(settings.LOGIN_URL))
        if not super().has_permission(request):
            raise Http404
        if self.has_permission(request):
            return HttpResponseRedirect(target)
        url = proving_url(request)
        if url is None:
            messages.warning(request, gettext("To open the administration, set up two-step sign-in first."))
            return HttpResponseRedirect(reverse("mfa_index"))
        return HttpResponseRedirect(f"{url}?{urlencode({REDIRECT_FIELD_NAME: target})}")

    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return HttpResponseRedirect(reverse("account_logout"))

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return HttpResponseRedirect(reverse("account_change_password"))

    def password_change_done(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return HttpResponseRedirect(reverse("account_change_password"))


def _target(request: HttpRequest) -> str:
    """The page of the administration that was asked for; its index where none was, or a strange one."""
    asked = request.GET.get(REDIRECT_FIELD_NAME) or request.get_full_path()
    index, login = reverse("admin:index"), reverse("admin:login")
    is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
    return asked if is_ours and asked.startswith(index) and not asked.startswith(login) else index
