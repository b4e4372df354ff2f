"""Why something was cancelled or refunded, and by whom. The codes are those of the event schema."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: dict[str, Promise] = {
    "buyer_request": _("requested by the buyer"),
    "out_of_stock": _("out of stock"),
    "payment_failed": _("the payment did not go through"),
    "undeliverable": _("could not be delivered"),
    "price_error": _("the price was wrong"),
    "damaged": _("damaged"),
    "not_received": _("not received"),
    "returned": _("returned"),
    "goodwill": _("as a gesture of goodwill"),
    "fraud_check": _("stopped by a security check"),
}

PARTIES: dict[str, Promise] = {
    "buyer": _("by the buyer"),
    "seller": _("by the seller"),
    "marketplace": _("by the marketplace"),
}


def reason_words(code: str) -> str:
    """Without capital or full stop, to stand after a colon or in brackets; "" for "other" and the unknown."""
    return str(REASONS.get(code, ""))


def party_words(code: str) -> str:
    return str(PARTIES.get(code, ""))
