"""Sign-in and its mails, in the words and the language of the message center."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts.devices import recognise
from accounts.people import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "duplicate_email": _("This is already your e-mail address."),
        "email_password_mismatch": _("E-mail address or password is not right."),
        "email_taken": _("This e-mail address cannot be used."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_code": _("This code is not right, or was used already."),
        "incorrect_password": _("This password is not right."),
        "invalid_or_expired_key": _("This link is no longer valid."),
        "invalid_password_reset": _("This link is no longer valid."),
        "same_as_current": _("This is what it is already."),
        "too_many_login_attempts": _(
            "Too many attempts that failed. Wait five minutes, or choose a new password by e-mail."
        ),
        "rate_limited": _("Too many attempts. Wait a little, and try again."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Writes in the language of whoever owns the address; to a stranger in that of the request."""
        reader = context.get("user") or User.objects.filter(email__iexact=email).first()
        language = reader.language if reader else translation.get_language() or settings.LANGUAGE_CODE
        site = SimpleNamespace(name=settings.SITE_NAME, domain=settings.SITE_URL)
        zone = reader.zone if reader else timezone.get_default_timezone()
        with translation.override(language), timezone.override(zone):
            super().send_mail(template_prefix, email, context | {"current_site": site, "reader": reader})

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        device = recognise(self.get_http_user_agent(self.request))
        super().send_notification_mail(
            template_prefix, user, {"user": user, "device": device} | (context or {}), email
        )

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")
