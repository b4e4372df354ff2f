"""The demo's orders of the last eight months: each one's scene, buyer, basket, time, and how far it got."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from messagecenter.demo.catalogue import STORES, Product, StoreSpec
from messagecenter.demo.people import ALICE, CAST, COUNTRIES, Person, buyers
from messagecenter.demo.routes import CUSTOMS_UNION
from messagecenter.demo.scenes import SCENES, Scene
from messagecenter.demo.stories import Basket, Line, Step, Story
from messagecenter.replay.events import Event

ORDERS_OF_ALICE = 60
ORDERS_OF_OTHERS = 350
LIVE = 100_000  # from this position on, orders are placed while the demo runs
_BOB = STORES[0]


@dataclass(frozen=True, slots=True)
class Told:
    """One order: what has happened, and what is still to come, in order."""

    basket: Basket
    scene: Scene
    past: tuple[Event, ...]
    future: tuple[Event, ...]


def order_number(position: int) -> str:
    """Eight digits that look drawn at random; different for every position up to a hundred million."""
    digits = f"{(position * 61_803_399 + 24_816_325) % 10**8:08d}"
    return f"{digits[:4]}-{digits[4:]}"


def past_orders(anchor: datetime, others: int = ORDERS_OF_OTHERS) -> Iterator[Told]:
    """Every order of the demo's history as it stands at `anchor` (UTC): the same for the same anchor.

    `others` is how many of them are not alice's.
    """
    chance = Random("history of the demo")
    casting = [(ALICE, scene) for scene in SCENES]
    ordinary = [
        scene for scene in SCENES if scene.name in ("delivered", "picked up", "came late", "several sellers")
    ]
    casting += [(ALICE, chance.choice(ordinary)) for _ in range(ORDERS_OF_ALICE - len(casting))]
    crowd = [person for person in (*CAST, *buyers()) if person.id and person is not ALICE]
    people = chance.choices(crowd, [person.weight for person in crowd], k=ORDERS_OF_OTHERS)
    scenes = chance.choices(SCENES, [scene.weight for scene in SCENES], k=ORDERS_OF_OTHERS)
    casting += list(zip(people, scenes, strict=True))[:others]
    for position, (buyer, scene) in enumerate(casting):
        # Bob's desk is busy: every third order goes to his store, and one of each scene.
        favourite = _BOB if position % 3 == 0 and buyer is not ALICE else None
        yield tell_past(position, buyer, scene, anchor, favourite)


def tell_past(
    position: int, buyer: Person, scene: Scene, anchor: datetime, favourite: StoreSpec | None = None
) -> Told:
    """The latest telling whose last happened step is as old as the scene wants."""
    basket = _fill_basket(position, buyer, scene, favourite)
    chance = Random(f"moment of {position}")
    due = anchor.astimezone(ZoneInfo(COUNTRIES[buyer.country].time_zone)) - timedelta(
        days=_age(scene, chance)
    )
    hour, minute = chance.choice((8, 12, 13, 18, 19, 20, 21, 21, 22)), chance.randint(0, 59)
    placed = due.replace(hour=hour, minute=minute, second=chance.randint(0, 59), microsecond=0)
    if scene.stop == "placed":
        placed = due.replace(microsecond=0)
    while True:
        steps, happened = tell(position, basket, scene, placed)
        if steps[happened - 1].event.at <= due:
            events = [step.event for step in steps]
            return Told(basket, scene, tuple(events[:happened]), tuple(events[happened:]))
        placed -= timedelta(days=1)


def tell(position: int, basket: Basket, scene: Scene, placed_at: datetime) -> tuple[list[Step], int]:
    """All steps of the order, and how many of them have happened when the scene stops."""
    story = Story(basket, placed_at, Random(f"story of {position}"))
    scene.tell(story)
    steps = story.steps()
    if not scene.stop:
        return steps, len(steps)
    return steps, 1 + next(place for place, step in enumerate(steps) if step.label == scene.stop)


def live_order(position: int, placed_at: datetime, *, by_alice: bool) -> Told:
    """An order placed while the demo runs; everything of it is still to come."""
    chance = Random(f"live order {position}")
    others = buyers()
    buyer = ALICE if by_alice else chance.choices(others, [person.weight for person in others])[0]
    scene = chance.choices(SCENES, [scene.weight for scene in SCENES])[0]
    basket = _fill_basket(LIVE + position, buyer, scene, _BOB if position % 2 else None)
    zone = ZoneInfo(COUNTRIES[buyer.country].time_zone)
    steps, _ = tell(LIVE + position, basket, scene, placed_at.astimezone(zone).replace(microsecond=0))
    return Told(basket, scene, (), tuple(step.event for step in steps))


def _age(scene: Scene, chance: Random) -> float:
    """Days since the last happened step; more of them lately, as a growing marketplace has it."""
    youngest, oldest = scene.age
    return youngest + (oldest - youngest) * math.pow(chance.random(), 1.4)


def _fill_basket(position: int, buyer: Person, scene: Scene, favourite: StoreSpec | None) -> Basket:
    chance = Random(f"basket of {position}")
    stores = [favourite] if favourite else []
    candidates = [store for store in STORES if store not in stores and _suits(store, buyer, scene)]
    near = [4 if store.ships_from == buyer.country else 1 for store in candidates]
    while len(stores) < scene.stores:
        chosen = chance.choices(candidates, near)[0]
        if chosen not in stores:
            stores.append(chosen)
    if favourite and not _suits(favourite, buyer, scene):
        stores = [*chance.choices(candidates, near)] if scene.stores == 1 else stores[::-1]
    shelf = [(product, store) for store in stores for product in store.products if _fits(product, scene)]
    if scene.special in ("dear", "long"):
        shelf = [(product, store) for store in STORES for product in store.products if _fits(product, scene)]
    count = max(chance.randint(*scene.lines), len(stores) if not scene.special else 1)
    one_each = [chance.choice([pair for pair in shelf if pair[1] is store] or shelf) for store in stores]
    rest = chance.sample(shelf, min(count, len(shelf)))
    chosen_products = list(dict.fromkeys([*one_each, *rest]))[: max(count, len(stores))]
    lines = tuple(
        Line(str(number), product, store, chance.choice((1, 1, 1, 1, 2, 3)) if product.price < 60 else 1)
        for number, (product, store) in enumerate(chosen_products, start=1)
    )
    return Basket(order_number(position), buyer, lines)


def _suits(store: StoreSpec, buyer: Person, scene: Scene) -> bool:
    """Customs hold nothing that stays inside; what stays inside is not held by customs."""
    inside = store.ships_from == buyer.country or {store.ships_from, buyer.country} <= set(CUSTOMS_UNION)
    return not inside if scene.international else True


def _fits(product: Product, scene: Scene) -> bool:
    if scene.special == "dear":
        return product.price > 1000
    if scene.special == "long":
        return len(product.title_en) > 100
    return product.price < 1000
