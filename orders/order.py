"""An order as its events tell it. Every field below is derived; nothing but `apply_events` writes here."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Store, User


class OrderQuerySet(models.QuerySet["Order"]):
    def for_user(self, user: User) -> OrderQuerySet:
        """The orders that this person bought."""
        return self.filter(buyer=user)

    def for_store(self, store: Store) -> OrderQuerySet:
        """The orders with an item that this store sells."""
        return self.filter(models.Exists(Item.objects.filter(order=models.OuterRef("pk"), store=store)))


class Order(models.Model):
    class Status(models.TextChoices):
        PLACED = "placed", _("Order placed")
        CONFIRMED = "confirmed", _("Payment confirmed")
        PARTLY_SHIPPED = "partly_shipped", pgettext_lazy("order", "Partly shipped")
        SHIPPED = "shipped", pgettext_lazy("order", "Shipped")
        PARTLY_DELIVERED = "partly_delivered", pgettext_lazy("order", "Partly delivered")
        DELIVERED = "delivered", pgettext_lazy("order", "Delivered")
        CANCELLED = "cancelled", pgettext_lazy("order", "Cancelled")

    number = models.CharField(_("order number"), max_length=64, unique=True)
    buyer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="orders", verbose_name=_("buyer")
    )
    status = models.CharField(_("status"), max_length=20, choices=Status.choices)
    placed_at = models.DateTimeField(_("placed"))
    updated_at = models.DateTimeField(_("last event"))  # event time, not arrival
    currency = models.CharField(_("currency"), max_length=3)  # ISO 4217
    # Amounts hold three decimals, since some currencies have thousandths (KWD, TND).
    items_total = models.DecimalField(_("items"), max_digits=15, decimal_places=3)
    shipping_total = models.DecimalField(_("shipping"), max_digits=15, decimal_places=3)
    tax_total = models.DecimalField(_("tax"), max_digits=15, decimal_places=3, default=0)
    discount_total = models.DecimalField(_("discount"), max_digits=15, decimal_places=3, default=0)
    total = models.DecimalField(_("total"), max_digits=15, decimal_places=3)
    estimate_from = models.DateTimeField(
        _("promised from"), null=True
    )  # the order's promise; a shipment may know better
    estimate_to = models.DateTimeField(_("promised until"), null=True)
    # name, lines, postal_code, city, region, country
    shipping_address = models.JSONField(_("shipping address"), default=dict)
    payment = models.JSONField(_("payment"), default=dict)  # kind, label, last4: never a whole number

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        indexes = [
            models.Index(fields=["buyer", "-placed_at"], name="order_buyer_placed"),
            # A store's list walks down one of these until it has a page of its own orders; most that a
            # seller looks for (to ship, late, in trouble) is among the open ones, which are few.
            models.Index(F("placed_at").desc(), F("id").desc(), name="order_placed"),
            models.Index(
                F("placed_at").desc(),
                F("id").desc(),
                name="order_open",
                condition=~models.Q(status__in=["delivered", "cancelled"]),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Item(models.Model):
    """One line of an order."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="items")
    line = models.CharField(_("line"), max_length=64)  # the marketplace's id of the line, unique in its order
    store = models.ForeignKey(Store, models.PROTECT, related_name="items", verbose_name=_("store"))
    product_id = models.CharField(max_length=64)
    title = models.CharField(_("title"), max_length=300)
    quantity = models.PositiveIntegerField(_("quantity"))
    unit_price = models.DecimalField(_("unit price"), max_digits=15, decimal_places=3)
    picture_url = models.CharField(max_length=500, blank=True)
    product_url = models.CharField(max_length=500, blank=True)
    position = models.PositiveSmallIntegerField()
    cancelled_at = models.DateTimeField(_("cancelled"), null=True)
    cancel_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering = ["order", "position"]
        constraints = [models.UniqueConstraint(fields=["order", "line"], name="item_once")]
        indexes = [models.Index(fields=["store", "order"], name="item_store_order")]

    def __str__(self) -> str:
        return self.title


class Milestone(models.Model):
    """Something of an order worth telling: what notices are made of, and the order's history on the page.

    `key` names it within the order ("delivered:S1"), so that deriving the order again after a late event
    alters it instead of telling it twice. `kind` is the notice's kind, `params` what its words need.
    """

    order = models.ForeignKey(Order, models.CASCADE, related_name="milestones")
    key = models.CharField(max_length=300)
    kind = models.CharField(_("kind"), max_length=40)
    occurred_at = models.DateTimeField(_("occurred"))
    rank = models.PositiveSmallIntegerField(
        default=0
    )  # of several at the same instant, the higher came later
    params = models.JSONField(_("details"), default=dict)

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["occurred_at", "rank", "key"]
        constraints = [models.UniqueConstraint(fields=["order", "key"], name="milestone_once")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.key}"
