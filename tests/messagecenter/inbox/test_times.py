from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from messagecenter.inbox.paging import microseconds
from messagecenter.inbox.times import Calendar

SUNDAY = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def calendar(now: datetime = SUNDAY, language: str = "en", zone: str = "UTC") -> Calendar:
    with translation.override(language), timezone.override(ZoneInfo(zone)):
        return Calendar(now)


def headings(of: Calendar, language: str, *texts: str) -> list[str]:
    with translation.override(language):
        return [of.heading_of(microseconds(at(text))) for text in texts]


def test_rows_stand_under_today_yesterday_this_week_and_their_month() -> None:
    days = [
        "2026-11-22T00:00",
        "2026-11-21T23:59",
        "2026-11-20T12:00",
        "2026-11-16T00:00",
        "2026-11-15T23:59",
        "2026-10-01T12:00",
        "2025-12-31T23:59",
    ]
    assert headings(calendar(), "en", *days) == [
        "Today",
        "Yesterday",
        "This week",
        "This week",
        "November",
        "October",
        "December 2025",
    ]
    assert headings(calendar(language="fr"), "fr", *days) == [
        "Aujourd’hui",
        "Hier",
        "Cette semaine",
        "Cette semaine",
        "Novembre",
        "Octobre",
        "Décembre 2025",
    ]


def test_a_week_begins_on_monday() -> None:
    assert headings(calendar(MONDAY), "en", "2026-11-22T12:00", "2026-11-21T12:00") == [
        "Yesterday",
        "November",
    ]


def test_a_time_to_come_stands_under_today() -> None:
    assert headings(calendar(), "en", "2026-11-23T12:00") == ["Today"]
    assert calendar().moment(at("2026-11-23T12:00")).short == "Nov 23"


def test_days_are_the_readers_own() -> None:
    late = "2026-11-21T23:30"  # half past midnight in Paris, half past six in New York
    assert headings(calendar(zone="Europe/Paris"), "en", late) == ["Today"]
    assert headings(calendar(zone="America/New_York"), "en", late) == ["Yesterday"]
    assert calendar(zone="Europe/Paris").moment(at(late)).machine == "2026-11-22T00:30:00+01:00"


@pytest.mark.parametrize(
    ("when", "english", "french"),
    [
        ("2026-11-22T14:05", "2:05\u202fPM", "14:05"),
        ("2026-11-21T14:05", "Sat", "sam."),
        ("2026-11-16T14:05", "Mon", "lun."),
        ("2026-11-15T14:05", "Nov 15", "15 nov."),
        ("2025-11-15T14:05", "Nov 15", "15 nov."),
    ],
)
def test_a_time_is_told_by_how_long_ago_it_is(when: str, english: str, french: str) -> None:
    assert calendar().moment(at(when)).short == english
    assert calendar(language="fr").moment(at(when)).short == french


def test_the_whole_time_is_there_too() -> None:
    moment = calendar().moment(at("2025-11-15T14:05"))
    assert moment.full == "Saturday, November 15, 2025, 2:05\u202fPM"
    assert moment.machine == "2025-11-15T14:05:00+00:00"
    french = calendar(language="fr", zone="Europe/Paris").moment(at("2025-11-15T14:05"))
    assert french.full == "samedi 15 novembre 2025, 15:05"
