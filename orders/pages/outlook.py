"""When will it be here? One line that tells an order's or a parcel's present state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from orders.lateness import is_late, is_past, promised_until
from orders.models import Order, Shipment
from orders.shipments import ExceptionKind, ShipmentStatus
from orders.wording.days import format_day, format_window


@dataclass(frozen=True, slots=True)
class Outlook:
    words: str
    detail: str = ""
    tone: str = ""  # "", ok, warn, danger: the classes of the design system
    icon: str = "truck"


def order_outlook(order: Order, shipments: Sequence[Shipment], *, unsent: bool) -> Outlook:
    """Of the parcels given: the buyer's all, or those of one store. The worst news comes first.

    `unsent` tells that something has yet to leave.
    """
    if order.status == Order.Status.CANCELLED:
        return Outlook(pgettext("order", "Cancelled"), icon="x-circle")
    under_way = [parcel for parcel in shipments if parcel.status != ShipmentStatus.DELIVERED]
    if order.status == Order.Status.DELIVERED or (shipments and not under_way and not unsent):
        return _delivered(shipments)
    for parcel in under_way:
        if parcel.problem or parcel.status == ShipmentStatus.RETURNING or is_late(parcel, order):
            return parcel_outlook(parcel, order)
    if unsent and is_past(order.estimate_to):
        return unsent_outlook(order)
    arrived = _arrived(shipments, under_way)
    if under_way:
        nearest = min(under_way, key=lambda parcel: _promise_key(parcel, order))
        found = parcel_outlook(nearest, order)
    else:
        found = unsent_outlook(order)
    return Outlook(found.words, found.detail or arrived, found.tone, found.icon)


def unsent_outlook(order: Order) -> Outlook:
    """Of what has yet to leave."""
    if order.estimate_to is None:
        return Outlook(_("No delivery date yet"), icon="box")
    if is_past(order.estimate_to):
        return _late(order.estimate_from, order.estimate_to)
    window = format_window(order.estimate_from, order.estimate_to)
    return Outlook(_("Arriving %(when)s") % {"when": window}, icon="calendar")


def parcel_outlook(parcel: Shipment, order: Order, *, pick_up: str = "") -> Outlook:
    """`pick_up` is where it waits, and until when."""
    if parcel.status == ShipmentStatus.DELIVERED:
        return _delivered([parcel])
    start, end = current_window(parcel, order)
    if parcel.problem:
        detail = ""
        if end and not is_past(end):
            detail = _("Now expected %(when)s") % {"when": format_window(start, end)}
        return Outlook(str(ExceptionKind(parcel.problem).label), detail, "danger", "warning")
    if parcel.status == ShipmentStatus.RETURNING:
        return Outlook(str(ShipmentStatus.RETURNING.label), "", "warn", "return")
    if parcel.status == ShipmentStatus.READY_FOR_PICKUP:
        return Outlook(str(ShipmentStatus.READY_FOR_PICKUP.label), pick_up, "ok", "box")
    if is_late(parcel, order):
        return _late(start, end)
    arriving = _("Arriving %(when)s") % {"when": format_window(start, end)} if end else ""
    if parcel.status == ShipmentStatus.OUT_FOR_DELIVERY:
        return Outlook(str(ShipmentStatus.OUT_FOR_DELIVERY.label), arriving, "", "truck")
    return Outlook(arriving or str(ShipmentStatus(parcel.status).label))


def current_window(parcel: Shipment, order: Order) -> tuple[datetime | None, datetime | None]:
    """The parcel's own window where its carrier gave one, else what the order promised."""
    if parcel.estimate_to:
        return parcel.estimate_from, parcel.estimate_to
    return order.estimate_from, order.estimate_to


def _promise_key(parcel: Shipment, order: Order) -> tuple[bool, float]:
    until = promised_until(parcel, order)
    return until is None, until.timestamp() if until else 0.0


def _delivered(shipments: Sequence[Shipment]) -> Outlook:
    moments = [parcel.delivered_at for parcel in shipments if parcel.delivered_at]
    if not moments:
        return Outlook(str(ShipmentStatus.DELIVERED.label), "", "ok", "check-circle")
    places = {parcel.delivered_where for parcel in shipments}
    where = places.pop() if len(places) == 1 else ""
    words = _("Delivered %(day)s") % {"day": format_day(max(moments))}
    return Outlook(words, where, "ok", "check-circle")


def _late(start: datetime | None, end: datetime | None) -> Outlook:
    window = format_window(start, end) if end else ""
    return Outlook(_("Late"), _("was expected %(when)s") % {"when": window}, "warn", "clock")


def _arrived(shipments: Sequence[Shipment], under_way: Sequence[Shipment]) -> str:
    count = len(shipments) - len(under_way)
    if not count:
        return ""
    return ngettext("%(count)s parcel delivered", "%(count)s parcels delivered", count) % {"count": count}
