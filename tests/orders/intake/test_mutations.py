"""Any JSON at all, and every example broken in any place: never an error of ours, and all or nothing."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders.intake.schema import load_examples
from orders.models import OrderEvent
from tests.orders.intake.sending import post_event

pytestmark = pytest.mark.django_db
EXAMPLES = load_examples()
Path = tuple[str | int, ...]

# What breaks programs, beside what chance finds.
ODD: st.SearchStrategy[Any] = st.sampled_from(
    [
        *(
            "",
            " ",
            "\n",
            "a\0b",
            "\ud800",
            "\udc00\ud800",
            "\u202e",
            "é" * 400,
            "x" * 10_000,
            "📦",
            "%s",
            "{0}",
            "\\",
        ),
        *("$.data", "__proto__", "-1", "1e999", "NaN", "0", "1.005", "999999999999.99", "9999999999999"),
        *("2026-11-22T15:04:05Z", "9999-12-31T23:59:59Z", "0000-00-00T00:00:00Z", "2016-12-31T23:59:60Z"),
        *("javascript:alert(1)", "https://[::1", "//x", "order.placed", "delivered", "1", "P-1", "S-310"),
        *(None, True, False, 0, -1, 1, 1.0, 1.5, 1e308, -0.0, 2**31, 2**63, 2**64, 10**35),
        *([], {}, [[]], [{}], [None], {"": None}, {"\0": 1}, {"id": "1"}, ["1", "1"], ["9"]),
    ]
)
ANYTHING = st.recursive(
    ODD | st.text(max_size=20) | st.integers() | st.floats(allow_nan=True),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
RELAXED = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every place in a JSON value."""
    yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in parts:
        yield from places(inner, (*path, key))


def mutate(value: Any, path: Path, change: str, odd: Any) -> Any:
    """`value` with what is at `path` replaced, taken out, doubled, or with something beside it."""
    value = copy.deepcopy(value)
    if not path:
        return odd
    target = value
    for part in path[:-1]:
        target = target[part]
    last: Any = path[-1]
    if change == "replace":
        target[last] = odd
    elif change == "remove":
        del target[last]
    elif isinstance(target, list):
        target.insert(last, target[last] if change == "double" else odd)
    elif change == "double":
        target[f"{last} "] = target[last]
    else:
        target[str(odd)[:20]] = odd
    return value


def check_answer(answer: Any) -> None:
    told = json.loads(answer.content)
    if answer.status_code == 202:
        assert told["status"] in ("applied", "waiting", "repeat")
    else:
        assert 400 <= answer.status_code < 500
        assert told["error"]
        assert told["reason"]
        assert len(told["reason"]) < 400


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_broken_example_never_breaks_the_server(kind: str) -> None:
    """Once with its order known and once without: both ways into the database are met."""

    @RELAXED
    @given(data=st.data())
    def check(data: st.DataObject) -> None:
        body = EXAMPLES[kind]
        for _ in range(data.draw(st.integers(1, 3))):
            path = data.draw(st.sampled_from(list(places(body))))
            change = data.draw(st.sampled_from(["replace", "replace", "remove", "double", "beside"]))
            body = mutate(body, path, change, data.draw(ODD | ANYTHING))
        before = OrderEvent.objects.count()
        answer = post_event(body)
        check_answer(answer)
        kept = OrderEvent.objects.count() - before
        assert kept == (answer.status_code == 202 and answer.json()["status"] != "repeat")

    check()
    for name in ("order.placed", "shipment.created"):
        post_event(EXAMPLES[name])
    check()


@RELAXED
@given(body=ANYTHING)
def test_any_json_is_answered(body: object) -> None:
    check_answer(post_event(body))


@RELAXED
@given(
    body=st.binary(max_size=300)
    | st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
def test_any_bytes_are_answered(body: bytes) -> None:
    check_answer(post_event(body))


@RELAXED
@given(
    headers=st.fixed_dictionaries(
        {},
        optional={
            name: st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=60)
            for name in ("webhook-id", "webhook-timestamp", "webhook-signature", "content-encoding")
        },
    )
)
def test_any_headers_are_answered(headers: dict[str, str]) -> None:
    check_answer(post_event(EXAMPLES["order.confirmed"], headers=headers))
