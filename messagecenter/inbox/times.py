"""When a row was active, in the reader's language and zone.

A page holds 50 times and the same few days over and over: every text that Babel makes is kept by its
language and day, so that the list asks Babel nothing for a row (it takes 30 µs a time, the row takes 10).
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.wording.locales import current_locale


class Moment(NamedTuple):
    """One time as the list shows it."""

    short: str  # the clock today, the weekday within the last week, else the day
    full: str
    machine: str  # ISO 8601 with offset, for <time datetime>
    day: date


class Calendar:
    """The reader's today, in whose light times are told. Made once a page."""

    def __init__(self, now: datetime | None = None) -> None:
        """Takes language and zone from those that are current."""
        self.locale = str(current_locale())  # a text: Babel's own object takes longer to hash than to use
        self.zone: ZoneInfo = timezone.get_current_timezone()
        self.today = (now or timezone.now()).astimezone(self.zone).date()
        self._headings: dict[date, str] = {}
        self.week_began = self.today - timedelta(days=self.today.weekday())  # Monday, as ISO 8601 has it

    def moment(self, instant: datetime) -> Moment:
        """Takes an aware datetime."""
        local = instant.astimezone(self.zone)
        day = local.date()
        clock = _clock(self.locale, local.hour, local.minute)
        age = (self.today - day).days
        if age == 0:
            short = clock
        elif 0 < age < 7:
            short = _weekday(self.locale, day.weekday())
        else:
            short = _day(self.locale, day)
        return Moment(
            short, f"{_whole_day(self.locale, day)}, {clock}", local.isoformat(timespec="seconds"), day
        )

    def heading_of(self, active_us: int) -> str:
        """Of a time given in microseconds since 1970."""
        day = datetime.fromtimestamp(active_us // 1_000_000, self.zone).date()
        heading = self._headings.get(day)
        if heading is None:
            heading = self._headings[day] = self.heading(day)
        return heading

    def heading(self, day: date) -> str:
        """Today, Yesterday, This week, then the month; with its year where that is not the running one.

        A day to come (a carrier's clock may be ahead of ours) stands under Today.
        """
        age = (self.today - day).days
        if age <= 0:
            return _("Today")
        if age == 1:
            return _("Yesterday")
        if day >= self.week_began:
            return _("This week")
        return _month(self.locale, day.year, day.month, day.year == self.today.year)


@lru_cache(maxsize=4096)
def _clock(locale: str, hour: int, minute: int) -> str:
    return str(format_time(time(hour, minute), "short", locale=locale))


@lru_cache(maxsize=64)
def _weekday(locale: str, weekday: int) -> str:
    return str(Locale.parse(locale).days["stand-alone"]["abbreviated"][weekday])


@lru_cache(maxsize=4096)
def _day(locale: str, day: date) -> str:
    """Without its year, which stands in the heading above it."""
    return str(format_skeleton("MMMd", datetime.combine(day, time(12)), locale=locale))


@lru_cache(maxsize=4096)
def _whole_day(locale: str, day: date) -> str:
    return str(format_date(day, "full", locale=locale))


@lru_cache(maxsize=1024)
def _month(locale: str, year: int, month: int, this_year: bool) -> str:
    text = str(format_date(date(year, month, 1), "LLLL" if this_year else "LLLL y", locale=locale))
    return text[:1].upper() + text[1:]
