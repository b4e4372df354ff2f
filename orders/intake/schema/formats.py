"""The formats that the schema names, checked by those who will read the values later."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from jsonschema import FormatChecker

FORMATS = FormatChecker(formats=())
FIRST_YEAR, LAST_YEAR = 2000, 2100
_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)", re.ASCII
)


def parse_time(text: str) -> datetime:
    """A time of RFC 3339, in UTC, to the microsecond. Raises ValueError: it is none, or out of our years."""
    if not _TIME.fullmatch(text):
        raise ValueError("not a time of RFC 3339")
    moment = datetime.fromisoformat(text.upper())
    # Before it is moved to UTC: at the calendar's ends that would be an OverflowError.
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError("not of our time")
    return moment.astimezone(UTC)


@FORMATS.checks("date-time", raises=ValueError)
def is_time(value: object) -> bool:
    return not isinstance(value, str) or bool(parse_time(value))


@FORMATS.checks("uri", raises=ValueError)
def is_web_address(value: object) -> bool:
    if not isinstance(value, str):
        return True
    parts = urlsplit(value)
    return (
        _is_percent_encoded(value)
        and parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and "@" not in parts.netloc
    )


@FORMATS.checks("uri-reference", raises=ValueError)
def is_web_address_or_path(value: object) -> bool:
    """Or a reference of RFC 3986 with one slash at its beginning: "//host/" would be another host."""
    if isinstance(value, str) and value.startswith("/"):
        return _is_percent_encoded(value) and not value.startswith("//")
    return is_web_address(value)


def _is_percent_encoded(value: str) -> bool:
    return re.fullmatch(r"[!-~]+", value) is not None and not set(value) & set('"<>\\^`{|}')


@FORMATS.checks("email", raises=ValidationError)
def is_email(value: object) -> bool:
    if isinstance(value, str):
        validate_email(value)
    return True
