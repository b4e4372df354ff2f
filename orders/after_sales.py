"""What follows a sale: returns, refunds, claims."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from orders.order import Item, Order
from orders.shipments import Shipment


class Return(models.Model):
    """Derived from `return.authorised`."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="returns")
    reference = models.CharField(max_length=64)
    authorised_at = models.DateTimeField()
    deadline = models.DateTimeField(null=True)
    instructions = models.TextField(blank=True)
    label_url = models.CharField(max_length=500, blank=True)
    address = models.JSONField(default=dict)
    items = models.ManyToManyField(Item, related_name="returns")

    class Meta:
        ordering = ["authorised_at", "reference"]
        constraints = [models.UniqueConstraint(fields=["order", "reference"], name="return_once")]

    def __str__(self) -> str:
        return self.reference


class Refund(models.Model):
    """Derived from `refund.issued`."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="refunds")
    reference = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    amount = models.DecimalField(max_digits=15, decimal_places=3)
    currency = models.CharField(max_length=3)
    method = models.JSONField(default=dict)  # kind, label, last4
    expected_by = models.DateTimeField(null=True)
    reason = models.CharField(max_length=40, blank=True)
    items = models.ManyToManyField(Item, related_name="refunds")

    class Meta:
        ordering = ["issued_at", "reference"]
        constraints = [models.UniqueConstraint(fields=["order", "reference"], name="refund_once")]

    def __str__(self) -> str:
        return self.reference


class ClaimQuerySet(models.QuerySet["Claim"]):
    def for_user(self, user: User) -> ClaimQuerySet:
        return self.filter(order__buyer=user)


class Claim(models.Model):
    """A buyer says that a delivered parcel did not arrive or is not what he ordered (OR-4)."""

    class Kind(models.TextChoices):
        NOT_RECEIVED = "not_received", _("I did not receive it")
        WRONG_ITEM = "wrong_item", _("I received the wrong item")
        DAMAGED = "damaged", _("It arrived damaged")
        PARTS_MISSING = "parts_missing", _("Something is missing")

    order = models.ForeignKey(Order, models.CASCADE, related_name="claims", verbose_name=_("order"))
    shipment = models.ForeignKey(
        Shipment, models.CASCADE, null=True, related_name="claims", verbose_name=_("shipment")
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="claims", verbose_name=_("opened by")
    )
    kind = models.CharField(_("what happened"), max_length=20, choices=Kind.choices)
    description = models.TextField(_("details"), max_length=2000, blank=True)
    opened_at = models.DateTimeField(_("opened"), auto_now_add=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="claims_answered",
        verbose_name=_("answered by"),
    )
    items = models.ManyToManyField(Item, related_name="claims", verbose_name=_("items"))

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints = [
            # A double click, or a form sent twice, opens one claim.
            models.UniqueConstraint(
                fields=["order", "shipment", "kind"],
                condition=models.Q(closed_at__isnull=True),
                nulls_distinct=False,
                name="claim_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.get_kind_display()}"
