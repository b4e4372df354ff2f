"""Parcels and what their carriers say of them. Derived from events, as the order is."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Store
from orders.order import Item, Order


class ShipmentStatus(models.TextChoices):
    """In the order in which a parcel passes them; a status never goes backwards (OR-1)."""

    CREATED = "created", _("Handed to the carrier")
    IN_TRANSIT = "in_transit", _("In transit")
    OUT_FOR_DELIVERY = "out_for_delivery", _("Out for delivery")
    READY_FOR_PICKUP = "ready_for_pickup", _("Ready for pick-up")
    RETURNING = "returning", _("On its way back to the sender")
    DELIVERED = "delivered", _("Delivered")


class ExceptionKind(models.TextChoices):
    FAILED_ATTEMPT = "failed_attempt", _("Delivery attempted")
    WRONG_ADDRESS = "wrong_address", _("Problem with the address")
    CUSTOMS = "customs", _("Held at customs")
    WEATHER = "weather", _("Delayed by weather")
    LOST = "lost", _("Lost by the carrier")
    DAMAGED = "damaged", _("Damaged on the way")
    OTHER = "other", _("Delivery problem")


class Shipment(models.Model):
    order = models.ForeignKey(Order, models.CASCADE, related_name="shipments", verbose_name=_("order"))
    # The marketplace's id of the shipment, unique in its order.
    reference = models.CharField(_("reference"), max_length=64)
    store = models.ForeignKey(
        Store, models.PROTECT, null=True, related_name="shipments", verbose_name=_("store")
    )
    # A code of orders.carriers, or the event's own word with a name beside it.
    carrier = models.CharField(_("carrier"), max_length=40)
    carrier_name = models.CharField(_("carrier's name"), max_length=80, blank=True)
    tracking_number = models.CharField(_("tracking number"), max_length=64, blank=True)
    # Where the event gave one; `orders.carriers.tracking_page` knows the address in any case.
    tracking_url = models.CharField(_("tracking page"), max_length=500, blank=True)
    status = models.CharField(_("status"), max_length=20, choices=ShipmentStatus.choices)
    # Until overcome.
    problem = models.CharField(_("problem"), max_length=20, choices=ExceptionKind.choices, blank=True)
    shipped_at = models.DateTimeField(_("shipped"))
    # What was last promised for this parcel; None where only the order's promise is known.
    estimate_from = models.DateTimeField(_("promised from"), null=True)
    estimate_to = models.DateTimeField(_("promised until"), null=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True)
    delivered_where = models.CharField(_("left at"), max_length=200, blank=True)
    signed_by = models.CharField(_("signed by"), max_length=200, blank=True)

    items = models.ManyToManyField(Item, through="orders.ShipmentLine", related_name="shipments")

    class Meta:
        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")
        ordering = ["shipped_at", "reference"]
        constraints = [models.UniqueConstraint(fields=["order", "reference"], name="shipment_once")]

    def __str__(self) -> str:
        return self.reference


class ShipmentLine(models.Model):
    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="lines")
    item = models.ForeignKey(Item, models.CASCADE, related_name="shipment_lines", verbose_name=_("item"))
    quantity = models.PositiveIntegerField(_("quantity"))

    class Meta:
        verbose_name = _("shipped item")
        verbose_name_plural = _("shipped items")
        constraints = [models.UniqueConstraint(fields=["shipment", "item"], name="shipment_line_once")]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.item_id}"


class TrackingEvent(models.Model):
    """One scan or message of the carrier, complete history (OR-3)."""

    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="tracking_events")
    event = models.OneToOneField("orders.OrderEvent", models.CASCADE, related_name="tracking_event")
    occurred_at = models.DateTimeField(_("occurred"))
    # ShipmentStatus, "exception", or "update" for what we do not know.
    status = models.CharField(_("status"), max_length=20)
    rank = models.PositiveSmallIntegerField(
        default=0
    )  # of several at the same instant, the higher came later
    problem = models.CharField(_("problem"), max_length=20, choices=ExceptionKind.choices, blank=True)
    # The carrier's own words.
    description = models.CharField(_("description"), max_length=300, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("tracking event")
        verbose_name_plural = _("tracking events")
        ordering = ["-occurred_at", "-rank", "description", "-id"]

    def __str__(self) -> str:
        return f"{self.status} {self.occurred_at}"
