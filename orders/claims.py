"""Claims: a delivered parcel that did not arrive, or holds what was not ordered (OR-4)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from orders.lateness import is_late, is_past
from orders.models import Claim, Item, Order, Shipment
from orders.pieces import has_unsent
from orders.shipments import ExceptionKind, ShipmentStatus
from orders.signals import order_claimed

# A parcel that is lost or overdue can only have failed to arrive.
KINDS_IF_DELIVERED = tuple(Claim.Kind)
KINDS_IF_MISSING = (Claim.Kind.NOT_RECEIVED,)


class ClaimRefusedError(Exception):
    """What was asked for cannot be claimed. The message is for the buyer."""


def claim_kinds(order: Order, shipment: Shipment | None) -> tuple[Claim.Kind, ...]:
    """What may be claimed now of this parcel, or (None) of what was never shipped; empty: nothing yet."""
    if order.status == Order.Status.CANCELLED:
        return ()
    if shipment is None:
        late = order.status != Order.Status.DELIVERED and is_past(order.estimate_to)
        return KINDS_IF_MISSING if late else ()
    if shipment.status == ShipmentStatus.DELIVERED:
        return KINDS_IF_DELIVERED
    if shipment.problem == ExceptionKind.LOST or is_late(shipment, order):
        return KINDS_IF_MISSING
    return ()


@transaction.atomic
def open_claim(
    *,
    order: Order,
    shipment: Shipment | None,
    opened_by: User,
    kind: str,
    items: Sequence[Item],
    description: str,
) -> tuple[Claim, bool]:
    """The open claim of this kind on this parcel, and whether this call opened it.

    A form sent twice, or two windows, open one: the order's row is locked while we look. `items` empty
    means everything in the parcel. Raises ClaimRefusedError where the parcel's state allows no such claim.
    """
    order = Order.objects.select_for_update().get(pk=order.pk, buyer=opened_by)
    if shipment is not None:
        shipment = order.shipments.get(pk=shipment.pk)
    standing = order.claims.filter(shipment=shipment, kind=kind, closed_at=None).first()
    if standing:
        return standing, False
    if kind not in claim_kinds(order, shipment) or not (shipment or has_unsent(order)):
        raise ClaimRefusedError(_("This cannot be claimed at the moment."))
    claim = Claim.objects.create(
        order=order, shipment=shipment, opened_by=opened_by, kind=kind, description=description
    )
    claim.items.set([item for item in items if item.order_id == order.pk])
    order_claimed.send(sender=Claim, claim=claim)
    return claim, True


def claim_number(claim: Claim) -> str:
    """What buyer and customer service call it: "C1042"."""
    return f"C{claim.pk}"
