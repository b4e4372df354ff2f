"""Histories of one order, as chance makes them: corrections, repeats, scans at the same instant, oddities."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from orders.intake.derive.events import Event, in_order, read_event
from tests.orders.intake.sending import (
    Body,
    cancelled,
    confirmed,
    delivered,
    item,
    placed,
    refunded,
    returned,
    scanned,
    shipped,
)

START = datetime(2026, 11, 1, 8, tzinfo=UTC)
LINES = ("1", "2", "3")
STATUSES = (
    "created",
    "in_transit",
    "out_for_delivery",
    "exception",
    "ready_for_pickup",
    "returning",
    "delivered",
    "Label Printed",
)
# Few, so that several things happen at the same instant.
moments = st.integers(0, 12).map(lambda hours: (START + timedelta(hours=hours)).isoformat())
windows = st.integers(3, 5).map(lambda days: {"to": (START + timedelta(days=days)).isoformat()})
references = st.sampled_from(["P-1", "P-2", "P-3"])


def optional(name: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.just({}) | values.map(lambda value: {name: value})


@st.composite
def histories(draw: st.DrawFn, *, sound: bool = True) -> list[tuple[str, Body]]:
    """Events with their ids, the order's placing always among them.

    `sound` histories name no item and no quantity that the order lacks, so that none is refused at the door.
    """
    lines = draw(st.lists(st.sampled_from(LINES), unique=True))
    known = st.sampled_from(lines) if lines else st.nothing()
    named = st.sampled_from(LINES) if not sound else known
    some = st.lists(named, unique=True, min_size=1) if lines or not sound else st.nothing()
    any_lines = st.lists(named, unique=True) if lines or not sound else st.just([])
    items = [
        item(line, quantity=draw(st.integers(1, 3)), seller=draw(st.sampled_from(["S-1", "S-2"])))
        for line in lines
    ]
    order = placed(*items, at=draw(moments), **draw(optional("estimated_delivery", windows)))
    kinds = [*_parcels(any_lines), *_corrections(order, any_lines)]
    if lines or not sound:
        kinds += _of_items(some)
    events = [order, *draw(st.lists(st.one_of(kinds), max_size=12))]
    return [(f"evt_{number:02}", event) for number, event in enumerate(events)]


def _parcels(any_lines: st.SearchStrategy[list[str]]) -> list[st.SearchStrategy[Body]]:
    return [
        st.builds(
            lambda reference, lines, at, more: shipped(reference, *lines, at=at, **more),
            references,
            any_lines,
            moments,
            optional("estimated_delivery", windows),
        ),
        *[_scans()] * 3,
        st.builds(
            lambda reference, at, more: delivered(reference, at=at, **more),
            references,
            moments,
            optional("where", st.sampled_from(["Door", "Locker 12"])),
        ),
    ]


def _corrections(order: Body, any_lines: st.SearchStrategy[list[str]]) -> list[st.SearchStrategy[Body]]:
    """What happens to an order as a whole."""
    return [
        st.builds(lambda at: confirmed(at=at), moments),
        st.builds(
            lambda lines, at, amount: refunded("F-1", amount, *lines, at=at),
            any_lines,
            moments,
            st.sampled_from(["1.00", "2.5"]),
        ),
        st.builds(
            lambda total, quantity, more, at: _corrected(order, total, quantity, more, at),
            st.sampled_from(["20.00", "25.00"]),
            st.integers(1, 3),
            st.lists(st.sampled_from(LINES), unique=True, max_size=1),
            moments,
        ),
        st.builds(lambda at: cancelled(at=at), moments),
    ]


def _of_items(some: st.SearchStrategy[list[str]]) -> list[st.SearchStrategy[Body]]:
    """What needs an item to be of."""
    names = st.sampled_from(["R-1", "R-2"])
    return [
        st.builds(lambda lines, at: cancelled(*lines, at=at), some, moments),
        st.builds(lambda name, lines, at: returned(name, *lines, at=at), names, some, moments),
    ]


def _scans() -> st.SearchStrategy[Body]:
    return st.builds(
        lambda status, reference, at, more: scanned(status, reference, at=at, **more),
        st.sampled_from(STATUSES),
        references,
        moments,
        optional("estimated_delivery", windows),
    )


def _corrected(order: Body, total: str, quantity: int, more: list[str], at: str) -> Body:
    """With another total, another quantity of the first item, and perhaps one more item."""
    told = order["data"]["order"]
    items = [
        {**known, "quantity": quantity} if not number else known for number, known in enumerate(told["items"])
    ]
    known = {line["id"] for line in items}
    items += [item(line, seller="S-2") for line in more if line not in known]
    changed = {**told, "items": items, "totals": {**told["totals"], "total": total}}
    return {**order, "timestamp": at, "data": {"order": changed}}


def read_history(history: list[tuple[str, Body]]) -> list[Event]:
    """In the order in which it happened."""
    return in_order(read_event("marketplace", event_id, body) for event_id, body in history)
