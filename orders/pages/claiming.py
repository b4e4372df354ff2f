"""The claim form, and which part of an order it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.utils.translation import gettext_lazy as _

from orders.claims import claim_kinds
from orders.lateness import is_past
from orders.models import Claim, Item, Order, Shipment
from orders.pages.outlook import Outlook, current_window, parcel_outlook, unsent_outlook
from orders.pages.text_field import TextField
from orders.pieces import has_unsent, unsent_items
from orders.wording.days import format_window

DETAILS_MAX = 2000  # characters; the model's own limit


@dataclass(frozen=True, slots=True)
class Claimable:
    """A parcel, or (shipment None) the items that never left."""

    order: Order
    shipment: Shipment | None
    number: int  # of the parcel among the order's
    count: int
    kinds: tuple[Claim.Kind, ...]  # empty: nothing can be claimed of it now

    @property
    def items(self) -> QuerySet[Item]:
        if self.shipment is None:
            return unsent_items(self.order.items.all())
        return self.order.items.filter(shipment_lines__shipment=self.shipment)

    @property
    def expected(self) -> str:
        """The window in which it is promised; "" where none is known or it has passed."""
        start, end = (
            current_window(self.shipment, self.order)
            if self.shipment
            else (self.order.estimate_from, self.order.estimate_to)
        )
        return format_window(start, end) if end and not is_past(end) else ""

    @property
    def outlook(self) -> Outlook:
        if self.shipment is None:
            return unsent_outlook(self.order)
        return parcel_outlook(self.shipment, self.order)


def parts_of(order: Order) -> list[Claimable]:
    """Every parcel, and the unsent rest where there is one."""
    shipments = list(order.shipments.all())
    parts = [
        Claimable(order, shipment, number, len(shipments), claim_kinds(order, shipment))
        for number, shipment in enumerate(shipments, start=1)
    ]
    if not shipments or has_unsent(order):
        parts.append(Claimable(order, None, 0, len(shipments), claim_kinds(order, None)))
    return parts


def chosen_part(parts: Sequence[Claimable], query: QueryDict) -> Claimable | None:
    """The part that the URL names, or the only one there is; None where the buyer has yet to choose.

    Raises Http404 for a parcel that is not the order's.
    """
    if "shipment" in query:
        named = [part for part in parts if part.shipment and part.shipment.reference == query["shipment"]]
    elif "unsent" in query:
        named = [part for part in parts if part.shipment is None]
    else:
        possible = [part for part in parts if part.kinds]
        return possible[0] if len(possible) == 1 else None
    if not named:
        raise Http404("no such parcel")
    return named[0]


class ClaimForm(forms.Form):
    kind = forms.ChoiceField(label=_("What happened?"), widget=forms.RadioSelect)
    items = forms.ModelMultipleChoiceField(
        label=_("Which items?"),
        queryset=Item.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    description = TextField(
        label=_("Details"),
        max_length=DETAILS_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What arrived, or what is wrong with it. At most 2,000 characters."),
    )

    def __init__(self, data: QueryDict | None, *, part: Claimable) -> None:
        super().__init__(data)
        choices = [(kind.value, kind.label) for kind in part.kinds]
        items = part.items
        self.several = len(items) > 1
        kind, chosen = self.fields["kind"], self.fields["items"]
        kind.choices = choices  # type: ignore[attr-defined]
        chosen.queryset = items  # type: ignore[attr-defined]
        if len(choices) == 1:
            kind.initial = choices[0][0]
        if not self.several:
            del self.fields["items"]

    def clean(self) -> dict[str, Any]:
        """What we cannot look into without: which item, and what is wrong with it."""
        values = super().clean() or {}
        kind = values.get("kind")
        if kind and kind != Claim.Kind.NOT_RECEIVED:
            if self.several and not values.get("items") and "items" not in self.errors:
                self.add_error("items", _("Choose the items it is about."))
            if not values.get("description") and "description" not in self.errors:
                self.add_error("description", _("Tell us what is wrong, in a few words."))
        return values
