"""What is derived: plain values, to be compared with the tables and written there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from orders.intake.amounts import minor_units
from orders.intake.derive.events import Event, Moment
from orders.intake.schema.formats import parse_time

ADDRESS = ("name", "lines", "postal_code", "city", "region", "country")
PAYMENT = ("kind", "label", "last4")

Window = tuple[datetime | None, datetime | None]  # from, to; both None: nothing was promised


@dataclass(slots=True)
class ItemState:
    line: str
    seller: str  # the marketplace's id
    product_id: str
    title: str
    ordered: list[tuple[Moment, int]]  # the quantity, and since when it is that
    unit_price: Decimal
    picture_url: str
    product_url: str
    position: int
    cancelled_at: datetime | None = None
    cancel_reason: str = ""

    @property
    def quantity(self) -> int:
        return self.ordered[-1][1]

    @property
    def most_ordered(self) -> int:
        return max(quantity for _, quantity in self.ordered)

    def quantity_at(self, moment: Moment) -> int:
        """The pieces that were ordered at that moment, 0 before the item was."""
        return next((quantity for since, quantity in reversed(self.ordered) if since <= moment), 0)


@dataclass(slots=True)
class TrackingState:
    """One row of a parcel's history; `event` is what told it."""

    event: Event
    status: str
    problem: str = ""
    description: str = ""
    place: str = ""


@dataclass(slots=True)
class ShipmentState:
    reference: str
    carrier: str
    carrier_name: str
    tracking_number: str
    tracking_url: str
    seller: str | None
    shipped_at: datetime
    lines: dict[str, int]  # pieces by item
    status: str = "created"
    problem: str = ""
    promise: Window = (None, None)  # its own; the order's holds while it has none
    delivered_at: datetime | None = None
    delivered_where: str = ""
    signed_by: str = ""
    tracking: list[TrackingState] = field(default_factory=list)


@dataclass(slots=True)
class ReturnState:
    reference: str
    authorised_at: datetime
    deadline: datetime | None
    instructions: str
    label_url: str
    address: dict[str, Any]
    items: list[str]


@dataclass(slots=True)
class RefundState:
    reference: str
    issued_at: datetime
    amount: Decimal
    currency: str
    method: dict[str, Any]
    expected_by: datetime | None
    reason: str
    items: list[str]


@dataclass(slots=True)
class MilestoneState:
    """As orders.Milestone; `seller` becomes the parameter `store` when it is written."""

    key: str
    kind: str
    occurred_at: datetime
    rank: int
    params: dict[str, Any]
    seller: str | None = None


@dataclass(slots=True)
class OrderState:
    number: str
    buyer: Mapping[str, Any]
    placed: Moment
    placed_at: datetime
    currency: str
    totals: dict[str, Decimal]
    promise: Window
    shipping_address: dict[str, Any]
    payment: dict[str, Any]
    items: dict[str, ItemState]
    sellers: dict[str, str]  # names by the marketplace's id
    updated_at: datetime
    status: str = "placed"
    shipments: dict[str, ShipmentState] = field(default_factory=dict)
    returns: dict[str, ReturnState] = field(default_factory=dict)
    refunds: dict[str, RefundState] = field(default_factory=dict)
    milestones: dict[str, MilestoneState] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an event is not applied: a code of orders.intake.problems, and what it is about.

    `waiting` may pass with further events; otherwise the event contradicts its order.
    """

    code: str
    subject: str = ""
    field: str = ""
    waiting: bool = False


def known_parts(told: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Only what the schema names: whatever else an event holds of a card or an address stays in the event."""
    return {name: told[name] for name in names if name in told}


def told_amount(amount: Decimal, currency: str) -> str:
    """As milestones keep it, with the decimals of its currency: "39.90"."""
    return f"{amount:.{minor_units(currency)}f}"


def read_window(window: Mapping[str, str] | None) -> Window:
    if not window:
        return None, None
    return read_moment(window.get("from")), parse_time(window["to"])


def read_moment(text: str | None) -> datetime | None:
    return parse_time(text) if text else None


def told_moment(moment: datetime | None) -> str | None:
    """As milestones keep a time: RFC 3339 in UTC."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None
