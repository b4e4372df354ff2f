"""What follows from a change of somebody's sign-in; connected in `AccountsConfig.ready`."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.email_verification import verify_email_indirectly
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import has_verified_email
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from accounts.people import User
from accounts.sessions import end_sessions


def verify_address_by_reset(request: HttpRequest, user: User, **_signal: Any) -> None:
    """Who followed the link has opened the address's mail: that verifies it.

    So people whom an order brought in (no password yet) get in by a reset alone. The link went to the
    account's own address, never to one that somebody is only about to change to (`ResetPasswordForm`).
    """
    if not has_verified_email(user):
        verify_email_indirectly(request, user, user.email)
    end_sessions(user=user)


def end_other_sessions(request: HttpRequest, user: User, **_signal: Any) -> None:
    """Their password hash is another now, so they are out anyway; this takes them off the list too."""
    end_sessions(user=user, except_session=request.session.session_key)


def trust_only_this_session(
    request: HttpRequest, user: User, authenticator: Authenticator, **_signal: Any
) -> None:
    """A new second factor was proven here and nowhere else: the other sessions began without it."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        return  # made along with the first factor; nobody has proven anything by them
    record_authentication(request, user, method="mfa", type=authenticator.type, id=authenticator.pk)
    end_sessions(user=user, except_session=request.session.session_key)
