"""Time zones as a person picks them: by continent, then by city, in his language."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

# The first part of a zone's name → CLDR's number for that part of the world, or words of our own.
CONTINENTS = {
    "Africa": "002",
    "America": "019",
    "Antarctica": "AQ",
    "Arctic": "150",  # Longyearbyen
    "Asia": "142",
    "Atlantic": gettext_noop("Atlantic Ocean"),
    "Australia": "009",
    "Europe": "150",
    "Indian": gettext_noop("Indian Ocean"),
    "Pacific": "009",
}

Choice = tuple[str, str]
GroupedChoices = list[tuple[str, list[Choice]]]


def zone_or_default(name: str) -> ZoneInfo:
    """The zone of that name; the marketplace's where this server knows none of it."""
    try:
        return ZoneInfo(name or settings.TIME_ZONE)
    except (KeyError, ValueError, OSError):
        return ZoneInfo(settings.TIME_ZONE)


def zone_choices(language: str, *, chosen: str = "") -> GroupedChoices:
    """Every zone of the world once, with its distance from UTC today.

    `chosen`, though it be another name for one of them (an older one, say), is among them.
    """
    groups = _choices(language, dt.datetime.now(dt.UTC).date())
    known = {name for _group, choices in groups for name, _label in choices}
    if chosen and chosen not in known and chosen in available_timezones():
        return [("", [_choice(chosen, Locale.parse(language), dt.datetime.now(dt.UTC))]), *groups]
    return list(groups)


@lru_cache(maxsize=8)
def _choices(language: str, day: dt.date) -> GroupedChoices:
    locale = Locale.parse(language)
    noon = dt.datetime.combine(day, dt.time(12), dt.UTC)
    groups: dict[str, list[Choice]] = {}
    for name in set(get_global("zone_territories")) & available_timezones():
        part = name.split("/")[0]
        if part in CONTINENTS:
            code = CONTINENTS[part]
            with translation.override(language):  # the cache is by language, whoever asks first
                group = str(locale.territories.get(code) or gettext(code))
            groups.setdefault(group, []).append(_choice(name, locale, noon))
    worldwide: GroupedChoices = [("", [("UTC", "UTC")])]
    return worldwide + [
        (group, sorted(choices, key=lambda choice: choice[1])) for group, choices in sorted(groups.items())
    ]


def _choice(name: str, locale: Locale, at: dt.datetime) -> Choice:
    city = get_timezone_location(ZoneInfo(name), locale=locale, return_city=True)
    offset = at.astimezone(ZoneInfo(name)).strftime("%z")  # +0130
    return name, f"{city} (UTC{offset[:3]}:{offset[3:5]})"
