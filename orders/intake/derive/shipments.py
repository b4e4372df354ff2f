"""Parcels: what they hold, and how far they have come. A status never goes backwards (OR-1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from orders.carriers import carrier_code
from orders.intake.derive.events import Event
from orders.intake.derive.milestones import add_shipment_milestone, scan_details, standing_promise
from orders.intake.derive.state import (
    OrderState,
    Problem,
    ShipmentState,
    TrackingState,
    Window,
    read_moment,
    read_window,
    told_moment,
)

PROGRESS = ("created", "in_transit", "out_for_delivery", "ready_for_pickup", "returning", "delivered")
RANK = {status: rank for rank, status in enumerate(PROGRESS)}
# Told once more after a failed attempt: the buyer should be at home again.
_TOLD_AGAIN = ("out_for_delivery", "ready_for_pickup")


def wrong_references(order: OrderState, shipment: Mapping[str, Any]) -> Iterator[Problem]:
    """What a shipment names that its order does not have."""
    seller = shipment.get("seller_id")
    if seller is not None and seller not in order.sellers:
        yield Problem("unknown_seller", seller, "$.data.shipment.seller_id")
    for index, line in enumerate(shipment["items"]):
        item = order.items.get(line["id"])
        if item is None:
            yield Problem("unknown_item", line["id"], f"$.data.shipment.items[{index}].id")
        elif int(line.get("quantity", 1)) > item.most_ordered:
            yield Problem("too_many_pieces", line["id"], f"$.data.shipment.items[{index}].quantity")


def create_shipment(order: OrderState, created: Sequence[Event], lines: Mapping[str, int]) -> ShipmentState:
    """From the shipment.created events of one parcel, in their order: the later ones correct the first."""
    told: dict[str, Any] = {}
    for event in created:
        told.update(event.data["shipment"])
    sellers = {order.items[line].seller for line in lines}
    return ShipmentState(
        reference=told["id"],
        carrier=carrier_code(told["carrier"]["code"]),
        carrier_name=told["carrier"].get("name", ""),
        tracking_number=told.get("tracking_number", ""),
        tracking_url=told.get("tracking_url", ""),
        seller=told.get("seller_id") or (sellers.pop() if len(sellers) == 1 else None),
        shipped_at=created[0].occurred_at,
        lines=dict(lines),
    )


def contents(
    order: OrderState, created: Event, *, first: Event, cancelled: Mapping[str, Event]
) -> dict[str, int]:
    """Pieces by item, as this event has them; where it names none, what was ordered and not cancelled then.

    `first` is the event that told of the parcel first: when it left. A parcel that left before its order was
    placed (clocks differ) holds what was placed first.
    """
    told, moment = created.data["shipment"], max(first.moment, order.placed)
    if told["items"]:
        pieces = {line: item.quantity_at(moment) or item.ordered[0][1] for line, item in order.items.items()}
        return {line["id"]: int(line.get("quantity") or pieces[line["id"]]) for line in told["items"]}
    return {
        line: item.quantity_at(moment)
        for line, item in order.items.items()
        if told.get("seller_id") in (None, item.seller)
        and item.quantity_at(moment)
        and not (line in cancelled and cancelled[line].moment < first.moment)
    }


def tell_created(order: OrderState, shipment: ShipmentState, event: Event) -> None:
    promised = read_window(event.data["shipment"].get("estimated_delivery"))
    if f"shipped:{shipment.reference}" in order.milestones:
        _promise(order, shipment, event, promised)
        return
    if promised[1]:
        shipment.promise = promised  # told with the news that it is under way
    shipment.tracking.append(TrackingState(event, "created"))
    add_shipment_milestone(order, shipment, event, "shipped")


def track(order: OrderState, shipment: ShipmentState, event: Event) -> None:
    """One shipment.updated event that is no delivery."""
    data, status = event.data, event.status
    known = status == "exception" or status in RANK
    problem = data.get("problem", {}).get("kind", "other") if status == "exception" else ""
    shipment.tracking.append(
        TrackingState(
            event, status if known else "update", problem, data.get("description", ""), data.get("place", "")
        )
    )
    if shipment.status == "delivered":
        return
    old = standing_promise(order, shipment)
    promised = read_window(data.get("estimated_delivery"))
    if promised[1]:
        shipment.promise = promised
    if problem:
        _meet_problem(order, shipment, event, problem)
    elif known:
        _advance(order, shipment, event, status)
    _tell_promise(order, shipment, event, old)


def deliver(order: OrderState, shipment: ShipmentState, event: Event) -> None:
    """The first one counts; a later one may add where it was left and who signed."""
    shipment.delivered_where = event.data.get("where", shipment.delivered_where)
    shipment.signed_by = event.data.get("signed_by", shipment.signed_by)
    key = f"delivered:{shipment.reference}"
    if shipment.status == "delivered":
        told = order.milestones[key].params
        told["where"], told["signed_by"] = shipment.delivered_where, shipment.signed_by
        return
    shipment.status, shipment.problem, shipment.delivered_at = "delivered", "", event.occurred_at
    place = event.data.get("place", "")
    shipment.tracking.append(
        TrackingState(event, "delivered", description=shipment.delivered_where, place=place)
    )
    add_shipment_milestone(
        order,
        shipment,
        event,
        "delivered",
        **scan_details(event.data),
        where=shipment.delivered_where,
        signed_by=shipment.signed_by,
    )


def _advance(order: OrderState, shipment: ShipmentState, event: Event, status: str) -> None:
    overcome, key = bool(shipment.problem) and RANK[status] > 0, ""
    if overcome:
        shipment.problem = ""
    if RANK[status] <= RANK[shipment.status]:
        if not (overcome and status == shipment.status and status in _TOLD_AGAIN):
            return
        key = f"{status}:{shipment.reference}:{event.key}"
    shipment.status = status
    details = scan_details(event.data)
    if status == "ready_for_pickup":
        details["until"] = told_moment(read_moment(event.data.get("until")))
    add_shipment_milestone(order, shipment, event, status, key=key, **details)


def _meet_problem(order: OrderState, shipment: ShipmentState, event: Event, problem: str) -> None:
    shipment.problem = problem
    steps = event.data.get("problem", {}).get("next_steps", [])
    add_shipment_milestone(
        order,
        shipment,
        event,
        "delivery_exception",
        key=f"exception:{shipment.reference}:{event.key}",
        **scan_details(event.data),
        problem=problem,
        next_steps=[_step(step) for step in steps],
    )


def _step(step: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: step[name] for name in ("kind", "url", "place") if name in step}
    if "until" in step:
        told["until"] = told_moment(read_moment(step["until"]))
    return told


def _promise(order: OrderState, shipment: ShipmentState, event: Event, promised: Window) -> None:
    if promised[1] and shipment.status != "delivered":
        old = standing_promise(order, shipment)
        shipment.promise = promised
        _tell_promise(order, shipment, event, old)


def _tell_promise(order: OrderState, shipment: ShipmentState, event: Event, old: Window) -> None:
    """Only what differs from the last promise; the first one that is ever made is no change."""
    new = standing_promise(order, shipment)
    if old[1] and new != old:
        add_shipment_milestone(
            order,
            shipment,
            event,
            "estimate_changed",
            key=f"estimate:{shipment.reference}:{event.key}",
            **scan_details(event.data),
            old_from=told_moment(old[0]),
            old_to=told_moment(old[1]),
        )
