"""Amounts as the reader's language writes them."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_currency

from orders.wording.locales import current_locale


def format_money(amount: Decimal, currency: str) -> str:
    """`amount` in major units of `currency` (ISO 4217): "€1,234.50", "1 234,50 €"."""
    text = format_currency(amount, currency, locale=current_locale())
    return text.replace("-", "−", 1) if amount < 0 else text
