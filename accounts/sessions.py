"""Where somebody is signed in: telling, remembering when last seen, ending (SE-3)."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db.models import Exists, OuterRef
from django.utils import timezone
from redis.exceptions import RedisError

from accounts.devices import Device, recognise
from accounts.people import User
from accounts.session_store import SessionStore

logger = logging.getLogger(__name__)

SEEN_EVERY_SECONDS = 300


@dataclass(frozen=True)
class SignedInDevice:
    """One row of the sessions page. Times are UTC."""

    session_id: int
    device: Device
    ip: str
    signed_in_at: dt.datetime
    last_seen_at: dt.datetime
    is_this_one: bool


def record_last_seen(*, session_key: str, ip: str) -> None:
    """Remembers in the cache, at most every five minutes, when and from where a session was used.

    Costs one read of the cache and no statement. It reaches the row when somebody looks (see
    `list_sessions`); an emptied cache forgets the time since then, and nothing else.
    """
    now = timezone.now()
    try:
        seen = cache.get(_seen_key(session_key))
        if seen is None or now - seen[0] >= dt.timedelta(seconds=SEEN_EVERY_SECONDS) or seen[1] != ip:
            cache.set(_seen_key(session_key), (now, ip), settings.SESSION_COOKIE_AGE)
    except RedisError:
        logger.warning("the cache does not answer; when a session was last seen is not recorded")


def list_sessions(*, user: User, current_key: str | None) -> list[SignedInDevice]:
    """Where this person is signed in now: this device first, then the most recently seen."""
    rows = UserSession.objects.purge_and_list(user)
    seen = cache.get_many([_seen_key(row.session_key) for row in rows])
    for row in rows:
        at, ip = seen.get(_seen_key(row.session_key), (row.last_seen_at, row.ip))
        if at > row.last_seen_at:
            row.last_seen_at, row.ip = at, ip
            row.save(update_fields=["last_seen_at", "ip"])
    listed = [
        SignedInDevice(
            session_id=row.pk,
            device=recognise(row.user_agent),
            ip=row.ip,
            signed_in_at=row.created_at,
            last_seen_at=row.last_seen_at,
            is_this_one=row.session_key == current_key,
        )
        for row in rows
    ]
    return sorted(listed, key=lambda one: (not one.is_this_one, -one.last_seen_at.timestamp()))


def end_sessions(*, user: User, except_session: str | None = None) -> int:
    """Signs somebody out everywhere, save in the session of the key given; returns how many ended.

    An ended session is out at its next request: its row and its copy in the cache are both gone. Used
    after a change of password or of second factor, when a member leaves a team, and by the person
    himself ("Sign out everywhere").
    """
    rows = UserSession.objects.filter(user=user).exclude(session_key=except_session or "")
    ended = 0
    for row in rows:
        row.end()
        ended += 1
    return ended


def forget_expired_sessions() -> int:
    """Deletes the rows of sessions that ended by themselves; returns how many were still listed."""
    SessionStore.clear_expired()
    alive = Session.objects.filter(session_key=OuterRef("session_key"))
    forgotten: int = UserSession.objects.filter(~Exists(alive)).delete()[0]
    return forgotten


def _seen_key(session_key: str) -> str:
    return f"seen:{session_key}"
