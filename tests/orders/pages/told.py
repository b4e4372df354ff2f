"""Orders that come as the marketplace tells of them: every fact goes in as an event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from accounts.models import Store, User
from orders.intake.recording import record_event
from orders.models import Order

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)  # a Sunday
ADDRESS = {
    "name": "Alice Arnaud",
    "lines": ["12 rue de la République"],
    "postal_code": "69100",
    "city": "Villeurbanne",
    "country": "FR",
}
VISA = {"kind": "card", "label": "Visa", "last4": "4242"}
_ids = count(1)


def days(number: float) -> datetime:
    """So many days from now."""
    return NOW + timedelta(days=number)


def window(start: float, end: float) -> dict[str, str]:
    return {"from": days(start).isoformat(), "to": days(end).isoformat()}


class Telling:
    """One order, told bit by bit. `at` is in days from now."""

    def __init__(
        self,
        buyer: User,
        number: str = "1042-77318",
        *,
        items: Sequence[tuple[Store, str, int, str]] = (),
        at: float = -8,
        **order: Any,
    ) -> None:
        """`items` are (store, title, quantity, unit price); their ids are L1, L2, …"""
        self.number = number
        self._at = at
        self.tell("order.placed", at, order=self._placed(buyer, items) | order)

    @property
    def order(self) -> Order:
        return Order.objects.get(number=self.number)

    def tell(self, kind: str, at: float, **data: Any) -> None:
        if kind != "order.placed":
            data = {"order_number": self.number, **data}
        body = {"type": kind, "version": 1, "timestamp": days(at).isoformat(), "data": data}
        state = record_event(source="marketplace", event_id=f"event-{next(_ids)}", body=body)
        assert state == "applied", f"{kind} is {state}"

    def confirm(self, at: float | None = None) -> None:
        self.tell("order.confirmed", self._at + 0.01 if at is None else at)

    def cancel(self, at: float = -7, *, reason: str = "buyer_request", by: str = "buyer") -> None:
        self.tell("order.cancelled", at, reason=reason, by=by)

    def cancel_items(
        self, *items: str, at: float = -7, reason: str = "out_of_stock", by: str = "seller"
    ) -> None:
        self.tell("item.cancelled", at, items=list(items), reason=reason, by=by)

    def ship(
        self,
        parcel: str = "S1",
        *items: str | tuple[str, int],
        at: float = -6,
        carrier: str = "ups",
        **shipment: Any,
    ) -> None:
        """`items` are lines, or (line, pieces); none means all of the order."""
        lines = [{"id": i} if isinstance(i, str) else {"id": i[0], "quantity": i[1]} for i in items]
        told = {"id": parcel, "carrier": {"code": carrier}, "tracking_number": "1Z999", "items": lines}
        self.tell("shipment.created", at, shipment=told | shipment)

    def scan(self, status: str, at: float, parcel: str = "S1", **scan: Any) -> None:
        self.tell("shipment.updated", at, shipment_id=parcel, status=status, **scan)

    def deliver(self, at: float = -2, parcel: str = "S1", **delivery: Any) -> None:
        self.tell("shipment.delivered", at, shipment_id=parcel, **delivery)

    def take_back(self, *items: str, at: float = -1, **back: Any) -> None:
        self.tell("return.authorised", at, **{"return": {"id": "RT-5", "items": list(items), **back}})

    def refund(self, amount: str, *items: str, at: float = -1, refund: str = "R-88", **told: Any) -> None:
        facts = {"id": refund, "amount": amount, "currency": "EUR", "method": VISA, "items": list(items)}
        self.tell("refund.issued", at, refund=facts | told)

    def _placed(self, buyer: User, items: Sequence[tuple[Store, str, int, str]]) -> dict[str, Any]:
        return {
            "number": self.number,
            "currency": "EUR",
            "buyer": {
                "id": buyer.marketplace_id,
                "email": buyer.email,
                "first_name": buyer.first_name,
                "last_name": buyer.last_name,
                "language": buyer.language,
                "time_zone": buyer.time_zone,
            },
            "shipping_address": ADDRESS,
            "items": [
                {
                    "id": f"L{index}",
                    "product_id": f"P{index}",
                    "title": title,
                    "quantity": quantity,
                    "unit_price": price,
                    "seller": {"id": store.marketplace_id, "name": store.name},
                    "picture_url": "/static/icons/favicon.svg",
                }
                for index, (store, title, quantity, price) in enumerate(items, start=1)
            ],
            "totals": {"items": "177.90", "shipping": "4.90", "total": "182.80"},
            "payment": VISA,
        }
