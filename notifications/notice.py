"""The outbox: a notice is written with the fact that it announces, and fanned out after the commit."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from orders.models import Order


class Audience(models.TextChoices):
    ORDER = "order", _("The buyer and the stores of an order")
    PERSON = "person", _("One person")
    EVERYONE = "everyone", _("Everyone")


class NoticeQuerySet(models.QuerySet["Notice"]):
    def due(self) -> NoticeQuerySet:
        """What is to be fanned out, the oldest first. The partial index holds nothing else."""
        return self.filter(state=Notice.State.PENDING).order_by("due_at", "id")


class Notice(models.Model):
    """Something that concerns somebody. It keeps its kind and parameters; words are made when it is read."""

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting to be sent")
        DONE = "done", _("Sent")
        DEAD = "dead", _("Dead")

    kind = models.CharField(_("kind"), max_length=40)
    audience = models.CharField(_("audience"), max_length=8, choices=Audience.choices)
    order = models.ForeignKey(Order, models.CASCADE, null=True, blank=True, related_name="notices")
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="notices")
    key = models.CharField(max_length=200)  # names it among the notices of its order or person; see Milestone
    params = models.JSONField(_("parameters"), default=dict)
    occurred_at = models.DateTimeField(_("occurred"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.PENDING)
    due_at = models.DateTimeField(_("next attempt"), auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    cursor = models.BigIntegerField(default=0)  # the last mailbox that a fan-out to everyone has reached
    error = models.CharField(_("last error"), max_length=500, blank=True)
    done_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

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
        ]
        indexes = [models.Index(fields=["due_at"], name="notice_due", condition=models.Q(state="pending"))]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
