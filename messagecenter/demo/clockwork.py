"""Times of day at which things happen: orders in the evening, vans in the morning."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random


def later(at: datetime, days: int, hours: tuple[float, float], chance: Random) -> datetime:
    """Some moment between these hours, `days` after `at`; soon after `at` where that has passed already."""
    day = at + timedelta(days=days)
    hour = chance.uniform(*hours)
    moment = day.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(seconds=int(hour * 3600))
    return moment if moment > at else at + timedelta(minutes=chance.randint(12, 50))


def window(at: datetime, first_day: int, last_day: int) -> dict[str, str]:
    """An estimate from the morning of one day to the evening of another, counted from `at`."""
    start = (at + timedelta(days=first_day)).replace(hour=9, minute=0, second=0, microsecond=0)
    end = (at + timedelta(days=last_day)).replace(hour=19, minute=0, second=0, microsecond=0)
    return {"from": start.isoformat(), "to": end.isoformat()}


def evening(at: datetime, days: int) -> str:
    """The end of a day, counted from `at`: a deadline."""
    return (at + timedelta(days=days)).replace(hour=23, minute=59, second=0, microsecond=0).isoformat()
