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
from orders.intake.projection.writes import Writes
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


def write_order(state: OrderState, *, writes: Writes, tables: Tables, parties: Parties) -> Told:
    """Gathers and sends what is to be written. `tables` are the rows as they stand, none of a new order."""
    status_before = tables.order.status if tables.order else ""
    order = _write_row(state, writes, tables, parties.buyer_id)
    named = _write_named(state, order, writes, tables, parties)
    has_other_contents = _write_contents(state, named, writes, tables, parties)
    milestones = sync_rows(
        writes,
        Milestone,
        {row.key: row for row in tables.of(Milestone)},
        {key: columns.of_milestone(told, order.id, parties.stores) for key, told in state.milestones.items()},
        remove=True,
    )
    writes.send()
    altered = named.has_other_items or has_other_contents or order.status != status_before
    return Told(order, milestones.changed, milestones.removed, altered)


@dataclass(frozen=True, slots=True)
class Named:
    """The ids of an order's parts by the marketplace's ids of them, and whether an item changed."""

    has_other_items: bool
    items: Mapping[str, int]
    shipments: Mapping[str, int]
    returns: Mapping[str, int]
    refunds: Mapping[str, int]


def _write_row(state: OrderState, writes: Writes, tables: Tables, buyer_id: int) -> Order:
    wanted = columns.of_order(state, buyer_id)
    if tables.order is None:
        order = Order(**wanted)
        writes.insert(Order, [order])
        writes.send()  # what follows needs its id
        return order
    sync_rows(writes, Order, {0: tables.order}, {0: wanted})
    return tables.order


def _write_named(state: OrderState, order: Order, writes: Writes, tables: Tables, parties: Parties) -> Named:
    items = sync_rows(
        writes,
        Item,
        {row.line: row for row in tables.of(Item)},
        {line: columns.of_item(item, order.id, parties.stores) for line, item in state.items.items()},
    )
    shipments = sync_rows(
        writes,
        Shipment,
        {row.reference: row for row in tables.of(Shipment)},
        {
            reference: columns.of_shipment(shipment, order.id, parties.stores)
            for reference, shipment in state.shipments.items()
        },
    )
    returns = sync_rows(
        writes,
        Return,
        {row.reference: row for row in tables.of(Return)},
        {reference: columns.of_return(told, order.id) for reference, told in state.returns.items()},
    )
    refunds = sync_rows(
        writes,
        Refund,
        {row.reference: row for row in tables.of(Refund)},
        {reference: columns.of_refund(told, order.id) for reference, told in state.refunds.items()},
    )
    refers = state.shipments or state.returns or state.refunds
    if refers and (items.made or shipments.made or returns.made or refunds.made):
        writes.send()  # what follows needs their ids
    return Named(
        bool(items.changed),
        *(
            {key: row.pk for key, row in synced.rows.items()}
            for synced in (items, shipments, returns, refunds)
        ),
    )


def _write_contents(
    state: OrderState, named: Named, writes: Writes, tables: Tables, parties: Parties
) -> bool:
    """What stands between two parts, and each parcel's history. Whether what lies in a parcel changed."""
    lines = sync_rows(
        writes,
        ShipmentLine,
        {(line.shipment_id, line.item_id): line for line in tables.of(ShipmentLine)},
        {
            (row_id, named.items[line]): {
                "shipment_id": row_id,
                "item_id": named.items[line],
                "quantity": quantity,
            }
            for reference, shipment in state.shipments.items()
            for row_id in [named.shipments[reference]]
            for line, quantity in shipment.lines.items()
        },
        remove=True,
    )
    sync_rows(
        writes,
        TrackingEvent,
        {scan.event_id: scan for scan in tables.of(TrackingEvent)},
        {
            event_id: columns.of_tracking(scan, named.shipments[reference], event_id)
            for reference, shipment in state.shipments.items()
            for scan in shipment.tracking
            for event_id in [parties.events[scan.event.key]]
        },
        remove=True,
    )
    of_returns = ((named.returns[key], told.items) for key, told in state.returns.items())
    of_refunds = ((named.refunds[key], told.items) for key, told in state.refunds.items())
    for through, owner, lists in (
        (Return.items.through, "return_id", of_returns),
        (Refund.items.through, "refund_id", of_refunds),
    ):
        pairs = [(owner_id, named.items[line]) for owner_id, lines in lists for line in lines]
        _write_pairs(through, owner, pairs, writes, tables)
    return bool(lines.changed or lines.removed)


def _write_pairs(
    through: Any, owner: str, pairs: Iterable[tuple[int, int]], writes: Writes, tables: Tables
) -> None:
    """The rows of a many-to-many table of items, whose other column is `owner`."""
    sync_rows(
        writes,
        through,
        {(getattr(row, owner), row.item_id): row for row in tables.of(through)},
        {pair: {owner: pair[0], "item_id": pair[1]} for pair in pairs},
        remove=True,
    )
