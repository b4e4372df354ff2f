"""Times and amounts in a notice's words, kept once they were made.

A list of 50 rows holds the same few days and windows over and over, and Babel takes 20 to 40 µs for each.
What is kept is keyed by all that the words depend on: language, time zone and today (which decides on the
year).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TypeVarTuple

from django.utils import timezone
from django.utils.translation import get_language

from orders.wording.days import format_day, format_moment, format_window, local_day
from orders.wording.days import today as local_today
from orders.wording.money import format_money

KEPT = 8192  # texts of each function
Said = TypeVarTuple("Said")


def _kept(make: Callable[[*Said], str]) -> Callable[[*Said], str]:
    @lru_cache(maxsize=KEPT)
    def keep(language: str | None, zone: str, today: date, said: tuple[*Said]) -> str:
        return make(*said)

    def say(*said: *Said) -> str:
        return keep(get_language(), timezone.get_current_timezone_name(), local_today(), said)

    return say


@_kept
def day(time: str | datetime) -> str:
    """ "Tue, Nov 24" of an ISO time or a datetime."""
    return format_day(_parsed(time))


@_kept
def moment(time: str | datetime) -> str:
    """ "Tue, Nov 24, 10:03 AM"."""
    return format_moment(_parsed(time))


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


def _parsed(time: str | datetime) -> datetime:
    return datetime.fromisoformat(time) if isinstance(time, str) else time
