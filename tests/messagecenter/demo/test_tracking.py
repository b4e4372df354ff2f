from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from messagecenter.demo.tracking import tracking_number

COURIERS = Path(__file__).resolve().parents[4] / "shared/data/carriers/tracking_number_data/couriers"
# Our code of the carrier, the file and the form of its numbers there.
FORMS = [
    ("ups", "ups", "UPS"),
    ("fedex", "fedex", "FedEx Express (12)"),
    ("usps", "usps", "USPS IMpb N"),
    ("dhl", "dhl", "DHL Express"),
    ("dpd", "dpd", "DPD (14)"),
    ("royal_mail", "s10", "S10"),
    ("swiss_post", "s10", "S10"),
    ("la_poste", "s10", "S10"),
]


@pytest.mark.parametrize(
    ("carrier", "form"),
    [
        ("ups", r"1Z[0-9A-Z]{6}\d{10}"),
        ("royal_mail", r"RN\d{9}GB"),
        ("chronopost", r"XD\d{9}FR"),
        ("colissimo", r"6A\d{11}"),
        ("dpd_france", r"0998\d{10}[0-9A-Z]"),
        ("a carrier of nobody's", r"\d{12}"),
    ],
)
def test_number_has_its_carriers_form(carrier: str, form: str) -> None:
    chance = Random(1)
    numbers = [tracking_number(carrier, chance) for _ in range(20)]
    assert all(re.fullmatch(form, number) for number in numbers), numbers
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize(("carrier", "file", "form"), FORMS)
def test_number_passes_its_carriers_check(carrier: str, file: str, form: str) -> None:
    if not COURIERS.is_dir():
        pytest.skip("the carriers' number formats lie in ../shared/data, which is not here")
    pattern, checksum = next(_forms(COURIERS / f"{file}.json", form))
    chance = Random(7)
    for _ in range(50):
        number = tracking_number(carrier, chance)
        found = pattern.fullmatch(number)
        assert found, number
        assert _check_digit(found["SerialNumber"], checksum) == found["CheckDigit"], number


def _forms(path: Path, name: str) -> Iterator[tuple[re.Pattern[str], dict[str, Any]]]:
    for form in json.loads(path.read_text())["tracking_numbers"]:
        if form["name"] == name:
            text = form["regex"] if isinstance(form["regex"], str) else "".join(form["regex"])
            yield re.compile(text.replace("(?<", "(?P<")), form["validation"]["checksum"]


def _check_digit(serial: str, rule: dict[str, Any]) -> str:
    """As that collection's own CHECKSUM_ALGORITHMS.md computes them."""
    match rule["name"]:
        case "mod7":
            return str(int(serial) % 7)
        case "mod10":
            signs = serial[::-1] if rule["reverse"] else serial
            values = [int(sign) if sign.isdigit() else (ord(sign) - 3) % 10 for sign in signs]
            factors = (rule["evens_multiplier"], rule["odds_multiplier"])
            return str(-sum(value * factors[place % 2] for place, value in enumerate(values)) % 10)
        case "s10":
            rest = (
                sum(int(digit) * weight for digit, weight in zip(serial, rule["weightings"], strict=True))
                % 11
            )
            return {0: "5", 1: "0"}.get(rest, str(11 - rest))
        case "sum_product_with_weightings_and_modulo":
            total = sum(int(digit) * weight for digit, weight in zip(serial, rule["weightings"], strict=True))
            return str(total % rule["modulo1"] % rule["modulo2"])
        case "mod_37_36":
            check = 36
            for sign in serial:
                check += rule["alphabet"].index(sign)
                check = (check - 36 if check > 36 else check) * 2
                check = check - 37 if check > 36 else check
            return str(rule["alphabet"][(37 - check) % 36])
        case other:
            raise AssertionError(other)


def _weighted(serial: str, weights: list[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(serial, weights, strict=True))
