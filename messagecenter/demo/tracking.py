"""Tracking numbers as the carriers write them, with the right check digit."""

from __future__ import annotations

from collections.abc import Callable
from random import Random


def tracking_number(carrier: str, chance: Random) -> str:
    """A number in the carrier's own form; twelve digits for a carrier whose form we do not know."""
    return _FORMS.get(carrier, _twelve_digits)(chance)


def _twelve_digits(chance: Random) -> str:
    return _digits(chance, 12)


def _digits(chance: Random, count: int) -> str:
    return "".join(chance.choice("0123456789") for _ in range(count))


def _mod10(text: str, *, evens: int = 1, odds: int = 1) -> str:
    values = (int(sign) if sign.isdigit() else (ord(sign) - 3) % 10 for sign in text)
    total = sum(value * (odds if position % 2 else evens) for position, value in enumerate(values))
    return str(-total % 10)


def _ups(chance: Random) -> str:
    shipper = "".join(chance.choice("0123456789ACEFHRWX") for _ in range(6))
    start = shipper + chance.choice(("03", "68", "90")) + _digits(chance, 7)
    return "1Z" + start + _mod10(start, odds=2)


def _weighted(start: str, weights: tuple[int, ...]) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(start, weights, strict=True))
    return start + str(total % 11 % 10)


def _mod37(start: str) -> str:
    """ISO 7064, MOD 37,36, of the parcel number on a label."""
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    check = 36
    for sign in start:
        check += alphabet.index(sign)
        check = (check - 36 if check > 36 else check) * 2
        check = check - 37 if check >= 37 else check
    return alphabet[(37 - check) % 36]


def _s10(service: str, country: str, chance: Random) -> str:
    """The Universal Postal Union's S10: eight digits, weighted, then the country."""
    serial = _digits(chance, 8)
    weights = (8, 6, 4, 2, 3, 5, 9, 7)
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(serial, weights, strict=True)) % 11
    return f"{service}{serial}{ {10: 0, 11: 5}.get(rest, rest) }{country}"


def _fedex(chance: Random) -> str:
    return _weighted(_digits(chance, 11), (3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1))


def _usps(chance: Random) -> str:
    start = "9400111" + _digits(chance, 14)
    return start + _mod10(start[::-1], evens=3)


def _dhl(chance: Random) -> str:
    start = "3" + _digits(chance, 8)
    return start + str(int(start) % 7)


def _dpd(chance: Random) -> str:
    start = "0998" + _digits(chance, 10)
    return start + _mod37(start)


_FORMS: dict[str, Callable[[Random], str]] = {
    "ups": _ups,
    "fedex": _fedex,
    "usps": _usps,
    "dhl": _dhl,
    "dhl_express": _dhl,
    "dpd": _dpd,
    "dpd_france": _dpd,
    "dpd_uk": _dpd,
    "royal_mail": lambda chance: _s10("RN", "GB", chance),
    "swiss_post": lambda chance: _s10("RS", "CH", chance),
    "chronopost": lambda chance: _s10("XD", "FR", chance),
    "la_poste": lambda chance: _s10("LP", "FR", chance),
    "colissimo": lambda chance: "6A" + _digits(chance, 11),
}
