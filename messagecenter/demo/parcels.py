"""One parcel of a story: handed over, scanned, delivered, or in trouble."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from messagecenter.demo.clockwork import evening, later, window
from messagecenter.demo.routes import CUSTOMS_UNION, carrier_words, hub

if TYPE_CHECKING:  # the two halves of one thing; only the types go round in a circle
    from messagecenter.demo.stories import Story

NIGHT, MORNING, DAY, AFTERNOON = (1.0, 4.5), (7.2, 9.0), (10.0, 18.5), (15.5, 19.0)
_WHERE = (
    ("Front door", "Devant la porte"),
    ("Letterbox", "Boîte aux lettres"),
    ("Handed to a resident", "Remis à un occupant"),
    ("Neighbour, ground floor", "Voisin du rez-de-chaussée"),
    ("Parcel locker 12", "Consigne, casier 12"),
    ("Reception desk", "Accueil de l'immeuble"),
)


@dataclass(slots=True)
class Parcel:
    """`at` is the time of its last event so far."""

    story: Story
    ref: str
    carrier: str
    number: str
    origin: str
    at: datetime

    @property
    def country(self) -> str:
        return self.story.buyer.country

    @property
    def is_abroad(self) -> bool:
        return self.origin != self.country

    @property
    def passes_customs(self) -> bool:
        return self.is_abroad and not {self.origin, self.country} <= set(CUSTOMS_UNION)

    def travel(self, *, scans: int = 2, cleared: bool = True) -> None:
        """From hub to hub, and over the border where there is one."""
        start = hub(self.origin, self.story.chance)
        self.tell(1, NIGHT, "in_transit", "left", country=self.origin, place=start)
        if self.passes_customs:
            border = hub(self.country, self.story.chance)
            self.tell(2, DAY, "in_transit", "abroad", place=border)
            if not cleared:
                return
            self.clear_customs()
        for _ in range(scans - 1):
            self.tell(1, NIGHT, "in_transit", "arrived")

    def clear_customs(self) -> None:
        # No status of ours: kept, and shown as an update.
        self.tell(1, MORNING, "customs_cleared", "cleared", label="update")

    def out_for_delivery(self, days: int = 0) -> None:
        self.tell(days, MORNING, "out_for_delivery", "van")

    def deliver(self, *, days: int = 0, where: str = "") -> None:
        chance = self.story.chance
        self.at = later(self.at, days, DAY, chance)
        data: dict[str, Any] = {
            "shipment_id": self.ref,
            "where": where or chance.choice(_WHERE)[self.story.is_french],
            "place": self.story.city,
        }
        if chance.random() < 0.25:
            data["signed_by"] = self.story.buyer.last_name.upper()
        self.story.add("delivered", "shipment.delivered", self.at, data)

    def await_pickup(self, shop: str) -> None:
        until = {"until": evening(self.at, 8)}
        self.tell(0, DAY, "ready_for_pickup", "pickup", place=shop, extra=until)

    def meet(self, problem: str, words: str, *, days: int = 1, hours: tuple[float, float] = DAY) -> None:
        """An exception, with the next steps that go with it."""
        extra: dict[str, Any] = {"problem": {"kind": problem, "next_steps": self._next_steps(problem)}}
        if problem in ("weather", "customs", "other"):
            extra["estimated_delivery"] = window(self.at, 3, 4)
        place = hub(self.country, self.story.chance) if problem == "customs" else ""
        self.tell(days, hours, "exception", words, place=place, extra=extra)

    def _next_steps(self, problem: str) -> list[dict[str, str]]:
        desk = f"https://delivery.example.com/{self.carrier}/{self.number or self.ref}"
        shop = {"kind": "pick_up", "until": evening(self.at, 9), "place": self.story.pickup_shop}
        return {
            "failed_attempt": [
                {"kind": "reschedule", "url": f"{desk}/date", "until": evening(self.at, 3)},
                shop,
            ],
            "wrong_address": [
                {"kind": "correct_address", "url": f"{desk}/address", "until": evening(self.at, 4)}
            ],
            "customs": [{"kind": "contact_carrier", "url": f"{desk}/customs", "until": evening(self.at, 10)}],
            "damaged": [{"kind": "contact_carrier", "url": f"{desk}/damage"}],
            "lost": [{"kind": "contact_carrier", "url": f"{desk}/enquiry"}],
        }.get(problem, [{"kind": "wait"}])

    def promise(self, first_day: int, last_day: int, words: str, *, days: int = 1) -> None:
        """A new estimate, counted from now."""
        estimate = {"estimated_delivery": window(self.at, first_day, last_day)}
        self.tell(days, DAY, "in_transit", words, extra=estimate, label="estimate")

    def turn_back(self, days: int = 3) -> None:
        self.tell(days, DAY, "returning", "back")

    def tell(
        self,
        days: int,
        hours: tuple[float, float],
        status: str,
        words: str,
        *,
        country: str = "",
        place: str = "",
        extra: dict[str, Any] | None = None,
        label: str = "",
    ) -> None:
        """A scan: `words` in the language of `country` (the buyer's), at `place` (his town)."""
        self.at = later(self.at, days, hours, self.story.chance)
        data = {
            "shipment_id": self.ref,
            "status": status,
            "description": carrier_words(words, country or self.country),
            "place": place or self.story.city,
        }
        self.story.add(label or status, "shipment.updated", self.at, {**data, **(extra or {})})
