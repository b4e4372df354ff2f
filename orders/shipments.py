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
    order = models.ForeignKey(Order, models.CASCADE, related_name="shipments")
    reference = models.CharField(max_length=64)  # the marketplace's id of the shipment, unique in its order
    store = models.ForeignKey(Store, models.PROTECT, null=True, related_name="shipments")
    carrier = models.CharField(
        _("carrier"), max_length=40
    )  # a code of orders.carriers, or the event's own word
    carrier_name = models.CharField(max_length=80, blank=True)  # for a carrier that we do not know
    tracking_number = models.CharField(_("tracking number"), max_length=64, blank=True)
    tracking_url = models.CharField(max_length=500, blank=True)  # where the event gave one
    status = models.CharField(_("status"), max_length=20, choices=ShipmentStatus.choices)
    problem = models.CharField(max_length=20, choices=ExceptionKind.choices, blank=True)  # until overcome
    shipped_at = models.DateTimeField()
    estimate_from = models.DateTimeField(null=True)
    estimate_to = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    delivered_where = models.CharField(max_length=200, blank=True)

    items = models.ManyToManyField(Item, through="orders.ShipmentLine", related_name="shipments")

    class Meta:
        ordering = ["shipped_at", "reference"]
        constraints = [models.UniqueConstraint(fields=["order", "reference"], name="shipment_once")]

    def __str__(self) -> str:
        return self.reference


class ShipmentLine(models.Model):
    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="lines")
    item = models.ForeignKey(Item, models.CASCADE, related_name="shipment_lines")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shipment", "item"], name="shipment_line_once")]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.item_id}"


class TrackingEvent(models.Model):
    """One scan or message of the carrier, complete history (OR-3)."""

    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="tracking_events")
    event = models.OneToOneField("orders.OrderEvent", models.CASCADE, related_name="tracking_event")
    occurred_at = models.DateTimeField()
    status = models.CharField(
        max_length=20
    )  # ShipmentStatus, "exception", or "update" for what we do not know
    problem = models.CharField(max_length=20, choices=ExceptionKind.choices, blank=True)
    description = models.CharField(max_length=300, blank=True)  # the carrier's own words
    place = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-occurred_at", "-id"]

    def __str__(self) -> str:
        return f"{self.status} {self.occurred_at}"
