"""What can become of an order: a scene tells the whole story, and where in it the order stands now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from messagecenter.demo.parcels import Parcel
from messagecenter.demo.stories import Story


@dataclass(frozen=True, slots=True)
class Scene:
    """`stop` is the label of the last step that has happened, empty for the whole story; `age` is how many
    days ago that was, from and to; `stores` and `lines` are what it needs of the basket."""

    name: str
    tell: Callable[[Story], None]
    stop: str = ""
    age: tuple[float, float] = (3, 235)
    weight: int = 1
    stores: int = 1
    lines: tuple[int, int] = (1, 3)
    special: str = ""  # a sort of basket: dear, long, many
    international: bool = False


def _begin(story: Story) -> None:
    story.place()
    story.confirm()


def _first_parcel(story: Story, *, carrier: str = "") -> Parcel:
    _begin(story)
    return story.ship(story.basket.stores[0], carrier=carrier)


def deliver_all(story: Story) -> None:
    _begin(story)
    for days, store in enumerate(story.basket.stores, start=1):
        parcel = story.ship(store, days=days)
        parcel.travel()
        parcel.out_for_delivery()
        parcel.deliver()


def deliver_to_shop(story: Story) -> None:
    parcel = _first_parcel(story)
    parcel.travel()
    parcel.await_pickup(story.pickup_shop)
    parcel.deliver(days=2, where=story.pickup_shop)


def deliver_late(story: Story) -> None:
    parcel = _first_parcel(story)
    parcel.travel(scans=3)
    parcel.tell(1, (1, 4), "in_transit", "arrived", label="stuck")
    parcel.out_for_delivery(days=5)
    parcel.deliver()


def promise_later(story: Story) -> None:
    parcel = _first_parcel(story)
    parcel.travel()
    parcel.promise(4, 5, "delay")
    parcel.out_for_delivery(days=4)
    parcel.deliver()


def promise_earlier(story: Story) -> None:
    parcel = _first_parcel(story)
    parcel.travel(scans=1)
    parcel.promise(0, 1, "early", days=0)
    parcel.out_for_delivery(days=1)
    parcel.deliver()


def overcome(problem: str, words: str) -> Callable[[Story], None]:
    """A problem on the way, after which the parcel arrives."""

    def tell(story: Story) -> None:
        parcel = _first_parcel(story)
        parcel.travel()
        if problem in ("failed_attempt", "wrong_address"):
            parcel.out_for_delivery()
        parcel.meet(problem, words, days=0 if problem == "failed_attempt" else 1)
        parcel.out_for_delivery(days=2)
        parcel.deliver()

    return tell


def hold_at_customs(story: Story) -> None:
    parcel = _first_parcel(story)
    parcel.travel(cleared=False)
    parcel.meet("customs", "held")
    parcel.clear_customs()
    parcel.out_for_delivery(days=2)
    parcel.deliver()


def lose(story: Story) -> None:
    parcel = _first_parcel(story)
    parcel.travel()
    parcel.meet("lost", "lost", days=9)
    story.at = parcel.at
    story.refund(story.total, "not_received", days=2)


def damage(story: Story) -> None:
    parcel = _first_parcel(story)
    parcel.travel()
    parcel.meet("damaged", "damaged")
    story.at = parcel.at
    story.refund(story.total, "damaged", days=3)


def send_back(story: Story) -> None:
    parcel = _first_parcel(story)
    parcel.travel()
    parcel.out_for_delivery()
    parcel.meet("failed_attempt", "absent", days=0)
    parcel.turn_back(days=10)
    story.at = parcel.at
    story.refund(story.total, "undeliverable", days=4)


def cancel_by_buyer(story: Story) -> None:
    _begin(story)
    story.cancel("buyer_request", "buyer")
    story.refund(story.total, "buyer_request")


def cancel_by_seller(story: Story) -> None:
    _begin(story)
    note = story.said(
        "The last piece had a flaw in the glaze, and we would rather not send it. We are sorry.",
        "La dernière pièce avait un défaut d'émail et nous préférons ne pas l'envoyer. Toutes nos excuses.",
    )
    story.cancel("out_of_stock", "seller", note, days=1)
    story.refund(story.total, "out_of_stock")


def refuse_payment(story: Story) -> None:
    story.place()
    story.cancel("payment_failed", "marketplace", days=1)


def stop_fraud(story: Story) -> None:
    _begin(story)
    story.cancel("fraud_check", "marketplace", days=1)
    story.refund(story.total, "fraud_check")


def cancel_one_item(story: Story) -> None:
    _begin(story)
    first, *others = story.basket.lines
    story.cancel_items([first], "out_of_stock", "seller")
    story.refund(story.worth([first]), "out_of_stock", lines=[first])
    parcel = story.ship(others[0].store, [line for line in others if line.store == others[0].store])
    parcel.travel()
    parcel.out_for_delivery()
    parcel.deliver()


def return_item(story: Story) -> None:
    deliver_all(story)
    story.at = max(parcel.at for parcel in story.parcels)
    line = story.basket.lines[0]
    story.authorise_return([line])
    story.refund(story.worth([line]), "returned", lines=[line], days=8)


def goodwill(story: Story) -> None:
    deliver_late(story)
    story.at = story.parcels[0].at
    story.refund(story.total / 10, "goodwill", days=2)


def ship_in_parts(story: Story) -> None:
    """Several sellers, days apart; or one seller in two parcels."""
    _begin(story)
    stores = story.basket.stores
    if len(stores) > 1:
        parts = [(store, story.basket.of(store)) for store in stores]
    else:
        parts = [(stores[0], [line]) for line in story.basket.lines[:2]]
        parts[-1][1].extend(story.basket.lines[2:])
    for position, (store, lines) in enumerate(parts):
        parcel = story.ship(store, lines, days=1 + 2 * position)
        parcel.travel()
        parcel.out_for_delivery()
        parcel.deliver()


def by_unknown_carrier(story: Story) -> None:
    parcel = _first_parcel(story, carrier="unknown")
    parcel.tell(0, (19, 20), "at_bike_hub", "accepted", label="update")
    parcel.out_for_delivery(days=1)
    parcel.deliver()


SCENES: tuple[Scene, ...] = (
    Scene("delivered", deliver_all, weight=150),
    Scene("delivered just now", deliver_all, age=(0.02, 2), weight=12),
    Scene("placed", deliver_all, "placed", (0.005, 0.15), 6),
    Scene("confirmed", deliver_all, "confirmed", (0.05, 2.5), 14),
    Scene("shipped", deliver_all, "shipped", (0.1, 1), 10),
    Scene("in transit", deliver_all, "in_transit", (0.1, 3), 14),
    Scene("out for delivery", deliver_all, "out_for_delivery", (0.02, 0.4), 9),
    Scene("ready for pick-up", deliver_to_shop, "ready_for_pickup", (0.2, 3), 6),
    Scene("picked up", deliver_to_shop, weight=12),
    Scene("late", deliver_late, "stuck", (2, 4), 6),
    Scene("came late", deliver_late, weight=10),
    Scene("estimate later", promise_later, "estimate", (0.1, 5), 5),
    Scene("estimate later, delivered", promise_later, weight=6),
    Scene("estimate earlier", promise_earlier, "estimate", (0.1, 2), 4),
    Scene("attempt failed", overcome("failed_attempt", "absent"), "exception", (0.1, 3), 5),
    Scene("address wrong", overcome("wrong_address", "address"), "exception", (0.1, 4), 4),
    Scene("held at customs", hold_at_customs, "exception", (0.3, 4), 4, international=True),
    Scene("weather", overcome("weather", "storm"), "exception", (0.1, 4), 4),
    Scene("delay at the depot", overcome("other", "strike"), "exception", (0.1, 5), 3),
    Scene("problem overcome", overcome("failed_attempt", "absent"), weight=14),
    Scene("customs overcome", hold_at_customs, weight=6, international=True),
    Scene("lost", lose, "exception", (0.3, 6), 3),
    Scene("lost, refunded", lose, weight=4),
    Scene("damaged", damage, "exception", (0.2, 5), 3),
    Scene("damaged, refunded", damage, weight=3),
    Scene("on its way back", send_back, "returning", (0.3, 6), 3),
    Scene("came back, refunded", send_back, weight=4),
    Scene("cancelled by buyer", cancel_by_buyer, weight=9),
    Scene("cancelled by seller", cancel_by_seller, "cancelled", (0.3, 3), 3),
    Scene("cancelled by seller, refunded", cancel_by_seller, weight=7),
    Scene("payment failed", refuse_payment, age=(0.5, 200), weight=6),
    Scene("fraud check", stop_fraud, weight=3),
    Scene("item cancelled", cancel_one_item, "refund", (0.2, 6), 4, lines=(2, 4)),
    Scene("item cancelled, rest delivered", cancel_one_item, weight=8, lines=(2, 4)),
    Scene("return open", return_item, "return", (0.3, 10), 5),
    Scene("returned", return_item, weight=9),
    Scene("goodwill", goodwill, weight=4),
    Scene("partly shipped", ship_in_parts, "shipped", (0.2, 3), 4, stores=2, lines=(2, 4)),
    Scene("partly delivered", ship_in_parts, "delivered", (0.1, 4), 4, stores=2, lines=(2, 4)),
    Scene("several sellers", deliver_all, weight=16, stores=3, lines=(3, 5)),
    Scene("two parcels", ship_in_parts, weight=8, lines=(2, 4)),
    Scene("unknown carrier", by_unknown_carrier, "update", (0.05, 0.8), 3),
    Scene("dear", deliver_all, "out_for_delivery", (0.02, 0.5), 1, special="dear", lines=(1, 1)),
    Scene("dear, delivered", deliver_all, weight=3, special="dear", lines=(1, 2)),
    Scene("long title", deliver_all, "in_transit", (0.2, 4), 2, special="long", lines=(1, 2)),
    Scene("many items", deliver_all, weight=3, special="many", stores=2, lines=(7, 9)),
)
