"""Returns and refunds. One told again under another event id is corrected; the first one says when."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from orders.intake.derive.events import Event
from orders.intake.derive.milestones import add_milestone
from orders.intake.derive.state import (
    ADDRESS,
    PAYMENT,
    OrderState,
    RefundState,
    ReturnState,
    known_parts,
    read_moment,
    told_amount,
    told_moment,
)


def authorise_return(order: OrderState, events: Sequence[Event]) -> None:
    """From all events of one return, in their order."""
    told = _told(events, "return")
    state = ReturnState(
        reference=told["id"],
        authorised_at=events[0].occurred_at,
        deadline=read_moment(told.get("deadline")),
        instructions=told.get("instructions", ""),
        label_url=told.get("label_url", ""),
        address=known_parts(told.get("address", {}), ADDRESS),
        items=list(told["items"]),
    )
    order.returns[state.reference] = state
    params = {
        "return": state.reference,
        "items": state.items,
        "instructions": state.instructions,
        "label_url": state.label_url,
        "deadline": told_moment(state.deadline),
        "address": state.address,
    }
    add_milestone(order, events[0], "return_authorised", key=f"return:{state.reference}", params=params)


def issue_refund(order: OrderState, events: Sequence[Event]) -> None:
    """From all events of one refund, in their order."""
    told = _told(events, "refund")
    state = RefundState(
        reference=told["id"],
        issued_at=events[0].occurred_at,
        amount=Decimal(told["amount"]),
        currency=told["currency"],
        method=known_parts(told["method"], PAYMENT),
        expected_by=read_moment(told.get("expected_by")),
        reason=told.get("reason", ""),
        items=list(told.get("items", [])),
    )
    order.refunds[state.reference] = state
    params = {
        "refund": state.reference,
        "amount": told_amount(state.amount, state.currency),
        "currency": state.currency,
        "method": state.method,
        "expected_by": told_moment(state.expected_by),
        "reason": state.reason,
        "items": state.items,
    }
    add_milestone(order, events[0], "refund_issued", key=f"refund:{state.reference}", params=params)


def _told(events: Sequence[Event], name: str) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for event in events:
        told.update(event.data[name])
    return told
