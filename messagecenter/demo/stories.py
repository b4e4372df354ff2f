"""An order's whole story as events: bought, paid, sent, and what came of it. Pure: no clock, no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import Any

from messagecenter.demo.catalogue import Product, StoreSpec
from messagecenter.demo.clockwork import evening, later, window
from messagecenter.demo.parcels import AFTERNOON, DAY, Parcel
from messagecenter.demo.people import COUNTRIES, Person
from messagecenter.demo.routes import carrier_for
from messagecenter.demo.tracking import tracking_number
from messagecenter.replay.events import Event

CENT = Decimal("0.01")
_PAYMENTS = (
    {"kind": "card", "last4": "4242"},
    {"kind": "debit_card", "last4": "5454"},
    {"kind": "bank_transfer"},
    {"kind": "gift_card"},
)


@dataclass(frozen=True, slots=True)
class Line:
    id: str
    product: Product
    store: StoreSpec
    quantity: int


@dataclass(frozen=True, slots=True)
class Basket:
    """What somebody bought: everything of an order that does not depend on what became of it."""

    number: str
    buyer: Person
    lines: tuple[Line, ...]

    @property
    def stores(self) -> list[StoreSpec]:
        return list(dict.fromkeys(line.store for line in self.lines))

    def of(self, store: StoreSpec) -> list[Line]:
        return [line for line in self.lines if line.store == store]


@dataclass(frozen=True, slots=True)
class Step:
    """An event and the word by which a scene says where to stop."""

    label: str
    event: Event


class Story:
    """Gathers an order's events. `at` is the time of the last one about the whole order."""

    def __init__(self, basket: Basket, placed_at: datetime, chance: Random) -> None:
        self.basket, self.buyer, self.chance, self.at = basket, basket.buyer, chance, placed_at
        self.placed_at = placed_at
        self.country = COUNTRIES[self.buyer.country]
        self.payment = dict(chance.choice(_PAYMENTS))
        self.parcels: list[Parcel] = []
        self._steps: list[Step] = []

    @property
    def is_french(self) -> bool:
        return self.buyer.language == "fr"

    @property
    def city(self) -> str:
        return self.country.addresses[self.buyer.address][2]

    @property
    def pickup_shop(self) -> str:
        return f"{'Tabac-presse de la gare' if self.buyer.country == 'FR' else 'Station Kiosk'}, {self.city}"

    def steps(self) -> list[Step]:
        """In the order in which they happened."""
        return sorted(self._steps, key=lambda step: step.event.at)

    def add(self, label: str, kind: str, at: datetime, data: dict[str, Any]) -> None:
        number = self.basket.number
        event_id = f"demo-{number}-{len(self._steps) + 1:02d}"  # counted in telling order: never changes
        if kind != "order.placed":
            data = {"order_number": number, **data}
        self._steps.append(Step(label, Event(event_id, kind, at, number, data)))

    def said(self, english: str, french: str) -> str:
        return french if self.is_french else english

    def price(self, line: Line) -> Decimal:
        return (line.product.price * self.country.rate).quantize(CENT)

    def worth(self, lines: list[Line]) -> Decimal:
        return sum((self.price(line) * line.quantity for line in lines), Decimal(0))

    # --- the order ---------------------------------------------------------------------------------

    def place(self) -> None:
        items = self.worth(list(self.basket.lines))
        shipping = Decimal("0.00") if items > 120 else Decimal("4.90") * len(self.basket.stores)
        discount = (items / 10).quantize(CENT) if self.chance.random() < 0.12 else Decimal("0.00")
        abroad = any(store.ships_from != self.buyer.country for store in self.basket.stores)
        totals = {
            "items": items,
            "shipping": shipping,
            "discount": discount,
            "total": items + shipping - discount,
        }
        self.total = totals["total"]
        order = {
            "number": self.basket.number,
            "currency": self.country.currency,
            "buyer": {
                "id": self.buyer.id,
                "email": self.buyer.email,
                "first_name": self.buyer.first_name,
                "last_name": self.buyer.last_name,
                "language": self.buyer.language,
                "time_zone": self.country.time_zone,
            },
            "shipping_address": self._address(),
            "items": [self._item(line) for line in self.basket.lines],
            "totals": {key: str(amount) for key, amount in totals.items() if amount or key != "discount"},
            "payment": self.payment,
            "estimated_delivery": window(self.at, 5, 9) if abroad else window(self.at, 3, 5),
        }
        self.add("placed", "order.placed", self.at, {"order": order})

    def _address(self) -> dict[str, Any]:
        street, code, city, region = self.country.addresses[self.buyer.address]
        address = {
            "name": self.buyer.name,
            "lines": [street],
            "postal_code": code,
            "city": city,
            "country": self.country.code,
        }
        return {**address, "region": region} if region else address

    def _item(self, line: Line) -> dict[str, Any]:
        return {
            "id": line.id,
            "product_id": line.product.id,
            "title": line.product.title(self.buyer.language),
            "quantity": line.quantity,
            "unit_price": str(self.price(line)),
            "seller": {"id": line.store.id, "name": line.store.name},
            "picture_url": line.product.picture_url,
        }

    def confirm(self) -> None:
        self.at = later(self.at, 0, (0, 0), self.chance)
        self.add("confirmed", "order.confirmed", self.at, {})

    def cancel(self, reason: str, by: str, note: str = "", *, days: int = 0) -> None:
        self.at = later(self.at, days, DAY, self.chance)
        data = {"reason": reason, "by": by, **({"note": note} if note else {})}
        self.add("cancelled", "order.cancelled", self.at, data)

    def cancel_items(self, lines: list[Line], reason: str, by: str, note: str = "") -> None:
        self.at = later(self.at, 0, DAY, self.chance)
        data = {"items": [line.id for line in lines], "reason": reason, "by": by}
        self.add("item_cancelled", "item.cancelled", self.at, {**data, **({"note": note} if note else {})})

    def refund(self, amount: Decimal, reason: str, *, lines: list[Line] | None = None, days: int = 1) -> None:
        self.at = later(self.at, days, DAY, self.chance)
        refund = {
            "id": f"RF-{self.basket.number}-{len(self._steps)}",
            "amount": str(amount.quantize(CENT)),
            "currency": self.country.currency,
            "method": self.payment,
            "expected_by": evening(self.at, 5),
            "reason": reason,
        }
        if lines:
            refund["items"] = [line.id for line in lines]
        self.add("refund", "refund.issued", self.at, {"refund": refund})

    def authorise_return(self, lines: list[Line], *, days: int = 3) -> None:
        self.at = later(self.at, days, DAY, self.chance)
        store = lines[0].store
        street, code, city, _ = COUNTRIES[store.ships_from].addresses[-1]
        back: dict[str, Any] = {
            "id": f"RT-{self.basket.number}",
            "items": [line.id for line in lines],
            "instructions": self.said(
                "Pack the article in its original box, put the label on the outside and hand the parcel in "
                "at any post office. Keep the receipt until your refund has arrived.",
                "Emballez l'article dans sa boîte d'origine, collez l'étiquette à l'extérieur et déposez le "
                "colis dans un bureau de poste. Gardez le reçu jusqu'à l'arrivée de votre remboursement.",
            ),
            "label_url": f"https://labels.example.com/RT-{self.basket.number}.pdf",
            "deadline": evening(self.at, 14),
            "address": {
                "name": f"{store.name}, {self.said('returns', 'retours')}",
                "lines": [street],
                "postal_code": code,
                "city": city,
                "country": store.ships_from,
            },
        }
        self.add("return", "return.authorised", self.at, {"return": back})

    # --- its parcels -------------------------------------------------------------------------------

    def ship(
        self, store: StoreSpec, lines: list[Line] | None = None, *, days: int = 1, carrier: str = ""
    ) -> Parcel:
        """Hands a parcel of this store to a carrier; without `lines` everything that it sold."""
        chance = self.chance
        name = ""
        if carrier == "unknown":  # no code of ours: the event's own words are shown
            carrier, name, number = "velo-cargo", "Vélo Cargo Express", ""
        else:
            carrier = carrier or carrier_for(store.ships_from, self.buyer.country, chance)
            number = tracking_number(carrier, chance)
        at = later(self.at, days, AFTERNOON, chance)
        ref = f"S{len(self.parcels) + 1}-{self.basket.number}"
        parcel = Parcel(self, ref, carrier, number, store.ships_from, at)
        self.parcels.append(parcel)
        chosen = lines or self.basket.of(store)
        shipment: dict[str, Any] = {
            "id": ref,
            "carrier": {"code": carrier, **({"name": name} if name else {})},
            "items": [{"id": line.id, "quantity": line.quantity} for line in chosen],
            "seller_id": store.id,
            "estimated_delivery": window(at, 4, 6) if parcel.is_abroad else window(at, 2, 3),
        }
        if number:
            shipment["tracking_number"] = number
        self.add("shipped", "shipment.created", at, {"shipment": shipment})
        return parcel
