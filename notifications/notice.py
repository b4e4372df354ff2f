"""The outbox: a notice is written with the fact that it announces, and fanned out after the commit."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from orders.models import Order


class Audience(models.TextChoices):
    ORDER = "order", _("The buyer and the stores of an order")
    PERSON = "person", _("One person")
    EVERYONE = "everyone", _("Everyone")


class NoticeQuerySet(models.QuerySet["Notice"]):
    def due(self) -> NoticeQuerySet:
        """What is to be fanned out now. The partial index holds nothing else."""
        return self.filter(state=Notice.State.PENDING, due_at__lte=Now())

    def standing(self) -> NoticeQuerySet:
        """Without those that a late event took back and that the fan-out is about to delete."""
        return self.filter(withdrawn=False)

    def replay(self) -> int:
        """Gives dead or waiting notices all their attempts again, now. Returns how many."""
        return self.exclude(state=Notice.State.DONE).update(
            state=Notice.State.PENDING, attempts=0, error="", due_at=Now()
        )


class Notice(models.Model):
    """Something that concerns somebody. It keeps its kind and parameters; words are made when it is read.

    `revision` rises whenever the notice is altered, so that a fan-out marks as sent only what it read.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting to be sent")
        DONE = "done", _("Sent")
        DEAD = "dead", _("Dead")

    kind = models.CharField(_("kind"), max_length=40)
    audience = models.CharField(_("audience"), max_length=8, choices=Audience.choices)
    order = models.ForeignKey(
        Order, models.CASCADE, null=True, blank=True, related_name="notices", db_index=False
    )
    user = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="notices", db_index=False
    )
    key = models.CharField(max_length=300)  # names it among the notices of its order or person; see Milestone
    params = models.JSONField(_("parameters"), default=dict)
    occurred_at = models.DateTimeField(_("occurred"))
    rank = models.PositiveSmallIntegerField(
        default=0, db_default=0
    )  # of several at one instant; see Milestone
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    withdrawn = models.BooleanField(default=False, db_default=False)
    revision = models.PositiveIntegerField(default=0, db_default=0)

    state = models.CharField(
        _("state"), max_length=8, choices=State.choices, default=State.PENDING, db_default=State.PENDING
    )
    due_at = models.DateTimeField(_("next attempt"), db_default=Now())
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, db_default=0)
    error = models.CharField(_("last error"), max_length=500, blank=True, default="", db_default="")
    done_at = models.DateTimeField(_("sent"), null=True, blank=True)
    reached = models.BigIntegerField(_("mailboxes reached"), default=0, db_default=0)  # of EVERYONE

    objects: ClassVar[models.Manager[Notice]] = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.UniqueConstraint(
                fields=["order", "key"], name="notice_order_once", condition=models.Q(order__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["user", "key"], name="notice_person_once", condition=models.Q(user__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["key"], name="notice_everyone_once", condition=models.Q(audience=Audience.EVERYONE)
            ),
            models.CheckConstraint(
                name="notice_audience_fits",
                condition=models.Q(audience=Audience.ORDER, order__isnull=False, user__isnull=True)
                | models.Q(audience=Audience.PERSON, order__isnull=True, user__isnull=False)
                | models.Q(audience=Audience.EVERYONE, order__isnull=True, user__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="notice_due", condition=models.Q(state="pending")),
            models.Index(fields=["id"], name="notice_dead", condition=models.Q(state="dead")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Chunk(models.Model):
    """A range of mailbox ids that a notice to everyone has still to reach, or has reached.

    Workers claim chunks one by one; the rows of a chunk and its mark commit together.
    """

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="chunks", db_index=False)
    after = models.BigIntegerField()  # mailbox ids above this
    up_to = models.BigIntegerField()  # and up to this one, included
    reached = models.IntegerField(null=True)  # rows written; None while the chunk is open

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "after"], name="chunk_once")]
        indexes = [
            models.Index(
                fields=["notice", "after"], name="chunk_open", condition=models.Q(reached__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.after}-{self.up_to}"


class Recipients(models.TextChoices):
    PEOPLE = "people", _("Everyone with an account")
    STORES = "stores", _("Every store")


class Announcement(models.Model):
    """News of the platform, written by staff in every language (NO-3). Its notice bears the text sent."""

    recipients = models.CharField(
        _("recipients"), max_length=8, choices=Recipients.choices, default=Recipients.PEOPLE
    )
    title = models.JSONField(_("title"), default=dict)  # by language code
    text = models.JSONField(_("text"), default=dict)  # by language code; blank lines part paragraphs
    link = models.CharField(_("link"), max_length=500, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="announcements"
    )
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    notice = models.OneToOneField(
        Notice, models.SET_NULL, null=True, editable=False, related_name="announcement"
    )

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        permissions = [("send_announcement", _("Can send an announcement to everyone"))]

    def __str__(self) -> str:
        return str(next(filter(None, self.title.values()), _("Untitled")))
