"""How finely a currency is divided (ISO 4217, table A.1)."""

from __future__ import annotations

WHOLE = {
    *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW"),
    *("PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"),
}
THOUSANDTHS = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}


def minor_units(currency: str) -> int:
    """Decimals of an amount in this currency, as ISO has them.

    CLDR, and so Babel, counts what is in circulation: none for the Hungarian forint or the Colombian peso
    in cash, where prices still have two.
    """
    return 0 if currency in WHOLE else 3 if currency in THOUSANDTHS else 2
