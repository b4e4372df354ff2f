"""What has just been done, told in a toast, with its Undo.

Where scripts run, it comes with the answer. Where not, it waits for the next page in a signed cookie that
only this mailbox' pages are sent: the session would cost two statements a page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy, ngettext_lazy

from messagecenter.inbox.actions import Done
from messagecenter.inbox.mailboxes import ReadableMailbox
from messagecenter.inbox.undo import GRACE_SECONDS, undo_token

COOKIE = "mailbox_result"
SALT = "messagecenter.inbox.result"

Outcome = Literal["archive", "trash", "inbox", "read", "unread", "undone", "late", "gone", "nothing", "none"]
COUNTED = {
    "archive": ngettext_lazy("Message archived", "%(count)d messages archived", "count"),
    "trash": ngettext_lazy("Message moved to the trash", "%(count)d messages moved to the trash", "count"),
    "inbox": ngettext_lazy("Message moved to the inbox", "%(count)d messages moved to the inbox", "count"),
    "read": ngettext_lazy("Marked as read", "%(count)d messages marked as read", "count"),
    "unread": ngettext_lazy("Marked as unread", "%(count)d messages marked as unread", "count"),
}
PLAIN = {
    "undone": gettext_lazy("Undone"),
    "late": gettext_lazy("Too late to undo this."),
    "gone": gettext_lazy("There is nothing left to undo."),
    "nothing": gettext_lazy("Nothing had to be changed."),
    "none": gettext_lazy("Select a message first."),
}
WARNINGS = ("late", "gone", "none")


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of an action; `token` undoes it, where there is anything to undo."""

    outcome: Outcome
    count: int = 0
    token: str = ""

    @classmethod
    def of(cls, mailbox_id: int, done: Done) -> Result:
        if not done.before:
            return cls("nothing")
        return cls(done.action.value, len(done.before), undo_token(mailbox_id, done))


@dataclass(frozen=True, slots=True)
class Toast:
    """What `_toasts.html` shows."""

    label: str
    warning: bool
    token: str
    url: str
    seconds: int = 10


def toast_of(result: Result, undo_url: str) -> Toast:
    return Toast(
        label=_words(result),
        warning=result.outcome in WARNINGS,
        token=result.token,
        url=undo_url,
        seconds=settings.UNDO_SECONDS,
    )


def keep_result(response: HttpResponse, mailbox: ReadableMailbox, result: Result) -> None:
    response.set_cookie(
        COOKIE,
        signing.dumps([mailbox.reader.mailbox_id, result.outcome, result.count, result.token], salt=SALT),
        max_age=settings.UNDO_SECONDS + GRACE_SECONDS,
        path=mailbox.address,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def kept_result(request: HttpRequest, mailbox: ReadableMailbox) -> Result | None:
    """None where there is none, or it is somebody else's who used this browser before."""
    text = request.COOKIES.get(COOKIE)
    if not text:
        return None
    try:
        owner, outcome, count, token = signing.loads(
            text, salt=SALT, max_age=settings.UNDO_SECONDS + GRACE_SECONDS
        )
    except signing.BadSignature:
        return None
    return Result(outcome, count, token) if owner == mailbox.reader.mailbox_id else None


def forget_result(response: HttpResponse, mailbox: ReadableMailbox) -> None:
    response.delete_cookie(COOKIE, path=mailbox.address, samesite="Lax")


def _words(result: Result) -> str:
    if result.outcome in COUNTED:
        return str(COUNTED[result.outcome] % {"count": result.count})
    return str(PLAIN[result.outcome])
