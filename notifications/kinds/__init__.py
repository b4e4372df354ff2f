"""The registry of notice kinds. A new kind is a class in a module of this folder, and a line here."""

from __future__ import annotations

from notifications.kinds.kind import Kind, OrderKind, PersonKind, Side
from notifications.kinds.parcels import (
    Delivered,
    EstimateChanged,
    InTransit,
    OutForDelivery,
    ReadyForPickup,
    Returning,
    Shipped,
)
from notifications.kinds.platform import AnnouncementKind, Welcome
from notifications.kinds.problems import DeliveryException
from notifications.kinds.refunds import RefundIssued, ReturnAuthorised
from notifications.kinds.sales import ItemsCancelled, OrderCancelled, OrderPlaced

# Of the milestones, `payment_confirmed` alone has no notice: it is history, and shows in the order's status.
ORDER_KINDS: dict[str, type[OrderKind]] = {
    cls.kind: cls
    for cls in (
        OrderPlaced,
        Shipped,
        InTransit,
        OutForDelivery,
        ReadyForPickup,
        Returning,
        Delivered,
        EstimateChanged,
        DeliveryException,
        OrderCancelled,
        ItemsCancelled,
        RefundIssued,
        ReturnAuthorised,
    )
}
PERSON_KINDS: dict[str, type[PersonKind]] = {cls.kind: cls for cls in (Welcome, AnnouncementKind)}


def is_told(milestone_kind: str) -> bool:
    """Whether a milestone of this kind has a notice."""
    return milestone_kind in ORDER_KINDS


__all__ = ["ORDER_KINDS", "PERSON_KINDS", "Kind", "OrderKind", "PersonKind", "Side", "is_told"]
