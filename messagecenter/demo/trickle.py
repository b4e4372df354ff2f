"""While the demo runs, its orders go on: every few seconds the next thing happens to one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from random import Random
from zoneinfo import ZoneInfo

from messagecenter.demo.backfill import EVENT_PREFIX
from messagecenter.demo.history import LIVE, Told, live_order, order_number
from messagecenter.demo.people import ALICE, COUNTRIES
from messagecenter.demo.scenes import SCENES
from messagecenter.replay.events import Event
from orders.models import OrderEvent

PAUSE = (3.0, 7.0)  # seconds between two events
NEW_ORDER = 0.22  # how often it is a new order
_WORDS = {
    "order.placed": "New order",
    "order.confirmed": "Payment confirmed",
    "order.cancelled": "Cancelled",
    "item.cancelled": "Item cancelled",
    "shipment.created": "Shipped",
    "shipment.delivered": "Delivered",
    "return.authorised": "Return authorised",
    "refund.issued": "Refunded",
    "in_transit": "In transit",
    "out_for_delivery": "Out for delivery",
    "ready_for_pickup": "Ready for pick-up",
    "returning": "On its way back",
    "exception": "Delivery problem",
}


@dataclass(slots=True)
class OpenOrder:
    told: Told
    coming: list[Event]

    @property
    def weight(self) -> int:
        """How much it attracts: what visitors watch moves first."""
        buyer = self.told.basket.buyer
        return 8 if buyer is ALICE else 3 if "seller-1001" in {s.id for s in self.told.basket.stores} else 1


@dataclass(frozen=True, slots=True)
class Happening:
    event: Event
    told: Told

    def line(self) -> str:
        """One line for the terminal."""
        basket = self.told.basket
        kind = str(self.event.data.get("status", self.event.type))
        title = basket.lines[0].product.title_en
        more = f" and {len(basket.lines) - 1} more" if len(basket.lines) > 1 else ""
        short = f"{title[:37]}…" if len(title) > 38 else title
        return f"{_WORDS.get(kind, 'Tracking'):<18} {basket.number}  {short}{more}, for {basket.buyer.name}"


class Trickle:
    """Picks what happens next. Where it stood at the last start is read from the events in the database."""

    def __init__(self, history: Sequence[Told]) -> None:
        self._chance = Random()  # unlike the history, no two evenings are the same
        # Alice's first orders show one state each; they stay as they are.
        self._open = [OpenOrder(told, list(told.future)) for told in history[len(SCENES) :] if told.future]
        self._next_live = 0
        self._resume()

    def happen(self) -> Happening:
        """The next event, at the present moment."""
        now = datetime.now(UTC).replace(microsecond=0)
        if not self._open or self._chance.random() < NEW_ORDER:
            self._open.append(self._place(self._next_live, now))
            self._next_live += 1
            chosen = self._open[-1]
        else:
            chosen = self._chance.choices(self._open, [order.weight for order in self._open])[0]
        event = chosen.coming.pop(0)
        if not chosen.coming:
            self._open.remove(chosen)
        zone = ZoneInfo(COUNTRIES[chosen.told.basket.buyer.country].time_zone)
        return Happening(replace(event, at=now.astimezone(zone)), chosen.told)

    def _resume(self) -> None:
        known = dict(
            OrderEvent.objects.filter(event_id__startswith=EVENT_PREFIX).values_list(
                "event_id", "occurred_at"
            )
        )
        for position in count():
            placed_at = known.get(f"demo-{order_number(LIVE + position)}-01")
            if placed_at is None:
                self._next_live = position
                break
            self._open.append(self._place(position, placed_at))
        for order in self._open:
            order.coming = [event for event in order.coming if event.id not in known]
        self._open = [order for order in self._open if order.coming]

    @staticmethod
    def _place(position: int, placed_at: datetime) -> OpenOrder:
        told = live_order(position, placed_at, by_alice=position % 3 == 0)
        return OpenOrder(told, list(told.future))
