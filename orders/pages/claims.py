"""The buyer's way to say that a parcel did not arrive, or is not what he ordered."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from orders.claims import ClaimRefusedError, claim_number, open_claim
from orders.models import Claim, Order
from orders.pages.claiming import DETAILS_MAX, Claimable, ClaimForm, chosen_part, parts_of
from orders.pages.signed_in import SignedInRequest
from orders.wording.links import shipment_anchor


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: SignedInRequest, number: str) -> HttpResponse:
    order = get_object_or_404(Order.objects.for_user(request.user), number=number)
    parts = parts_of(order)
    part = chosen_part(parts, request.GET)
    context = {"section": "orders", "order": order, "parts": parts, "part": part}
    if part is None or not part.kinds:
        return render(request, "orders/claim_choice.html", context)
    form = ClaimForm(request.POST if request.method == "POST" else None, part=part)
    if form.is_valid():
        try:
            return _opened(request, part, form)
        except ClaimRefusedError as refusal:  # the parcel's state changed while the form was filled in
            form.add_error(None, str(refusal))
    standing = order.claims.filter(shipment=part.shipment, closed_at=None)
    context |= {"form": form, "details_max": DETAILS_MAX, "standing": standing}
    return render(request, "orders/claim.html", context)


def _opened(request: SignedInRequest, part: Claimable, form: ClaimForm) -> HttpResponse:
    values = form.cleaned_data
    opened, new = open_claim(
        order=part.order,
        shipment=part.shipment,
        opened_by=request.user,
        kind=values["kind"],
        items=list(values.get("items", part.items)),
        description=values["description"],
    )
    if new:
        messages.success(request, _("Your claim %(number)s is open.") % {"number": claim_number(opened)})
    else:
        words = _("You have already opened this claim: it is number %(number)s.")
        messages.info(request, words % {"number": claim_number(opened)})
    return redirect(reverse("orders:detail", args=[part.order.number]) + "#" + _place_of(opened))


def _place_of(claim: Claim) -> str:
    return shipment_anchor(claim.shipment.reference) if claim.shipment else "unsent"
