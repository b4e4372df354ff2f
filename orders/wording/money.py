"""Amounts as the reader's language writes them."""

from __future__ import annotations

import re
from decimal import Decimal

from babel.numbers import format_currency, get_currency_precision

from orders.wording.locales import current_locale

_CODE_AND_DIGITS = re.compile(r"(?<=[A-Za-z])(?=\d)")


def format_money(amount: Decimal, currency: str) -> str:
    """`amount` in major units of `currency` (ISO 4217): "€1,234.50", "1 234,50 €".

    Babel rounds to what is in circulation, to whole dinars for one; what an amount has beyond that is shown.
    It does not set a code apart from the digits ("CHF12"), as CLDR asks; we do.
    """
    usual = round(amount, get_currency_precision(currency)) == amount
    text = format_currency(amount, currency, locale=current_locale(), currency_digits=usual)
    text = _CODE_AND_DIGITS.sub("\u00a0", text)
    return text.replace("-", "−", 1) if amount < 0 else text
