"""What the marketplace told us, kept as it came: the source from which every order can be derived again."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

# As the administration lists events: what needs a person first, then what waits, then the rest.
URGENCY = models.Case(
    models.When(state="dead", then=0),
    models.When(state="waiting", then=1),
    default=2,
    output_field=models.SmallIntegerField(),
)


class OrderEventQuerySet(models.QuerySet["OrderEvent"]):
    def of_order(self, number: str) -> OrderEventQuerySet:
        """In the order in which they happened; the event id decides between equal times."""
        return self.filter(order_number=number).order_by("occurred_at", "source", "event_id")

    def most_urgent_first(self) -> OrderEventQuerySet:
        """An index has this order, so that the first page is as fast with millions of events."""
        return self.order_by(URGENCY, "-received_at", "-id")

    def waiting(self) -> OrderEventQuerySet:
        return self.filter(state=OrderEvent.State.WAITING)


class OrderEvent(models.Model):
    class State(models.TextChoices):
        APPLIED = "applied", _("Applied")
        WAITING = "waiting", _("Waiting")  # for its order, shipment or return to become known
        DEAD = "dead", _("Dead")  # never applicable as it stands; a person may replay it

    source = models.CharField(_("source"), max_length=64)
    event_id = models.CharField(_("event id"), max_length=128)  # the webhook-id header
    type = models.CharField(_("type"), max_length=40)
    order_number = models.CharField(_("order number"), max_length=64, db_index=True)
    occurred_at = models.DateTimeField(_("occurred"))
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    body = models.JSONField(_("body"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices)
    # Why it waits or is dead: a code of orders.intake.problems, and what it is about ("S1").
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)

    objects = OrderEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("order event")
        verbose_name_plural = _("order events")
        permissions = [("replay_orderevent", _("Can replay a dead order event"))]
        constraints = [models.UniqueConstraint(fields=["source", "event_id"], name="order_event_once")]
        indexes = [
            models.Index(
                fields=["state", "received_at"],
                name="order_event_unapplied",
                condition=~models.Q(state="applied"),
            ),
            models.Index(URGENCY, models.F("received_at").desc(), name="order_event_urgency"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.order_number}"
