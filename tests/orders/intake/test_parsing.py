"""JSON as strictly as PostgreSQL needs it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.intake.parsing import MOST_LEVELS, parse_body
from orders.intake.problems import EventError

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**80), 2**80)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(value=VALUES.filter(lambda value: "\\u0000" not in json.dumps(value)), ascii_only=st.booleans())
def test_what_json_can_say_is_read(value: object, *, ascii_only: bool) -> None:
    body = json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    try:
        found = parse_body(body)
    except EventError as error:
        assert error.code in ("not_utf8", "invalid_text")  # noqa: PT017  (a lone surrogate in a key)
    else:
        assert found == value


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "malformed_json"),
        (b"{", "malformed_json"),
        (b"{'a': 1}", "malformed_json"),
        (b'{"a": 1,}', "malformed_json"),
        (b'{"a": 01}', "malformed_json"),
        (b'{"a": 1} {"b": 2}', "malformed_json"),
        (b'{"a": "line\nfeed"}', "malformed_json"),
        (b'{"a": "\0"}', "malformed_json"),
        (b'\xef\xbb\xbf{"a": 1}', "malformed_json"),
        (b'{"a": "\xff"}', "not_utf8"),
        (b'{"a": "\xed\xa0\x80"}', "not_utf8"),
        ('{"a": 1}'.encode("utf-16"), "not_utf8"),
        (b'{"a": 1, "a": 1}', "duplicate_key"),
        (b'{"x": [{"a": 1, "b": 2, "a": 3}]}', "duplicate_key"),
        (b'{"a": NaN}', "invalid_number"),
        (b'{"a": -Infinity}', "invalid_number"),
        (b'{"a": 1e999}', "invalid_number"),
        (b'{"a": -1e999}', "invalid_number"),
        (b'{"a": ' + b"9" * 41 + b"}", "invalid_number"),
        (b'{"a": ' + b"9" * 5000 + b"}", "invalid_number"),
        (b'{"a": 0.' + b"9" * 500 + b"}", "invalid_number"),
        (b'{"a": "\\u0000"}', "invalid_text"),
        (b'{"\\u0000": 1}', "invalid_text"),
        (b'{"a": ["b", {"c": "\\ud800"}]}', "invalid_text"),
        (b'{"a": "\\udc00\\ud800"}', "invalid_text"),
        (b'{"a": {"\\ud800": 1}}', "invalid_text"),
        (b"[" * 33 + b"]" * 33, "too_deep"),
        (b"[" * 5000 + b"]" * 5000, "too_deep"),
        (b"[" * 400_000 + b"]" * 400_000, "too_deep"),
        (b'{"a":' * 200_000, "too_deep"),
    ],
    ids=lambda value: value[:24] if isinstance(value, bytes) else value,
)
def test_what_json_cannot_say_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(EventError) as error:
        parse_body(body)
    assert error.value.code == code
    assert str(error.value).isprintable()


def test_place_of_an_unstorable_text_is_told() -> None:
    with pytest.raises(EventError) as error:
        parse_body(b'{"a": ["b", {"c": "\\u0000"}]}')
    assert error.value.field == "$.a[1].c"


def test_deepest_nesting_that_is_read() -> None:
    body = b"[" * MOST_LEVELS + b"]" * MOST_LEVELS
    assert parse_body(body)


def test_pair_of_surrogates_is_one_character() -> None:
    assert parse_body(b'{"a": "\\ud83d\\udce6"}') == {"a": "📦"}
