"""Whether this very session has proven a second factor, and where it can."""

from __future__ import annotations

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.urls import reverse

from accounts.people import User


def is_proven(request: HttpRequest) -> bool:
    """True where the person has a second factor and used it in this session, at sign-in or later.

    A session that began before the factor was set up does not count, nor one whose factor was removed.
    Costs one statement; for the administration, not for buyers' pages.
    """
    user = request.user
    if not isinstance(user, User):
        return False
    used = any(record.get("method") == "mfa" for record in get_authentication_records(request, user))
    return used and bool(_factors(user))


def proving_url(request: HttpRequest) -> str | None:
    """Where this session can prove it now; None where the person has no second factor yet."""
    if not isinstance(request.user, User):
        return None
    factors = _factors(request.user)
    if Authenticator.Type.TOTP in factors:
        return reverse("mfa_reauthenticate")
    return reverse("mfa_reauthenticate_webauthn") if factors else None


def _factors(user: User) -> set[str]:
    """Recovery codes stand in for a factor, and are none."""
    types = Authenticator.objects.filter(user=user).values_list("type", flat=True)
    return {str(found) for found in types} - {Authenticator.Type.RECOVERY_CODES}
