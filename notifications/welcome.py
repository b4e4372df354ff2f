"""The first thing that lies in the inbox of somebody who signed up."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from notifications.kinds.platform import Welcome
from notifications.outbox import notify_person


def welcome_person(sender: Any, user: User, **kwargs: Any) -> None:
    """Receives allauth's `user_signed_up`."""
    notify_person(user=user, kind=Welcome.kind, key="welcome", params={}, occurred_at=user.date_joined)
