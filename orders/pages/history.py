"""An order's history in short, a line per milestone. Notices tell the same at length, in their own words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from orders.carriers import carrier_name
from orders.models import Milestone, Order
from orders.pages.parcels import Parcel
from orders.shipments import ExceptionKind, ShipmentStatus
from orders.wording.days import format_window
from orders.wording.money import format_money
from orders.wording.next_steps import parse_moment
from orders.wording.reasons import party_words, reason_words

SHORT: dict[str, Promise] = {
    "order_placed": Order.Status.PLACED.label,
    "payment_confirmed": Order.Status.CONFIRMED.label,
    "shipped": ShipmentStatus.CREATED.label,
    "in_transit": ShipmentStatus.IN_TRANSIT.label,
    "out_for_delivery": ShipmentStatus.OUT_FOR_DELIVERY.label,
    "ready_for_pickup": ShipmentStatus.READY_FOR_PICKUP.label,
    "returning": ShipmentStatus.RETURNING.label,
    "delivered": ShipmentStatus.DELIVERED.label,
    "estimate_changed": gettext_lazy("New delivery date"),
    "delivery_exception": ExceptionKind.OTHER.label,
    "order_cancelled": gettext_lazy("Order cancelled"),
    "items_cancelled": gettext_lazy("Items cancelled"),
    "refund_issued": gettext_lazy("Refund issued"),
    "return_authorised": gettext_lazy("Return authorised"),
}
PROBLEMS = frozenset({"delivery_exception", "order_cancelled", "items_cancelled", "returning"})


@dataclass(frozen=True, slots=True)
class HistoryLine:
    at: datetime
    words: str
    detail: str
    state: str  # now, done or problem
    parcel: Parcel | None


def tell_history(milestones: Iterable[Milestone], parcels: Iterable[Parcel]) -> list[HistoryLine]:
    """Newest first."""
    by_reference = {parcel.shipment.reference: parcel for parcel in parcels}
    lines = [_line(milestone, by_reference) for milestone in milestones]
    return lines[::-1]


def _line(milestone: Milestone, parcels: Mapping[str, Parcel]) -> HistoryLine:
    words = str(SHORT.get(milestone.kind) or pgettext("tracking", "Update"))
    detail = DETAILS[milestone.kind](milestone.params) if milestone.kind in DETAILS else ""
    if milestone.kind == "delivery_exception" and milestone.params.get("problem") in ExceptionKind.values:
        words = str(ExceptionKind(milestone.params["problem"]).label)
    state = "problem" if milestone.kind in PROBLEMS else "done"
    parcel = parcels.get(str(milestone.params.get("shipment", "")))
    return HistoryLine(milestone.occurred_at, words, detail, state, parcel)


def _carrier(params: Mapping[str, Any]) -> str:
    return carrier_name(str(params.get("carrier") or ""), str(params.get("carrier_name") or ""))


def _place(params: Mapping[str, Any]) -> str:
    return str(params.get("where") or params.get("place") or "")


def _new_window(params: Mapping[str, Any]) -> str:
    old, new = _window(params, "old"), _window(params, "estimate")
    if not (old and new):
        return new
    return _("was %(old)s, now %(new)s") % {"old": old, "new": new}


def _window(params: Mapping[str, Any], name: str) -> str:
    start, end = parse_moment(params.get(f"{name}_from")), parse_moment(params.get(f"{name}_to"))
    return format_window(start, end) if end else ""


def _cancelled(params: Mapping[str, Any]) -> str:
    parts = [party_words(str(params.get("by", ""))), reason_words(str(params.get("reason", "")))]
    return ": ".join(part for part in parts if part)


def _cancelled_items(params: Mapping[str, Any]) -> str:
    count = len(params.get("items") or ())
    items = ngettext("%(count)s item", "%(count)s items", count) % {"count": count}
    return ", ".join(part for part in (items, _cancelled(params)) if part)


def _refund(params: Mapping[str, Any]) -> str:
    return format_money(Decimal(str(params["amount"])), str(params["currency"]))


DETAILS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "shipped": _carrier,
    "in_transit": _place,
    "out_for_delivery": _place,
    "ready_for_pickup": _place,
    "returning": _place,
    "delivered": _place,
    "estimate_changed": _new_window,
    "delivery_exception": _place,
    "order_cancelled": _cancelled,
    "items_cancelled": _cancelled_items,
    "refund_issued": _refund,
}
