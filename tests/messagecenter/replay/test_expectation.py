"""What the files say, against what the fold makes of the events: two ways that share no code."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from messagecenter.replay.csv_files import read_tables
from messagecenter.replay.expectation import expected_figures
from messagecenter.replay.olist import order_events
from notifications.kinds import is_told
from orders.intake.derive import derive_order
from orders.intake.derive.events import Event, read_event
from orders.intake.derive.state import OrderState
from tests.messagecenter.replay.files import REAL, odd_folder


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    return odd_folder(tmp_path)


def derived_figures(folder: Path, limit: int | None = None) -> dict[str, int | Decimal]:
    """As `expected_figures`, from the orders that the events make."""
    by_order: dict[str, list[Event]] = {}
    for event in order_events(read_tables(folder).first(limit)):
        read = read_event("marketplace", event.id, json.loads(event.body()))
        by_order.setdefault(event.order_number, []).append(read)
    count: Counter[str] = Counter()
    orders: list[OrderState] = []
    for events in by_order.values():
        derived = derive_order(events)
        assert derived.problems == {}
        assert derived.order
        orders.append(derived.order)
        count["events"] += len(events)
        _count(count, derived.order)
    return {
        **{name: number for name, number in count.items() if number},
        "buyers": len({order.buyer["id"] for order in orders}),
        "stores": len({seller for order in orders for seller in order.sellers}),
        "sum of items": sum((item.unit_price for o in orders for item in o.items.values()), Decimal(0)),
        "sum of shipping": sum((order.totals["shipping"] for order in orders), Decimal(0)),
        "sum of totals": sum((order.totals["total"] for order in orders), Decimal(0)),
    }


def _count(count: Counter[str], order: OrderState) -> None:
    count["orders"] += 1
    count[f"orders {order.status}"] += 1
    count["orders without items"] += not order.items
    count["orders of several sellers"] += len(order.sellers) > 1
    count["items"] += len(order.items)
    count["items cancelled"] += sum(item.cancelled_at is not None for item in order.items.values())
    count["entries of buyers"] += 1
    count["entries of stores"] += len(order.sellers)
    for shipment in order.shipments.values():
        count["shipments"] += 1
        count[f"shipments {shipment.status}"] += 1
        count["tracking events"] += len(shipment.tracking)
    for milestone in order.milestones.values():
        count[f"{'notices' if is_told(milestone.kind) else 'milestones'} {milestone.kind}"] += 1


def test_odd_files_say_what_their_events_make(odd: Path) -> None:
    expected = {name: number for name, number in expected_figures(odd).items() if number}
    assert expected == derived_figures(odd)
    assert expected["orders cancelled"] == 5
    assert expected["orders without items"] == 3


def test_limit_takes_the_first_orders(odd: Path) -> None:
    assert expected_figures(odd, 3)["orders"] == 3
    assert {n: v for n, v in expected_figures(odd, 7).items() if v} == derived_figures(odd, 7)


def test_real_files_say_what_their_events_make() -> None:
    if not REAL.is_dir():
        pytest.skip("the public order files lie in ../shared/data, which is not here")
    expected = {name: number for name, number in expected_figures(REAL).items() if number}
    assert expected == derived_figures(REAL)
    # docs/olist.md names these.
    assert expected["orders"] == 3000
    assert expected["events"] == 11_978
