"""A parcel's way: shipped, in transit, out for delivery, ready for pick-up, delivered, going back."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from notifications.kinds.kind import Action, Fact, Matter, OrderKind, Side, Step
from notifications.kinds.phrases import day, is_later, moment, window
from orders.carriers import carrier_name, tracking_page
from orders.wording.links import shipment_anchor

BOTH = frozenset({Side.BUYER, Side.STORE})
PARCEL_FIELDS = frozenset(
    {
        "shipment",
        "carrier",
        "carrier_name",
        "tracking_number",
        "tracking_url",
        "items",
        "store",
        "estimate_from",
        "estimate_to",
    }
)


def order_page(matter: Matter, shipment: str = "") -> Action:
    """The order's page, at the parcel where one is meant."""
    if matter.for_store:
        address = reverse("orders:store_detail", args=[matter.store_slug, matter.number])
    else:
        address = reverse("orders:detail", args=[matter.number])
    place = f"#{shipment_anchor(shipment)}" if shipment else ""
    return Action(_("View order"), address + place, "orders")


def claim_page(matter: Matter, shipment: str) -> Action:
    """The form in which a buyer says that a parcel did not come, or is not what he ordered (OR-4)."""
    address = reverse("orders:claim", args=[matter.number])
    return Action(_("Not received or wrong item?"), f"{address}?{urlencode({'shipment': shipment})}", "help")


@dataclass(frozen=True, slots=True)
class ParcelKind(OrderKind):
    """Whatever is told of one parcel."""

    icon = "truck"
    tone = "info"
    store_fields = PARCEL_FIELDS
    page_fields = frozenset({"items", "store", "shipment", "tracking_url", "description"})

    shipment: str = ""
    carrier: str = ""
    carrier_name: str = ""
    tracking_number: str = ""
    tracking_url: str = ""
    place: str = ""
    description: str = ""  # the carrier's own words, in whatever language
    estimate_from: str = ""
    estimate_to: str = ""

    @property
    def topic(self) -> str:
        return f"parcel {self.shipment}"

    @property
    def is_on_its_way(self) -> bool:
        """Whether following the parcel is what the reader most likely wants."""
        return True

    @property
    def carried_by(self) -> str:
        return carrier_name(self.carrier, self.carrier_name)

    @property
    def expected(self) -> str:
        return window(self.estimate_from, self.estimate_to)

    def facts(self, matter: Matter) -> list[Fact]:
        told = [
            (_("Items"), matter.part),
            (_("Carrier"), self.carried_by),
            (_("Tracking number"), self.tracking_number),
            (_("Place"), self.place),
            (_("The carrier says"), self.description),
            (_("Expected"), self.expected),
        ]
        return [Fact(label, value) for label, value in told if value]

    def actions(self, matter: Matter) -> list[Action]:
        page = tracking_page(self.carrier, self.tracking_number, self.tracking_url)
        label, primary = _("Track parcel"), self.is_on_its_way
        track = [Action(label, page, "truck", external=True, primary=primary)] if page else []
        return [*track, order_page(matter, self.shipment)]


@dataclass(frozen=True, slots=True)
class Shipped(ParcelKind):
    kind = "shipped"

    def news(self, matter: Matter) -> str:
        return _("Shipped")

    def summary(self, matter: Matter) -> str:
        carrier, expected = self.carried_by, self.expected
        if carrier and expected:
            return _("With %(carrier)s, expected %(window)s.") % {"carrier": carrier, "window": expected}
        if carrier:
            return _("On its way with %(carrier)s.") % {"carrier": carrier}
        return _("Expected %(window)s.") % {"window": expected} if expected else ""

    def title(self, matter: Matter) -> str:
        return _("Your parcel has been shipped")

    def paragraphs(self, matter: Matter) -> list[str]:
        names = {"seller": matter.seller, "carrier": self.carried_by}
        if names["seller"] and names["carrier"]:
            return [_("%(seller)s has handed your parcel to %(carrier)s.") % names]
        if names["seller"]:
            return [_("%(seller)s has sent your parcel.") % names]
        return [_("Your parcel has been handed to the carrier.")]


@dataclass(frozen=True, slots=True)
class InTransit(ParcelKind):
    kind = "in_transit"

    def news(self, matter: Matter) -> str:
        return _("On its way")

    def summary(self, matter: Matter) -> str:
        if self.place:
            return _("Last seen in %(place)s.") % {"place": self.place}
        return _("Expected %(window)s.") % {"window": self.expected} if self.expected else ""

    def title(self, matter: Matter) -> str:
        return _("Your parcel is on its way")

    def paragraphs(self, matter: Matter) -> list[str]:
        carrier = self.carried_by
        if carrier:
            return [_("%(carrier)s is transporting your parcel.") % {"carrier": carrier}]
        return [_("The carrier is transporting your parcel.")]


@dataclass(frozen=True, slots=True)
class OutForDelivery(ParcelKind):
    kind = "out_for_delivery"

    def news(self, matter: Matter) -> str:
        return _("Out for delivery")

    def summary(self, matter: Matter) -> str:
        return _("It should arrive on %(day)s.") % {"day": day(matter.occurred_at)}

    def title(self, matter: Matter) -> str:
        return _("Your parcel is out for delivery")

    def paragraphs(self, matter: Matter) -> list[str]:
        carrier = self.carried_by
        if carrier:
            text = _("%(carrier)s is bringing your parcel.") % {"carrier": carrier}
        else:
            text = _("The carrier is bringing your parcel.")
        return [f"{text} {self.summary(matter)}"]

    @property
    def expected(self) -> str:
        """Nothing: whatever window was promised, the parcel comes today."""
        return ""

    def steps(self, matter: Matter) -> list[Step]:
        return [Step(_("Please make sure that somebody can take in the parcel."))]


@dataclass(frozen=True, slots=True)
class ReadyForPickup(ParcelKind):
    kind = "ready_for_pickup"
    icon = "pin"
    tone = "warning"

    until: str = ""

    def news(self, matter: Matter) -> str:
        return _("Ready for pick-up")

    def summary(self, matter: Matter) -> str:
        if self.place and self.until:
            return _("At %(place)s, until %(day)s.") % {"place": self.place, "day": day(self.until)}
        if self.place:
            return _("At %(place)s.") % {"place": self.place}
        return _("Until %(day)s.") % {"day": day(self.until)} if self.until else ""

    def title(self, matter: Matter) -> str:
        return _("Your parcel is ready for pick-up")

    def paragraphs(self, matter: Matter) -> list[str]:
        if self.place:
            return [_("Your parcel is waiting for you at %(place)s.") % {"place": self.place}]
        return [_("Your parcel is waiting for you at the carrier's pick-up point.")]

    def facts(self, matter: Matter) -> list[Fact]:
        told = ParcelKind.facts(self, matter)
        expected = _("Expected")
        told = [fact for fact in told if fact.label != expected]
        return [*told, Fact(_("Pick up until"), day(self.until))] if self.until else told

    def steps(self, matter: Matter) -> list[Step]:
        steps = [Step(_("Take an identity document and the tracking number with you."))]
        if self.until:
            words = _("Pick it up by %(day)s. After that it goes back to the sender.")
            steps.append(Step(words % {"day": day(self.until)}))
        return steps


@dataclass(frozen=True, slots=True)
class Returning(ParcelKind):
    kind = "returning"
    icon = "return"
    tone = "warning"
    sides = BOTH

    def news(self, matter: Matter) -> str:
        return _("Coming back to you") if matter.for_store else _("Going back to the sender")

    def summary(self, matter: Matter) -> str:
        carrier = self.carried_by
        if carrier:
            return _("%(carrier)s is returning the parcel.") % {"carrier": carrier}
        return _("The carrier is returning the parcel.")

    def title(self, matter: Matter) -> str:
        if matter.for_store:
            return _("A parcel is coming back to you")
        return _("Your parcel is going back to the sender")

    def paragraphs(self, matter: Matter) -> list[str]:
        if matter.for_store:
            return [
                _("The parcel for %(buyer)s could not be delivered and is on its way back to you.")
                % {"buyer": matter.buyer_name}
            ]
        return [_("The parcel could not be delivered, so the carrier is returning it to the sender.")]

    def steps(self, matter: Matter) -> list[Step]:
        if matter.for_store:
            return [
                Step(_("Check the items when they arrive.")),
                Step(_("Settle with the buyer whether they are sent again or refunded.")),
            ]
        return [Step(_("You do not need to do anything. We will tell you when a refund is issued."))]


@dataclass(frozen=True, slots=True)
class Delivered(ParcelKind):
    """Where and when; a way to say that it is not so (OR-4)."""

    kind = "delivered"
    icon = "check-circle"
    tone = "success"
    sides = BOTH
    store_fields = PARCEL_FIELDS | {"where"}

    where: str = ""
    signed_by: str = ""  # the buyer's household: no business of the store's

    @property
    def is_on_its_way(self) -> bool:
        return False

    def news(self, matter: Matter) -> str:
        return _("Delivered to the buyer") if matter.for_store else _("Delivered")

    def summary(self, matter: Matter) -> str:
        when = moment(matter.occurred_at)
        if self.where:
            return _("%(moment)s. Left here: %(where)s.") % {"moment": when, "where": self.where}
        return _("%(moment)s.") % {"moment": when}

    def title(self, matter: Matter) -> str:
        if matter.for_store:
            return _("The buyer's parcel has been delivered")
        return _("Your parcel has been delivered")

    def paragraphs(self, matter: Matter) -> list[str]:
        when = moment(matter.occurred_at)
        if matter.for_store:
            words = _("The parcel for %(buyer)s was delivered on %(moment)s.")
            return [words % {"buyer": matter.buyer_name, "moment": when}]
        return [_("Your parcel was delivered on %(moment)s.") % {"moment": when}]

    def facts(self, matter: Matter) -> list[Fact]:
        told = [
            (_("Items"), matter.part),
            (_("Left here"), self.where),
            (_("Signed by"), self.signed_by),
            (_("Place"), self.place),
            (_("Carrier"), self.carried_by),
            (_("Tracking number"), self.tracking_number),
        ]
        return [Fact(label, value) for label, value in told if value]

    def steps(self, matter: Matter) -> list[Step]:
        if matter.for_store:
            return []
        return [
            Step(_("Not there? Look at the letterbox and the entrance, and ask neighbours and household.")),
            Step(_("If it is still missing, or not what you ordered, tell us below.")),
        ]

    def actions(self, matter: Matter) -> list[Action]:
        actions = ParcelKind.actions(self, matter)
        return actions if matter.for_store else [claim_page(matter, self.shipment), *actions]


@dataclass(frozen=True, slots=True)
class EstimateChanged(ParcelKind):
    kind = "estimate_changed"
    icon = "calendar"

    old_from: str = ""
    old_to: str = ""

    @property
    def before(self) -> str:
        return window(self.old_from, self.old_to)

    def news(self, matter: Matter) -> str:
        return _("New delivery date")

    def summary(self, matter: Matter) -> str:
        windows = {"new": self.expected, "old": self.before}
        if windows["new"] and windows["old"]:
            return _("Now expected %(new)s instead of %(old)s.") % windows
        return _("Now expected %(new)s.") % windows if windows["new"] else ""

    def title(self, matter: Matter) -> str:
        return _("The delivery date has changed")

    def paragraphs(self, matter: Matter) -> list[str]:
        if is_later(self.estimate_to, self.old_to):
            return [_("Your parcel will arrive later than planned. We are sorry for the delay.")]
        if is_later(self.old_to, self.estimate_to):
            return [_("Your parcel will arrive earlier than planned.")]
        return [_("There is a new delivery window for your parcel.")]

    def facts(self, matter: Matter) -> list[Fact]:
        told = [
            (_("Items"), matter.part),
            (_("Now expected"), self.expected),
            (_("Before"), self.before),
            (_("Carrier"), self.carried_by),
            (_("Tracking number"), self.tracking_number),
            (_("The carrier says"), self.description),
        ]
        return [Fact(label, value) for label, value in told if value]
