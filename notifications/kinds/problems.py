"""A delivery in trouble: each problem has words and next steps of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications.kinds.kind import Action, Fact, Matter, Step
from notifications.kinds.parcels import BOTH, PARCEL_FIELDS, ParcelKind, claim_page
from orders.carriers import tracking_page
from orders.shipments import ExceptionKind
from orders.wording.next_steps import next_steps


@dataclass(frozen=True, slots=True)
class Trouble:
    """What one problem says to buyer and store, and what each can do where the event names no steps.

    A step marked `at_carrier` leads to the carrier's page of this parcel.
    """

    news: Promise
    buyer_text: Promise
    buyer_steps: tuple[tuple[Promise, bool], ...]
    store_text: Promise
    store_steps: tuple[Promise, ...] = ()
    claim: bool = False


TROUBLES: dict[str, Trouble] = {
    ExceptionKind.FAILED_ATTEMPT: Trouble(
        gettext_lazy("Delivery attempted"),
        gettext_lazy("The carrier could not hand over your parcel."),
        (
            (gettext_lazy("Choose another day for the delivery on the carrier's page."), True),
            (gettext_lazy("Or have it taken to a pick-up point, if the carrier offers one."), True),
        ),
        gettext_lazy("The carrier did not meet the buyer. The buyer has been asked to choose another day."),
    ),
    ExceptionKind.WRONG_ADDRESS: Trouble(
        gettext_lazy("Problem with the address"),
        gettext_lazy("The carrier cannot deliver to the address on your parcel."),
        (
            (
                gettext_lazy(
                    "Check the address on the order page, with house number, floor and name on the door."
                ),
                False,
            ),
            (gettext_lazy("Correct it on the carrier's page, or tell the carrier."), True),
        ),
        gettext_lazy(
            "The carrier cannot deliver to the address on the parcel. The buyer has been asked to correct it."
        ),
        (gettext_lazy("Compare the address on your label with the one on the order page."),),
    ),
    ExceptionKind.CUSTOMS: Trouble(
        gettext_lazy("Held at customs"),
        gettext_lazy("Customs are examining your parcel. This can take some days."),
        (
            (
                gettext_lazy("See on the carrier's page whether documents, duties or taxes are asked for."),
                True,
            ),
            (gettext_lazy("If nothing is asked for, there is nothing to do but wait."), False),
        ),
        gettext_lazy("Customs are examining the parcel."),
        (
            gettext_lazy(
                "Send the carrier the papers it asks for, such as a customs declaration or an invoice."
            ),
        ),
    ),
    ExceptionKind.WEATHER: Trouble(
        gettext_lazy("Delayed by weather"),
        gettext_lazy(
            "The weather is holding up your parcel. It will go on as soon as the roads and flights are open."
        ),
        ((gettext_lazy("There is nothing to do. We will tell you when the date changes."), False),),
        gettext_lazy("The weather is holding up the parcel. There is nothing to do."),
    ),
    ExceptionKind.LOST: Trouble(
        gettext_lazy("Lost by the carrier"),
        gettext_lazy("The carrier can no longer find your parcel. We are sorry."),
        ((gettext_lazy("Tell us whether you would like a replacement or your money back."), False),),
        gettext_lazy("The carrier can no longer find the parcel."),
        (
            gettext_lazy("Open an enquiry with the carrier."),
            gettext_lazy("Settle with the buyer whether the items are sent again or refunded."),
        ),
        claim=True,
    ),
    ExceptionKind.DAMAGED: Trouble(
        gettext_lazy("Damaged on the way"),
        gettext_lazy("The carrier reports that your parcel was damaged. We are sorry."),
        (
            (gettext_lazy("If it is still delivered, take pictures of the parcel and of the items."), False),
            (gettext_lazy("Tell us whether you would like a replacement or your money back."), False),
        ),
        gettext_lazy("The carrier reports that the parcel was damaged."),
        (
            gettext_lazy("Report the damage to the carrier within its time limit."),
            gettext_lazy("Settle with the buyer whether the items are sent again or refunded."),
        ),
        claim=True,
    ),
    ExceptionKind.OTHER: Trouble(
        gettext_lazy("Delivery problem"),
        gettext_lazy("The carrier reports a problem with your parcel."),
        ((gettext_lazy("See on the carrier's page what is known, and how to reach the carrier."), True),),
        gettext_lazy("The carrier reports a problem with the parcel."),
        (gettext_lazy("See on the carrier's page what is known, and how to reach the carrier."),),
    ),
}


@dataclass(frozen=True, slots=True)
class DeliveryException(ParcelKind):
    kind = "delivery_exception"
    icon = "warning"
    tone = "danger"
    sides = BOTH
    store_fields = PARCEL_FIELDS | {"problem", "description"}
    page_fields = ParcelKind.page_fields | {"next_steps"}

    problem: str = ""
    next_steps: list[Mapping[str, Any]] = field(default_factory=list)

    @property
    def is_on_its_way(self) -> bool:
        return not self.trouble.claim

    @property
    def trouble(self) -> Trouble:
        return TROUBLES.get(self.problem, TROUBLES[ExceptionKind.OTHER])

    def news(self, matter: Matter) -> str:
        return str(self.trouble.news)

    def summary(self, matter: Matter) -> str:
        return str(self.trouble.store_text if matter.for_store else self.trouble.buyer_text)

    def title(self, matter: Matter) -> str:
        return str(self.trouble.news)

    def paragraphs(self, matter: Matter) -> list[str]:
        return [self.summary(matter)]

    def facts(self, matter: Matter) -> list[Fact]:
        expected = _("Expected")  # a date promised before the trouble would mislead
        return [fact for fact in ParcelKind.facts(self, matter) if fact.label != expected]

    def steps(self, matter: Matter) -> list[Step]:
        if matter.for_store:
            return [Step(str(words)) for words in self.trouble.store_steps]
        page = tracking_page(self.carrier, self.tracking_number, self.tracking_url)
        given = [Step(step.words, step.detail, step.url) for step in next_steps(self.next_steps)]
        usual = [
            Step(str(words), url=page if at_carrier else "") for words, at_carrier in self.trouble.buyer_steps
        ]
        # What is lost or broken is settled with us, whatever the carrier proposes.
        return [*given, *usual] if self.trouble.claim else given or usual

    def actions(self, matter: Matter) -> list[Action]:
        actions = ParcelKind.actions(self, matter)
        if matter.for_store or not self.trouble.claim:
            return actions
        claim = claim_page(matter, self.shipment)
        return [Action(_("Ask for a replacement or refund"), claim.url, "help", primary=True), *actions]
