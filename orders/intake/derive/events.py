"""Events as the fold reads them, in the order in which they happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from orders.intake.schema.formats import parse_time

Moment = tuple[datetime, int, str, str]

# What comes first of several events of the same instant, as many sources tell whole minutes or days.
_PRECEDENCE = {
    "order.placed": 0,
    "order.confirmed": 1,
    "shipment.created": 2,
    "item.cancelled": 10,
    "order.cancelled": 11,
    "return.authorised": 12,
    "refund.issued": 13,
}
_TRACKING_PRECEDENCE = {
    "created": 3,
    "in_transit": 4,
    "out_for_delivery": 5,
    "exception": 6,  # the attempt that failed follows the van
    "ready_for_pickup": 7,
    "returning": 8,
}
_UNKNOWN_STATUS_PRECEDENCE = 4
_DELIVERY_PRECEDENCE = 9


@dataclass(frozen=True, slots=True, eq=False)
class Event:
    """One order event. `data` is its body's, checked against the schema."""

    source: str
    event_id: str
    type: str
    occurred_at: datetime  # UTC
    data: Mapping[str, Any]

    @property
    def key(self) -> str:
        """Unique among all events."""
        return f"{self.source}/{self.event_id}"

    @property
    def status(self) -> str:
        """What a shipment.updated event says, as the schema writes it: "In Transit" is in_transit."""
        return str(self.data["status"]).lower().replace(" ", "_").replace("-", "_")

    @property
    def is_delivery(self) -> bool:
        """A carrier's scan may say it as well as the event made for it."""
        return self.type == "shipment.delivered" or (
            self.type == "shipment.updated" and self.status == "delivered"
        )

    @property
    def precedence(self) -> int:
        if self.is_delivery:
            return _DELIVERY_PRECEDENCE
        if self.type == "shipment.updated":
            return _TRACKING_PRECEDENCE.get(self.status, _UNKNOWN_STATUS_PRECEDENCE)
        return _PRECEDENCE[self.type]

    @property
    def moment(self) -> Moment:
        """What events are sorted by: never by when they arrived."""
        return self.occurred_at, self.precedence, self.source, self.event_id


def in_order(events: Iterable[Event]) -> list[Event]:
    return sorted(events, key=lambda event: event.moment)


def read_event(source: str, event_id: str, body: Mapping[str, Any]) -> Event:
    """Of a body that fits the schema."""
    return Event(source, event_id, body["type"], parse_time(body["timestamp"]), body["data"])
