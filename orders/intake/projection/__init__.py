"""A derived order, written to the tables: only what differs.

It compares with the rows themselves, so that whatever they were, after it they are what the events say.
Items, shipments, returns and refunds never vanish (an event only adds them); lines, scans and milestones may.
A table that the order has nothing for is not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from orders.after_sales import Refund, Return
from orders.intake.derive.state import OrderState
from orders.intake.projection import columns
from orders.intake.projection.sync import sync_items, sync_rows
from orders.order import Item, Milestone, Order
from orders.shipments import Shipment, ShipmentLine, TrackingEvent

__all__ = ["Known", "Told", "write_order"]


@dataclass(frozen=True, slots=True)
class Known:
    """What a derived order's names stand for in the database.

    `order` is its row, None where there is none yet, and `items` those by their lines; `stores` has ids by
    the marketplace's ids of the sellers, `events` the OrderEvents' ids by the events' keys.
    """

    order: Order | None
    items: Mapping[str, Item]
    buyer_id: int
    stores: Mapping[str, int]
    events: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Told:
    """The milestones that were made or altered, and the keys of those that are gone."""

    order: Order
    changed: list[Milestone]
    removed: list[str]


def write_order(state: OrderState, known: Known) -> Told:
    order = _write_row(state, known)
    items = sync_rows(
        Item,
        known.items,
        {line: columns.of_item(item, order.id, known.stores) for line, item in state.items.items()},
    ).rows
    ids = {line: item.id for line, item in items.items()}
    if state.shipments:
        _write_shipments(state, known, order, ids)
    if state.returns:
        _write_returns(state, order, ids)
    if state.refunds:
        _write_refunds(state, order, ids)
    milestones = sync_rows(
        Milestone,
        {row.key: row for row in order.milestones.all()} if known.order else {},
        {key: columns.of_milestone(told, order.id, known.stores) for key, told in state.milestones.items()},
        remove=True,
    )
    return Told(order, milestones.changed, milestones.removed)


def _write_row(state: OrderState, known: Known) -> Order:
    wanted = columns.of_order(state, known.buyer_id)
    if known.order is None:
        return Order.objects.create(**wanted)
    sync_rows(Order, {0: known.order}, {0: wanted})
    return known.order


def _write_shipments(state: OrderState, known: Known, order: Order, items: Mapping[str, int]) -> None:
    existing = {row.reference: row for row in order.shipments.all()} if known.order else {}
    rows = sync_rows(
        Shipment,
        existing,
        {
            reference: columns.of_shipment(shipment, order.id, known.stores)
            for reference, shipment in state.shipments.items()
        },
    ).rows
    lines = ShipmentLine.objects.filter(shipment__order=order) if existing else ()
    sync_rows(
        ShipmentLine,
        {(line.shipment_id, line.item_id): line for line in lines},
        {
            (row_id, items[line]): {"shipment_id": row_id, "item_id": items[line], "quantity": quantity}
            for reference, shipment in state.shipments.items()
            for row_id in [rows[reference].id]
            for line, quantity in shipment.lines.items()
        },
        remove=True,
    )
    scans = TrackingEvent.objects.filter(shipment__order=order) if existing else ()
    sync_rows(
        TrackingEvent,
        {scan.event_id: scan for scan in scans},
        {
            event_id: columns.of_tracking(scan, rows[reference].id, event_id)
            for reference, shipment in state.shipments.items()
            for scan in shipment.tracking
            for event_id in [known.events[scan.event.key]]
        },
        remove=True,
    )


def _write_returns(state: OrderState, order: Order, items: Mapping[str, int]) -> None:
    wanted = {reference: columns.of_return(told, order.id) for reference, told in state.returns.items()}
    rows = sync_rows(Return, {row.reference: row for row in order.returns.all()}, wanted).rows
    ids = {reference: row.id for reference, row in rows.items()}
    pairs = {(ids[told.reference], items[line]) for told in state.returns.values() for line in told.items}
    sync_items(Return.items.through, "return_id", set(ids.values()), pairs)


def _write_refunds(state: OrderState, order: Order, items: Mapping[str, int]) -> None:
    wanted = {reference: columns.of_refund(told, order.id) for reference, told in state.refunds.items()}
    rows = sync_rows(Refund, {row.reference: row for row in order.refunds.all()}, wanted).rows
    ids = {reference: row.id for reference, row in rows.items()}
    pairs = {(ids[told.reference], items[line]) for told in state.refunds.values() for line in told.items}
    sync_items(Refund.items.through, "refund_id", set(ids.values()), pairs)
