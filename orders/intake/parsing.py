"""A request's body as JSON, as strictly as PostgreSQL and our readers need it.

Python's parser is more lenient than JSON: it takes NaN, the last of two equal keys, and half of a surrogate
pair; it makes infinity of 1e999. All of that is refused here, before it can become another's error 500.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from orders.intake.problems import EventError

MOST_LEVELS = 32  # of nesting; our own types need 6
LONGEST_NUMBER = 40  # characters; a quantity needs 5, and amounts are text


def parse_body(body: bytes) -> Any:
    """The JSON value of `body`. Raises EventError."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise EventError("not_utf8") from None
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_float,
            parse_constant=_refuse_constant,
        )
    except json.JSONDecodeError as error:
        subject = f"line {error.lineno}, column {error.colno}: {error.msg}"
        raise EventError("malformed_json", subject) from None
    except RecursionError:
        raise EventError("too_deep", str(MOST_LEVELS)) from None
    # Only an escape can bring what follows: raw, neither is UTF-8 or JSON.
    _check_nesting_and_text(value, escapes="\\u" in text)
    return value


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise EventError("duplicate_key", _shown(key))
            seen.add(key)
    return found


def _integer(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise EventError("invalid_number", _shown(digits))
    return int(digits)


def _float(digits: str) -> float:
    value = float(digits)
    if len(digits) > LONGEST_NUMBER or value in (float("inf"), float("-inf")):
        raise EventError("invalid_number", _shown(digits))
    return value


def _refuse_constant(word: str) -> None:
    raise EventError("invalid_number", word)


def _check_nesting_and_text(value: Any, *, escapes: bool) -> None:
    """Raises EventError for what PostgreSQL's jsonb cannot hold: U+0000 and lone surrogates."""
    level: list[tuple[str, Any]] = [("$", value)]
    for _ in range(MOST_LEVELS):
        deeper: list[tuple[str, Any]] = []
        for path, part in level:
            if isinstance(part, dict):
                for key, inner in part.items():
                    if escapes and not _is_storable(key):
                        raise EventError("invalid_text", "A key has a character that cannot be kept.", path)
                    if isinstance(inner, (dict, list, str)):
                        deeper.append((f"{path}.{key}" if escapes else "", inner))
            elif isinstance(part, list):
                deeper += [(f"{path}[{index}]" if escapes else "", inner) for index, inner in enumerate(part)]
            elif escapes and isinstance(part, str) and not _is_storable(part):
                raise EventError("invalid_text", "The text has a character that cannot be kept.", path)
        if not deeper:
            return
        level = deeper
    raise EventError("too_deep", str(MOST_LEVELS))


def _is_storable(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def _shown(text: str) -> str:
    """Short, and fit to stand in our own answer."""
    return text[:60].encode("ascii", "backslashreplace").decode()
