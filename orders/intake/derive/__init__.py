"""An order as a pure function of its events: no clock, no database, no order of arrival.

First the facts that hold whenever they are told (what was bought, which parcels there are, what was
cancelled), then the events one after another as they happened, for statuses, promises and milestones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from orders.intake.derive import after_sales, shipments
from orders.intake.derive.events import Event, in_order
from orders.intake.derive.order import (
    cancel_items,
    cancelled_by,
    missing_items,
    place_order,
    tell_confirmed,
    tell_placed,
)
from orders.intake.derive.state import OrderState, Problem
from orders.intake.derive.status import Contents, advance_order

__all__ = ["Derived", "derive_order"]


@dataclass(slots=True)
class Derived:
    """`order` is None while nothing placed it. `problems` has each event that is not applied, by its key."""

    order: OrderState | None
    problems: dict[str, Problem] = field(default_factory=dict)


def derive_order(events: Iterable[Event]) -> Derived:
    """The order that all these events of one order number make. The same events give the same order."""
    ordered = in_order(events)
    placed = [event for event in ordered if event.type == "order.placed"]
    if not placed:
        unknown = Problem("unknown_order", waiting=True)
        return Derived(None, {event.key: unknown for event in ordered})
    order = place_order(placed)
    problems = _find_problems(order, ordered)
    _apply(order, [event for event in ordered if event.key not in problems])
    return Derived(order, problems)


def _find_problems(order: OrderState, ordered: Sequence[Event]) -> dict[str, Problem]:
    problems: dict[str, Problem] = {}
    for event in ordered:
        if problem := _contradiction(order, event):
            problems[event.key] = problem
    known = {
        event.data["shipment"]["id"]
        for event in ordered
        if event.type == "shipment.created" and event.key not in problems
    }
    for event in ordered:
        if event.type in ("shipment.updated", "shipment.delivered"):
            reference = event.data["shipment_id"]
            if reference not in known:
                field = "$.data.shipment_id"
                problems[event.key] = Problem("unknown_shipment", reference, field, waiting=True)
    return problems


def _contradiction(order: OrderState, event: Event) -> Problem | None:
    """The first thing that this event names and its order does not have."""
    match event.type:
        case "item.cancelled":
            return next(missing_items(order, event.data["items"], "$.data.items"), None)
        case "shipment.created":
            return next(shipments.wrong_references(order, event.data["shipment"]), None)
        case "return.authorised":
            return next(missing_items(order, event.data["return"]["items"], "$.data.return.items"), None)
        case "refund.issued":
            lines = event.data["refund"].get("items", [])
            return next(missing_items(order, lines, "$.data.refund.items"), None)
        case _:
            return None


def _apply(order: OrderState, ordered: Sequence[Event]) -> None:
    cancelled = cancelled_by(
        order, (event for event in ordered if event.type in ("item.cancelled", "order.cancelled"))
    )
    contents: dict[str, Contents] = {}  # by the key of the event that tells of them
    for reference, created in _grouped(ordered, "shipment.created", "shipment").items():
        for event in created:
            contents[event.key] = shipments.contents(order, event, first=created[0], cancelled=cancelled)
        contents[reference] = contents[created[0].key]
        order.shipments[reference] = shipments.create_shipment(order, created, contents[created[-1].key])
    _walk(order, ordered, cancelled, contents)
    for told in _grouped(ordered, "return.authorised", "return").values():
        after_sales.authorise_return(order, told)
    for told in _grouped(ordered, "refund.issued", "refund").values():
        after_sales.issue_refund(order, told)
    order.updated_at = ordered[-1].occurred_at


def _walk(
    order: OrderState,
    ordered: Sequence[Event],
    cancelled: Mapping[str, Event],
    contents: Mapping[str, Contents],
) -> None:
    shipped: dict[str, Contents] = {}
    for event in ordered:
        data = event.data
        match event.type:
            case "order.placed":
                tell_placed(order, event)
            case "order.confirmed":
                tell_confirmed(order, event)
            case "item.cancelled" | "order.cancelled":
                cancel_items(order, event, cancelled)
            case "shipment.created":
                reference = data["shipment"]["id"]
                shipped[reference] = contents[event.key]
                shipments.tell_created(order, order.shipments[reference], event)
            case "shipment.updated" | "shipment.delivered":
                shipment = order.shipments[data["shipment_id"]]
                if not event.is_delivery:
                    shipments.track(order, shipment, event)
                    continue  # a scan moves a parcel, not the order
                shipped.setdefault(shipment.reference, contents[shipment.reference])
                shipments.deliver(order, shipment, event)
            case _:
                continue
        advance_order(order, event, shipped)


def _grouped(ordered: Sequence[Event], kind: str, name: str) -> dict[str, list[Event]]:
    """The events of this type by the id of what they tell of."""
    grouped: dict[str, list[Event]] = defaultdict(list)
    for event in ordered:
        if event.type == kind:
            grouped[event.data[name]["id"]].append(event)
    return grouped
