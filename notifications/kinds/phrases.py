"""Times and amounts in a notice's words, kept once they were made.

A list of 50 rows holds the same few days and windows over and over, and Babel takes 20 to 40 µs for each.
What is kept is keyed by all that the words depend on: language, time zone and today (which decides on the
year).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TypeAlias, TypeVarTuple

from django.utils import timezone
from django.utils.translation import get_language, pgettext

from orders.wording.days import format_clock, format_whole_day, format_window, local_day
from orders.wording.days import today as local_today
from orders.wording.money import format_money

_TWO_STOPS = re.compile(r"(?<!\.)\.\.(?!\.)")
KEPT = 8192  # texts of each function
Said = TypeVarTuple("Said")
Reading: TypeAlias = tuple[str, str, date]  # language, time zone, today
_reading: ContextVar[Reading | None] = ContextVar("reading", default=None)


@contextmanager
def one_reader() -> Iterator[None]:
    """Language, zone and today do not change inside: asking for them took half the time of a list's words."""
    token = _reading.set(_ask())
    try:
        yield
    finally:
        _reading.reset(token)


def reading_in() -> Reading:
    return _reading.get() or _ask()


def _ask() -> Reading:
    return get_language() or "", timezone.get_current_timezone_name(), local_today()


def _kept(make: Callable[[*Said], str]) -> Callable[[*Said], str]:
    @lru_cache(maxsize=KEPT)
    def keep(reading: Reading, said: tuple[*Said]) -> str:
        return make(*said)

    def say(*said: *Said) -> str:
        return keep(reading_in(), said)

    return say


@_kept
def day(when: str | datetime) -> str:
    """ "Tuesday, November 24", "mardi 24 novembre", of an ISO time or a datetime."""
    return format_whole_day(_parsed(when))


@_kept
def moment(when: str | datetime) -> str:
    """ "Tuesday, November 24, 10:03 AM"."""
    parsed = _parsed(when)
    parts = {"day": format_whole_day(parsed), "time": format_clock(parsed)}
    return pgettext("a moment", "%(day)s, %(time)s") % parts


@_kept
def window(start: str, end: str) -> str:
    """A delivery window of ISO times, `start` may be empty; "" where there is no `end`."""
    return format_window(_parsed(start) if start else None, _parsed(end)) if end else ""


@_kept
def money(amount: str, currency: str) -> str:
    """Of an amount in major units, as events write it."""
    return format_money(Decimal(amount), currency)


def is_later(new_end: str, old_end: str) -> bool:
    """Whether a promise moved to a later day, in the reader's zone."""
    return bool(new_end and old_end) and local_day(_parsed(new_end)) > local_day(_parsed(old_end))


def as_sentence(text: str) -> str:
    """With a capital, and one full stop where an abbreviation ("nov.") meets the sentence's own."""
    return text[:1].upper() + _TWO_STOPS.sub(".", text[1:])


def _parsed(when: str | datetime) -> datetime:
    return datetime.fromisoformat(when) if isinstance(when, str) else when
