"""What the fold makes of events, for its tests."""

from __future__ import annotations

from typing import Any

from orders.intake.derive import Derived, derive_order
from orders.intake.derive.events import read_event
from orders.intake.derive.state import MilestoneState, OrderState
from tests.orders.intake.sending import Body


def derive(*bodies: Body) -> Derived:
    """Of events with the ids e1, e2… in this order."""
    return derive_order(read_event("mp", f"e{number}", body) for number, body in enumerate(bodies, start=1))


def order_of(*bodies: Body) -> OrderState:
    derived = derive(*bodies)
    assert derived.problems == {}
    assert derived.order is not None
    return derived.order


def told(order: OrderState) -> list[str]:
    """The keys of the milestones as they are shown."""
    return [milestone.key for milestone in sorted(order.milestones.values(), key=_shown)]


def _shown(milestone: MilestoneState) -> tuple[Any, ...]:
    return milestone.occurred_at, milestone.rank, milestone.key


def hours(number: int) -> str:
    return f"2026-11-20T{number:02}:00:00Z"
