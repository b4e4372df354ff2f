"""Announcements: written by staff, sent to everyone who is there at that moment (NO-3)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import Store, User
from notifications.fanout.everyone import read_progress
from notifications.kinds.platform import AnnouncementKind
from notifications.models import Announcement, Audience, Notice, Recipients
from notifications.outbox import wake


class AlreadySentError(Exception):
    """An announcement goes out once."""


@dataclass(frozen=True, slots=True)
class Progress:
    """`reached` mailboxes have the row; `share` of the work is done, 0 to 1."""

    state: str  # of the notice; "" while it is a draft
    reached: int
    share: float
    error: str = ""


def count_recipients(recipients: str) -> int:
    """Who would get it now."""
    return Store.objects.count() if recipients == Recipients.STORES else User.objects.count()


@transaction.atomic
def send_announcement(*, announcement: Announcement) -> Notice:
    """Sends it to everyone (or every store) that exists now, in the tab Platform. Raises AlreadySentError.

    The text goes into the notice, which is stored once; the rows in the mailboxes hold a reference.
    """
    announcement = Announcement.objects.select_for_update().get(pk=announcement.pk)
    if announcement.notice_id:
        raise AlreadySentError
    owners = Store if announcement.recipients == Recipients.STORES else User
    notice = Notice.objects.create(
        audience=Audience.EVERYONE,
        kind=AnnouncementKind.kind,
        key=f"announcement:{announcement.pk}",
        occurred_at=timezone.now(),
        params={
            "title": announcement.title,
            "text": announcement.text,
            "link": announcement.link,
            "to": announcement.recipients,
            "last_owner": owners.objects.aggregate(last=Max("id"))["last"] or 0,
        },
    )
    announcement.notice = notice
    announcement.save(update_fields=["notice"])
    wake(notice.pk)
    return notice


def announcement_progress(announcement: Announcement) -> Progress:
    notice = announcement.notice
    if notice is None:
        return Progress("", 0, 0.0)
    reached, share = read_progress(notice.pk)
    return Progress(notice.state, reached, share, notice.error)
