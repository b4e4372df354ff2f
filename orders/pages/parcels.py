"""A parcel as the page shows it: how far along, when it comes, everything its carrier said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils.translation import pgettext

from orders.carriers import carrier_name, tracking_page
from orders.claims import claim_kinds
from orders.models import Claim, Item, Milestone, Order, Shipment, TrackingEvent
from orders.pages.outlook import Outlook, current_window, parcel_outlook
from orders.shipments import ExceptionKind, ShipmentStatus
from orders.wording.days import format_window, local_day
from orders.wording.links import shipment_anchor
from orders.wording.next_steps import NextStep, next_steps, parse_moment, place_until

FEW_SCANS = 5  # as many stand open; the older ones unfold
FEW_IF_DELIVERED = 2

STEPS = (
    ShipmentStatus.CREATED,
    ShipmentStatus.IN_TRANSIT,
    ShipmentStatus.OUT_FOR_DELIVERY,
    ShipmentStatus.DELIVERED,
)


@dataclass(frozen=True, slots=True)
class Step:
    words: str
    state: str  # done, now, problem or ""
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Scan:
    at: datetime
    words: str
    said: str  # the carrier's own words
    place: str
    state: str  # now, done or problem


@dataclass(frozen=True, slots=True)
class ScanDay:
    day: date
    scans: list[Scan]


@dataclass(frozen=True, slots=True)
class Parcel:
    shipment: Shipment
    number: int  # of `count`, in the order in which they left
    count: int
    lines: list[tuple[Item, int]]  # what it holds, and how many of each
    carrier: str
    tracking_page: str
    outlook: Outlook
    promised: str  # the window that was promised first, where it no longer holds
    steps: list[Step]
    recent: list[ScanDay]
    older: list[ScanDay]
    older_count: int
    next_steps: list[NextStep]
    claims: list[Claim]
    may_claim: bool

    @property
    def anchor(self) -> str:
        return shipment_anchor(self.shipment.reference)

    @property
    def delivered(self) -> bool:
        return self.shipment.status == ShipmentStatus.DELIVERED


def show_parcel(
    shipment: Shipment,
    order: Order,
    *,
    place_among: tuple[int, int],
    lines: list[tuple[Item, int]],
    tracking: Sequence[TrackingEvent],
    milestones: Iterable[Milestone],
    claims: Iterable[Claim] = (),
    buyer: bool,
) -> Parcel:
    """`tracking` newest first; `milestones` and `claims` those of this shipment, oldest first."""
    scans, milestones = _scans(tracking), list(milestones)
    few = FEW_IF_DELIVERED if shipment.status == ShipmentStatus.DELIVERED else FEW_SCANS
    few = len(scans) if len(scans) == few + 1 else few  # one alone is not worth folding away
    claims = list(claims)
    return Parcel(
        shipment=shipment,
        number=place_among[0],
        count=place_among[1],
        lines=lines,
        carrier=carrier_name(shipment.carrier, shipment.carrier_name),
        tracking_page=tracking_page(shipment.carrier, shipment.tracking_number, shipment.tracking_url),
        outlook=parcel_outlook(shipment, order, pick_up=_pick_up(shipment, milestones)),
        promised=_first_promise(shipment, order, milestones),
        steps=_steps(shipment, tracking),
        recent=_by_day(scans[:few]),
        older=_by_day(scans[few:]),
        older_count=len(scans[few:]),
        next_steps=_next_steps(shipment, milestones) if buyer else [],
        claims=claims,
        may_claim=buyer and bool(claim_kinds(order, shipment)),
    )


def _steps(shipment: Shipment, tracking: Sequence[TrackingEvent]) -> list[Step]:
    """Handed over, in transit, out for delivery, delivered; pick-up and return take the third place."""
    path = list(STEPS)
    status = ShipmentStatus(shipment.status)
    first: dict[str, datetime] = {ShipmentStatus.CREATED: shipment.shipped_at}
    for event in reversed(tracking):
        first.setdefault(event.status, event.occurred_at)
    if status in (ShipmentStatus.READY_FOR_PICKUP, ShipmentStatus.RETURNING):
        path[2] = status
    elif ShipmentStatus.READY_FOR_PICKUP in first and ShipmentStatus.OUT_FOR_DELIVERY not in first:
        path[2] = ShipmentStatus.READY_FOR_PICKUP
    if shipment.delivered_at:
        first[ShipmentStatus.DELIVERED] = shipment.delivered_at
    here = path.index(status)
    since = next((event.occurred_at for event in tracking if event.problem and shipment.problem), None)
    troubled = bool(shipment.problem) or status == ShipmentStatus.RETURNING
    steps = []
    for index, step in enumerate(path):
        if index > here:
            steps.append(Step(str(step.label), "", None))
        elif index < here or status == ShipmentStatus.DELIVERED:
            steps.append(Step(str(step.label), "done", first.get(step)))
        else:
            words = ExceptionKind(shipment.problem).label if shipment.problem else step.label
            steps.append(Step(str(words), "problem" if troubled else "now", since or first.get(step)))
    return steps


def _scans(tracking: Sequence[TrackingEvent]) -> list[Scan]:
    return [
        Scan(
            at=event.occurred_at,
            words=_scan_words(event),
            said=event.description,
            place=event.place,
            state="problem" if event.problem else "done" if index else "now",
        )
        for index, event in enumerate(tracking)
    ]


def _scan_words(event: TrackingEvent) -> str:
    if event.problem:
        return str(ExceptionKind(event.problem).label)
    if event.status in ShipmentStatus.values:
        return str(ShipmentStatus(event.status).label)
    return pgettext("tracking", "Update")


def _by_day(scans: Sequence[Scan]) -> list[ScanDay]:
    return [ScanDay(day, list(same)) for day, same in groupby(scans, key=lambda scan: local_day(scan.at))]


def _first_promise(shipment: Shipment, order: Order, milestones: Sequence[Milestone]) -> str:
    """What was promised at first, where another window holds now; "" where it still holds."""
    start, end = order.estimate_from, order.estimate_to
    if end is None:
        changed = (milestone for milestone in milestones if milestone.kind == "estimate_changed")
        params: dict[str, Any] = next((milestone.params for milestone in changed), {})
        start, end = parse_moment(params.get("old_from")), parse_moment(params.get("old_to"))
    now_start, now_end = current_window(shipment, order)
    if end is None or now_end is None:
        return ""
    promised = format_window(start, end)
    return "" if promised == format_window(now_start, now_end) else promised


def _pick_up(shipment: Shipment, milestones: Sequence[Milestone]) -> str:
    """Where it can be picked up, and until when."""
    if shipment.status != ShipmentStatus.READY_FOR_PICKUP:
        return ""
    told = [milestone.params for milestone in milestones if milestone.kind == "ready_for_pickup"]
    return place_until(told[-1]) if told else ""


def _next_steps(shipment: Shipment, milestones: Sequence[Milestone]) -> list[NextStep]:
    """Of the trouble that the parcel is in now; nothing once it is overcome."""
    if not shipment.problem:
        return []
    troubles = [milestone for milestone in milestones if milestone.kind == "delivery_exception"]
    return next_steps(troubles[-1].params.get("next_steps") or ()) if troubles else []
