"""Days, hours and delivery windows in the reader's language and time zone.

The year is named only where it is not the running one. Every function takes aware datetimes and shows them in
the time zone that is current (the middleware's, or a mail's own).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from babel.dates import format_date as format_whole_date
from babel.dates import format_interval, format_skeleton, format_time
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext

from orders.wording.locales import current_locale

HOURS_MATTER = timedelta(hours=12)  # a window shorter than this is told by the hour
_YEAR = re.compile(r",? *y+")


def local_day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def today() -> date:
    return timezone.localdate()


def format_day(day: date | datetime) -> str:
    """ "Tue, Nov 24", "mar. 24 nov."; a datetime counts as its local day."""
    day = local_day(day) if isinstance(day, datetime) else day
    return str(format_skeleton(_with_year("MMMEd", day), _noon(day), locale=current_locale()))


def format_date(day: date | datetime) -> str:
    """With its year, without its weekday: "Nov 24, 2026", "24 nov. 2026"."""
    day = local_day(day) if isinstance(day, datetime) else day
    return str(format_skeleton("yMMMd", _noon(day), locale=current_locale()))


def format_day_heading(day: date) -> str:
    """ "Today", "Yesterday", else the day's whole name: "Tuesday, November 24"."""
    near = {0: gettext_lazy("Today"), 1: gettext_lazy("Yesterday")}.get((today() - day).days)
    return str(near) if near else _capitalised(format_whole_day(day))


def format_whole_day(day: date | datetime) -> str:
    """ "Tuesday, November 24", "mardi 24 novembre": to stand in a sentence."""
    day = local_day(day) if isinstance(day, datetime) else day
    locale = current_locale()
    pattern = locale.date_formats["full"].pattern
    if day.year == today().year:
        pattern = _YEAR.sub("", pattern)  # CLDR has no skeleton for a whole name without its year
    return str(format_whole_date(day, pattern, locale=locale))


def format_clock(moment: datetime) -> str:
    """ "4:05 PM", "16:05"."""
    return str(format_time(timezone.localtime(moment), "short", locale=current_locale()))


def format_moment(moment: datetime) -> str:
    """Day and time of day."""
    parts = {"day": format_day(moment), "time": format_clock(moment)}
    return pgettext("a moment", "%(day)s, %(time)s") % parts


def format_window(start: datetime | None, end: datetime) -> str:
    """A delivery window: one day, some days, or some hours of a day."""
    if start is None or local_day(start) == local_day(end):
        day = format_day(end)
        if start is None or not timedelta(0) < end - start < HOURS_MATTER:
            return day
        return pgettext("a delivery window", "%(day)s, %(time)s") % {"day": day, "time": _hours(start, end)}
    skeleton = _with_year("MMMEd", local_day(start), local_day(end))
    return format_interval(_noon(local_day(start)), _noon(local_day(end)), skeleton, locale=current_locale())


def _hours(start: datetime, end: datetime) -> str:
    locale = current_locale()
    skeleton = "hm" if "a" in locale.time_formats["short"].pattern else "Hm"
    here, there = timezone.localtime(start), timezone.localtime(end)
    return format_interval(here.replace(tzinfo=None), there.replace(tzinfo=None), skeleton, locale=locale)


def _with_year(skeleton: str, *days: date) -> str:
    return skeleton if all(day.year == today().year for day in days) else "y" + skeleton


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
