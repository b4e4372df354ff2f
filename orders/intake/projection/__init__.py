"""A derived order, written to the tables: only what differs.

It compares with the rows themselves, so that whatever they were, after it they are what the events say.
Items, shipments, returns and refunds never vanish (an event only adds them); lines, scans and milestones may.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from orders.after_sales import Refund, Return
from orders.intake.derive.state import OrderState
from orders.intake.projection import columns
from orders.intake.projection.sync import sync_rows
from orders.intake.projection.tables import Tables
from orders.order import Item, Milestone, Order
from orders.shipments import Shipment, ShipmentLine, TrackingEvent

__all__ = ["Parties", "Told", "write_order"]


@dataclass(frozen=True, slots=True)
class Parties:
    """What an order's names stand for in the database.

    `stores` has ids by the marketplace's ids of the sellers, `events` the OrderEvents' ids by their keys.
    """

    buyer_id: int
    stores: Mapping[str, int]
    events: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Told:
    """The milestones that were made or altered, and the keys of those that are gone.

    `altered` where the status, an item or what lies in a parcel is another: a correction may show in an
    inbox row without any milestone of its own.
    """

    order: Order
    changed: list[Milestone]
    removed: list[str]
    altered: bool


def write_order(state: OrderState, *, tables: Tables, parties: Parties) -> Told:
    """`tables` are the order's rows as they stand, none where it is new."""
    status_before = tables.order.status if tables.order else ""
    order = _write_row(state, tables, parties.buyer_id)
    items = sync_rows(
        Item,
        {row.line: row for row in tables.of(Item)},
        {line: columns.of_item(item, order.id, parties.stores) for line, item in state.items.items()},
    )
    ids = {line: item.id for line, item in items.rows.items()}
    contents = _write_shipments(state, order, ids, tables, parties)
    _write_returns(state, order, ids, tables)
    _write_refunds(state, order, ids, tables)
    milestones = sync_rows(
        Milestone,
        {row.key: row for row in tables.of(Milestone)},
        {key: columns.of_milestone(told, order.id, parties.stores) for key, told in state.milestones.items()},
        remove=True,
    )
    altered = bool(items.changed or contents) or order.status != status_before
    return Told(order, milestones.changed, milestones.removed, altered)


def _write_row(state: OrderState, tables: Tables, buyer_id: int) -> Order:
    wanted = columns.of_order(state, buyer_id)
    order = tables.order
    if order is None:
        return Order.objects.create(**wanted)
    sync_rows(Order, {order.id: order}, {order.id: wanted})
    return order


def _write_shipments(
    state: OrderState, order: Order, items: Mapping[str, int], tables: Tables, parties: Parties
) -> bool:
    """Whether what lies in the parcels changed."""
    rows = sync_rows(
        Shipment,
        {row.reference: row for row in tables.of(Shipment)},
        {
            reference: columns.of_shipment(shipment, order.id, parties.stores)
            for reference, shipment in state.shipments.items()
        },
    ).rows
    lines = sync_rows(
        ShipmentLine,
        {(line.shipment_id, line.item_id): line for line in tables.of(ShipmentLine)},
        {
            (row_id, items[line]): {"shipment_id": row_id, "item_id": items[line], "quantity": quantity}
            for reference, shipment in state.shipments.items()
            for row_id in [rows[reference].id]
            for line, quantity in shipment.lines.items()
        },
        remove=True,
    )
    sync_rows(
        TrackingEvent,
        {scan.event_id: scan for scan in tables.of(TrackingEvent)},
        {
            event_id: columns.of_tracking(scan, rows[reference].id, event_id)
            for reference, shipment in state.shipments.items()
            for scan in shipment.tracking
            for event_id in [parties.events[scan.event.key]]
        },
        remove=True,
    )
    return bool(lines.changed or lines.removed)


def _write_returns(state: OrderState, order: Order, items: Mapping[str, int], tables: Tables) -> None:
    wanted = {reference: columns.of_return(told, order.id) for reference, told in state.returns.items()}
    rows = sync_rows(Return, {row.reference: row for row in tables.of(Return)}, wanted).rows
    pairs = ((rows[told.reference].id, items[line]) for told in state.returns.values() for line in told.items)
    _write_pairs(Return.items.through, "return_id", pairs, tables)


def _write_refunds(state: OrderState, order: Order, items: Mapping[str, int], tables: Tables) -> None:
    wanted = {reference: columns.of_refund(told, order.id) for reference, told in state.refunds.items()}
    rows = sync_rows(Refund, {row.reference: row for row in tables.of(Refund)}, wanted).rows
    pairs = ((rows[told.reference].id, items[line]) for told in state.refunds.values() for line in told.items)
    _write_pairs(Refund.items.through, "refund_id", pairs, tables)


def _write_pairs(through: Any, owner: str, pairs: Iterable[tuple[int, int]], tables: Tables) -> None:
    """The rows of a many-to-many table of items, whose other column is `owner`."""
    sync_rows(
        through,
        {(getattr(row, owner), row.item_id): row for row in tables.of(through)},
        {pair: {owner: pair[0], "item_id": pair[1]} for pair in pairs},
        remove=True,
    )
