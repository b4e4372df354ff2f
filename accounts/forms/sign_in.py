"""The forms of sign-in, named in settings.ACCOUNT_FORMS and settings.MFA_FORMS."""

from __future__ import annotations

from typing import Any, cast
from zoneinfo import available_timezones

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.base import forms as mfa_forms
from django import forms
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.people import User


class LoginForm(account_forms.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address")
        self.fields["remember"].label = _("Keep me signed in on this device")


class SignupForm(account_forms.SignupForm):  # type: ignore[misc]
    """Name, address, password. Language and time zone are guessed from the browser."""

    field_order = ("first_name", "last_name", "email", "password1")

    first_name = forms.CharField(
        label=_("First name"), max_length=80, widget=forms.TextInput({"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=_("Last name"), max_length=80, widget=forms.TextInput({"autocomplete": "family-name"})
    )
    # Filled by static/js/time-zone.js; whatever is no zone counts as not known.
    time_zone = forms.CharField(required=False, widget=forms.HiddenInput({"data-time-zone-here": ""}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")

    def clean(self) -> dict[str, Any]:
        """allauth looks whether the password resembles the address; this, whether it resembles the name."""
        data: dict[str, Any] = super().clean()
        if "password1" in data and "password1" not in self.errors:
            named = User(first_name=data.get("first_name", ""), last_name=data.get("last_name", ""))
            try:
                get_adapter().clean_password(data["password1"], user=named)
            except forms.ValidationError as error:
                self.add_error("password1", error)
        return data

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        if self.account_already_exists:
            # A new account's password would now be hashed, which takes long enough to be measured:
            # the answer for a known address must not come sooner.
            make_password(self.cleaned_data["password1"])
        outcome: tuple[User | None, HttpResponse | None] = super().try_save(request)
        return outcome

    def custom_signup(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        user = cast("User", user)
        language = translation.get_language()
        if language in dict(settings.LANGUAGES):
            user.language = str(language)
        zone = self.cleaned_data["time_zone"]
        user.time_zone = zone if zone in available_timezones() else settings.TIME_ZONE
        user.save(update_fields=["language", "time_zone"])


class AddEmailForm(account_forms.AddEmailForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New e-mail address")


class ResetPasswordForm(account_forms.ResetPasswordForm):  # type: ignore[misc]
    """Sends the link to an account's own address only.

    allauth would also send one to an address that was typed in but never verified, so that a slip of
    the keyboard in "change e-mail" would hand the account to whoever owns the mistyped address.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")

    def clean_email(self) -> str:
        email = get_adapter().clean_email(self.cleaned_data["email"].lower())
        verified = EmailAddress.objects.filter(email=email, verified=True).values("user")
        own = User.objects.filter(is_active=True)
        self.users = list(own.filter(pk__in=verified) or own.filter(email__iexact=email))
        return str(email)


class _FreshCode:
    """A code counts once, for as long as the tolerance of the clock would accept it again.

    allauth remembers a used code for one period; with a tolerance of one period it would be good again
    for the rest of three (RFC 6238, 5.2: a verifier must not accept a code twice).
    """

    user: User

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        seconds = mfa_settings.TOTP_PERIOD * (2 * mfa_settings.TOTP_TOLERANCE + 1)
        if not cache.add(f"second-factor-used:{self.user.pk}:{code.strip()}", 1, timeout=seconds):
            raise get_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(_FreshCode, mfa_forms.AuthenticateForm):  # type: ignore[misc]
    pass


class ReauthenticateForm(_FreshCode, mfa_forms.ReauthenticateForm):  # type: ignore[misc]
    pass
