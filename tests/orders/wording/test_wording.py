"""Amounts, days, windows and addresses as each language writes them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone, translation

from orders.wording.addresses import address_lines
from orders.wording.days import (
    format_clock,
    format_date,
    format_day,
    format_day_heading,
    format_moment,
    format_window,
)
from orders.wording.links import web_address
from orders.wording.money import format_money
from orders.wording.next_steps import next_steps
from orders.wording.payments import method_words

PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture(autouse=True)
def sunday_in_paris() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 22, 15, tzinfo=UTC), tick=False), timezone.override(PARIS):
        yield


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("amount", "currency", "english", "french"),
    [
        ("1234.5", "EUR", "€1,234.50", "1\u202f234,50\xa0€"),
        ("-3.5", "EUR", "−€3.50", "−3,50\xa0€"),
        ("0", "USD", "$0.00", "0,00\xa0$US"),
        ("1200.000", "JPY", "¥1,200", "1\u202f200\xa0JPY"),
        ("1.234", "KWD", "KWD\xa01.234", "1,234\xa0KWD"),
        ("990", "RSD", "RSD\xa0990", "990\xa0RSD"),
        ("990.50", "RSD", "RSD\xa0990.50", "990,50\xa0RSD"),  # Babel alone would round it away
    ],
)
def test_money(amount: str, currency: str, english: str, french: str) -> None:
    for language, words in (("en", english), ("fr", french)):
        with translation.override(language):
            assert format_money(Decimal(amount), currency) == words


def test_days_are_the_readers_own_and_name_the_year_where_it_is_another() -> None:
    assert format_day(utc(2026, 11, 24, 22, 59)) == "Tue, Nov 24"
    assert format_day(utc(2026, 11, 24, 23, 1)) == "Wed, Nov 25"
    assert format_day(date(2025, 11, 24)) == "Mon, Nov 24, 2025"
    assert format_date(utc(2026, 11, 24)) == "Nov 24, 2026"
    with translation.override("fr"):
        assert format_day(utc(2026, 11, 24)) == "mar. 24 nov."
        assert format_date(utc(2026, 11, 24)) == "24 nov. 2026"


def test_headings() -> None:
    assert format_day_heading(date(2026, 11, 22)) == "Today"
    assert format_day_heading(date(2026, 11, 21)) == "Yesterday"
    assert format_day_heading(date(2026, 11, 12)) == "Thursday, November 12"
    assert format_day_heading(date(2025, 11, 12)) == "Wednesday, November 12, 2025"
    with translation.override("fr"):
        assert format_day_heading(date(2026, 11, 12)) == "Jeudi 12 novembre"
        assert format_day_heading(date(2025, 11, 12)) == "Mercredi 12 novembre 2025"


def test_times() -> None:
    assert format_clock(utc(2026, 11, 22, 15, 5)) == "4:05\u202fPM"
    assert format_moment(utc(2026, 11, 22, 15, 5)) == "Sun, Nov 22, 4:05\u202fPM"
    with translation.override("fr"):
        assert format_clock(utc(2026, 11, 22, 15, 5)) == "16:05"


@pytest.mark.parametrize(
    ("start", "end", "english"),
    [
        (None, utc(2026, 11, 26, 12), "Thu, Nov 26"),
        (utc(2026, 11, 24, 8), utc(2026, 11, 26, 12), "Tue, Nov 24 – Thu, Nov 26"),
        (utc(2026, 11, 24, 8), utc(2026, 11, 24, 12), "Tue, Nov 24, 9:00 AM – 1:00 PM"),
        (utc(2026, 11, 23, 23), utc(2026, 11, 24, 22, 59), "Tue, Nov 24"),  # a whole day in Paris
        (utc(2026, 11, 24, 8), utc(2026, 11, 24, 8), "Tue, Nov 24"),
        (utc(2026, 12, 30), utc(2027, 1, 2), "Wed, Dec 30, 2026 – Sat, Jan 2, 2027"),
    ],
)
def test_windows(start: datetime | None, end: datetime, english: str) -> None:
    words = format_window(start, end)
    assert words.replace("\u202f", " ").replace("\u2009", " ") == english


def test_addresses_are_written_as_in_their_country() -> None:
    address = {"name": "A", "lines": ["1 rue X"], "postal_code": "75001", "city": "Paris", "country": "FR"}
    assert address_lines(address) == ["A", "1 rue X", "75001 Paris", "France"]
    brazil = address | {"postal_code": "01001", "city": "São Paulo", "region": "SP", "country": "BR"}
    assert address_lines(brazil) == ["A", "1 rue X", "São Paulo, SP 01001", "Brazil"]
    with translation.override("fr"):
        assert address_lines(brazil)[-1] == "Brésil"
    assert address_lines({}) == []


def test_payments_never_show_more_than_four_digits() -> None:
    assert method_words({"kind": "card", "label": "Visa", "last4": "4242"}) == "Visa •••• 4242"
    assert method_words({"kind": "card", "last4": "4111111111111111"}) == "Card •••• 1111"
    assert method_words({"kind": "unheard_of", "last4": "4242"}) == "Card •••• 4242"
    assert method_words({"kind": "bank_transfer"}) == "Bank transfer"
    assert method_words({}) == ""


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://a.example/x", True),
        ("http://a.example", True),
        ("javascript:alert(1)", False),
        ("//a.example", False),
        ("/path", False),
        ("https://[", False),
        (None, False),
        (5, False),
    ],
)
def test_links(url: object, kept: bool) -> None:
    assert web_address(url) == (url if kept else "")


def test_next_steps_leave_out_what_we_do_not_know() -> None:
    steps = [
        {"kind": "dance"},
        {"kind": "reschedule", "url": "javascript:x", "until": "2026-11-24T10:00:00Z"},
    ]
    (step,) = next_steps(steps)
    assert step.words == "Choose another day for the delivery"
    assert step.detail == "until Tue, Nov 24"
    assert step.url == ""
