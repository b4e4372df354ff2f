"""How something was paid, or is paid back. Never more of a card than its last four digits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

METHODS: dict[str, Promise] = {
    "card": gettext_lazy("Card"),
    "credit_card": gettext_lazy("Credit card"),
    "debit_card": gettext_lazy("Debit card"),
    "bank_transfer": gettext_lazy("Bank transfer"),
    "direct_debit": gettext_lazy("Direct debit"),
    "boleto": gettext_lazy("Boleto"),
    "voucher": gettext_lazy("Voucher"),
    "gift_card": gettext_lazy("Gift card"),
    "store_credit": gettext_lazy("Store credit"),
    "wallet": gettext_lazy("Wallet"),
    "cash_on_delivery": gettext_lazy("Cash on delivery"),
    "original_payment": gettext_lazy("Original means of payment"),
}


def method_words(method: Mapping[str, Any]) -> str:
    """Of {kind, label?, last4?}, a payment's or a refund's: "Visa •••• 4242"; "" where nothing is known."""
    name = str(method.get("label") or METHODS.get(str(method.get("kind", "")), ""))
    last4 = str(method.get("last4") or "")
    if not last4:
        return name
    # Whatever the event held, no more than four characters of it are ever shown.
    masked = "•••• " + last4[-4:]
    return f"{name} {masked}" if name else _("Card %(number)s") % {"number": masked}
