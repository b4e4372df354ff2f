"""The published schema: it is one, its examples fit it, and it says what the code does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from babel.numbers import list_currencies
from django.db import models
from django.test import Client
from jsonschema import Draft202012Validator

from orders.intake.amounts import THOUSANDTHS, WHOLE
from orders.intake.derive import shipments, status
from orders.intake.derive.events import read_event
from orders.intake.problems import EventError
from orders.intake.schema import event_types, load_examples, published_schema, validate_event
from orders.models import Item, Order, Refund, Return, Shipment, TrackingEvent
from orders.shipments import ExceptionKind, ShipmentStatus
from orders.wording import next_steps, reasons
from tests.orders.intake.sending import Body, item, placed, scanned

DEFINITIONS: dict[str, Any] = published_schema()["$defs"]


def test_schema_is_valid_and_published_as_it_validates() -> None:
    Draft202012Validator.check_schema(published_schema())
    answer = Client().get("/events/orders/schema.json")
    assert answer.headers["Content-Type"] == "application/schema+json"
    assert json.loads(answer.content) == published_schema()


def test_every_type_has_one_example_that_fits_anybodys_validator() -> None:
    examples = load_examples()
    assert sorted(examples) == sorted(event_types())
    validator = Draft202012Validator(published_schema())
    for name, example in examples.items():
        assert example["type"] == name
        validator.validate(example)
        validate_event(example)
        assert published_schema()["$defs"][name]["examples"] == [example]


def test_every_field_of_the_schema_stands_in_an_example() -> None:
    """So that an integrator has seen each one; `region` and the like aside, which few addresses have."""
    shown = json.dumps(load_examples())
    named = {name for definition in DEFINITIONS.values() for name in _property_names(definition)} - {
        "region",
        "tracking_url",
        "until",
        "name",
    }
    assert [name for name in sorted(named) if f'"{name}":' not in shown] == []


def _property_names(part: Any) -> set[str]:
    if isinstance(part, list):
        return {name for inner in part for name in _property_names(inner)}
    if not isinstance(part, dict):
        return set()
    names = set(part.get("properties", ()))
    return names.union(*(_property_names(inner) for key, inner in part.items() if key != "examples"))


def test_enumerations_are_those_of_the_code() -> None:
    problem = DEFINITIONS["problem"]["properties"]
    assert problem["kind"]["enum"] == ExceptionKind.values
    steps = problem["next_steps"]["items"]["properties"]["kind"]["enum"]
    assert steps == list(next_steps.STEPS)
    assert DEFINITIONS["reason"]["enum"] == [*reasons.REASONS, "other"]
    assert DEFINITIONS["party"]["enum"] == list(reasons.PARTIES)
    assert list(shipments.PROGRESS) == ShipmentStatus.values
    assert list(status.PROGRESS) == Order.Status.values


def test_currencies_are_known_to_babel_and_divided_as_iso_says() -> None:
    currencies = DEFINITIONS["currency"]["enum"]
    assert set(currencies) <= list_currencies()
    assert set(currencies) >= WHOLE | THOUSANDTHS
    assert {"EUR", "USD", "BRL", "JPY", "KWD"} <= set(currencies)


@pytest.mark.parametrize(
    ("model", "column", "longest"),
    [
        (Order, "number", 64),
        (Item, "line", 64),
        (Item, "product_id", 64),
        (Item, "title", DEFINITIONS["item"]["properties"]["title"]["maxLength"]),
        (Item, "picture_url", DEFINITIONS["url_or_path"]["maxLength"]),
        (Shipment, "reference", 64),
        (Shipment, "carrier", 40),
        (Shipment, "carrier_name", 80),
        (Shipment, "tracking_number", 64),
        (Shipment, "tracking_url", DEFINITIONS["url"]["maxLength"]),
        (Shipment, "delivered_where", 200),
        (Shipment, "signed_by", 200),
        (TrackingEvent, "description", 300),
        (TrackingEvent, "place", 200),
        (Return, "label_url", DEFINITIONS["url"]["maxLength"]),
        (Refund, "reference", 64),
    ],
)
def test_columns_hold_what_the_schema_allows(model: type[models.Model], column: str, longest: int) -> None:
    field = model._meta.get_field(column)
    assert isinstance(field, models.CharField)
    assert field.max_length is not None
    assert field.max_length >= longest


def test_unknown_fields_are_accepted_everywhere() -> None:
    body = placed(item("1", colour="blue"), gift={"wrapped": True}, loyalty=None)
    body["trace"] = ["a", 1, 2.5]
    body["data"]["refund"] = "not of this type"
    validate_event(body)


def refusal(body: object) -> tuple[str, str, str]:
    with pytest.raises(EventError) as error:
        validate_event(body)
    return error.value.code, error.value.field, str(error.value)


def changed(path: str, value: object) -> Body:
    """An order.placed with the value at this place of data.order."""
    body = placed(item("1"), payment={"kind": "card"}, estimated_delivery={"to": "2026-11-20T00:00:00Z"})
    target: Any = body["data"]["order"]
    *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    for part in parents:
        target = target[part]
    target[last] = value
    return body


@pytest.mark.parametrize(
    ("path", "value", "code", "reason"),
    [
        (
            "currency",
            "eur",
            "invalid_currency",
            "“currency” must be a currency's code of ISO 4217, such as “EUR”.",
        ),
        ("currency", "ZZZ", "invalid_currency", "“currency” must be"),
        ("currency", None, "invalid_currency", "“currency” must be"),
        ("items", {}, "invalid_body", "“items” must be a list."),
        ("items.0", "1", "invalid_body", "“items” must be an object."),
        ("items.0.quantity", 0, "invalid_body", "“quantity” must be at least 1."),
        ("items.0.quantity", True, "invalid_body", "“quantity” must be a whole number."),
        ("items.0.quantity", 1.5, "invalid_body", "“quantity” must be a whole number."),
        ("items.0.quantity", 10**30, "invalid_body", "“quantity” must be at most 99999."),
        ("items.0.quantity", 1e300, "invalid_body", "“quantity” must be at most 99999."),
        ("items.0.unit_price", 10, "invalid_amount", "“unit_price” must be an amount"),
        ("items.0.unit_price", "-1.00", "invalid_amount", "“unit_price” must be an amount"),
        ("items.0.unit_price", "1,00", "invalid_amount", "“unit_price” must be an amount"),
        ("items.0.unit_price", "01.00", "invalid_amount", "“unit_price” must be an amount"),
        ("items.0.unit_price", "1e3", "invalid_amount", "“unit_price” must be an amount"),
        ("items.0.unit_price", "1.", "invalid_amount", "“unit_price” must be an amount"),
        ("items.0.unit_price", "1.0000", "invalid_amount", "“unit_price” must be an amount"),
        ("items.0.unit_price", "1.00\n", "invalid_amount", "“unit_price” must be an amount"),
        ("items.0.unit_price", "\u0661.\u0660", "invalid_amount", "“unit_price” must be an amount"),
        (
            "items.0.unit_price",
            "1234567890123.00",
            "invalid_amount",
            "“unit_price” must be an amount in text",
        ),
        ("items.0.title", "", "invalid_text", "“title” must not be empty."),
        ("items.0.title", " \u00a0", "invalid_text", "“title” must not be empty."),
        ("items.0.title", "a\tb", "invalid_text", "“title” must be one line"),
        ("items.0.title", "a\n", "invalid_text", "“title” must be one line"),
        ("items.0.title", "a\u2028b", "invalid_text", "“title” must be one line"),
        ("items.0.title", "a" * 301, "invalid_text", "“title” must have at most 300 characters."),
        ("items.0.title", 7, "invalid_text", "“title” must be one line"),
        ("items.0.id", "", "invalid_id", "“id” must be 1 to 64"),
        ("items.0.id", "a b", "invalid_id", "“id” must be 1 to 64"),
        ("items.0.id", "1\n", "invalid_id", "“id” must be 1 to 64"),
        ("items.0.picture_url", "javascript:alert(1)", "invalid_url", "“picture_url” must be"),
        ("items.0.picture_url", "//evil.example/x", "invalid_url", "“picture_url” must be"),
        ("items.0.picture_url", "https://", "invalid_url", "“picture_url” must be"),
        ("items.0.picture_url", "https://u@x.example/", "invalid_url", "“picture_url” must be"),
        ("items.0.picture_url", "https://[x/", "invalid_url", "“picture_url” must be"),
        ("items.0.picture_url", "https://x.example/é", "invalid_url", "“picture_url” must be"),
        ("items.0.picture_url", "https://x.example/" + "a" * 500, "invalid_url", "“picture_url” must be"),
        ("buyer.email", "alice", "invalid_email", "“email” must be an e-mail address."),
        ("buyer.email", "a@b", "invalid_email", "“email” must be an e-mail address."),
        ("buyer.email", f"{'a' * 250}@example.org", "invalid_email", "“email” must be an e-mail address."),
        ("buyer.language", "français", "invalid_text", "“language” does not have the form"),
        ("buyer.time_zone", "../../etc/passwd", "invalid_text", "“time_zone” does not have the form"),
        ("payment.kind", "Card!", "invalid_text", "“kind” does not have the form"),
        (
            "payment.label",
            "Visa 4242 4242 4242",
            "invalid_text",
            "“label” must not hold a card",
        ),
        ("payment.last4", "42424", "invalid_body", "“last4” must be the last four digits."),
        ("estimated_delivery.to", "2026-11-20", "invalid_time", "“to” must be a time of RFC 3339"),
        ("estimated_delivery.to", "2026-11-20T10:00:00", "invalid_time", "“to” must be a time of RFC 3339"),
        ("estimated_delivery.to", "2026-02-30T10:00:00Z", "invalid_time", "“to” must be a time of RFC 3339"),
        ("estimated_delivery.to", "1999-12-31T10:00:00Z", "invalid_time", "“to” must be a time of RFC 3339"),
        ("estimated_delivery.to", "9999-12-31T23:59:59-12:00", "invalid_time", "“to” must be a time of RFC"),
        ("estimated_delivery.to", "0001-01-01T00:00:00+14:00", "invalid_time", "“to” must be a time of RFC"),
        ("estimated_delivery.to", "2026-11-20T10:00:00+24:00", "invalid_time", "“to” must be a time of RFC"),
        ("estimated_delivery.to", "2026-11-20T10:00:00Z\n", "invalid_time", "“to” must be a time of RFC"),
        ("estimated_delivery.to", 1795000000, "invalid_time", "“to” must be a time of RFC 3339"),
        ("shipping_address", [], "invalid_body", "“shipping_address” must be an object."),
    ],
)
def test_value_that_does_not_fit(path: str, value: object, code: str, reason: str) -> None:
    found_code, field, sentence = refusal(changed(path, value))
    place = "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in path.split("."))
    assert (found_code, field) == (code, f"$.data.order{place}")
    assert sentence.startswith(reason)


def test_missing_field_is_named_with_its_place() -> None:
    body = placed(item("1"))
    del body["data"]["order"]["items"][0]["seller"]["name"]
    assert refusal(body) == (
        "missing_field",
        "$.data.order.items[0].seller.name",
        "“name” is missing.",
    )
    assert refusal({}) == ("missing_field", "$.type", "“type” is missing.")


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ([], "invalid_body", "$"),
        ("text", "invalid_body", "$"),
        (None, "invalid_body", "$"),
        ({**placed(), "type": "order.eaten"}, "unknown_type", "$.type"),
        ({**placed(), "type": 7}, "invalid_body", "$.type"),
        ({**placed(), "type": {}}, "invalid_body", "$.type"),
        ({**placed(), "version": 2}, "unsupported_version", "$.version"),
        ({**placed(), "version": "1"}, "invalid_body", "$.version"),
        ({**placed(), "version": True}, "invalid_body", "$.version"),
        ({**placed(), "timestamp": "yesterday"}, "invalid_time", "$.timestamp"),
        ({**placed(), "data": []}, "invalid_body", "$.data"),
    ],
)
def test_envelope_that_does_not_fit(body: object, code: str, field: str) -> None:
    assert refusal(body)[:2] == (code, field)


def test_problem_belongs_to_an_exception() -> None:
    validate_event(scanned("exception", problem={"kind": "weather"}))
    assert refusal(scanned("in_transit", problem={"kind": "weather"})) == (
        "invalid_body",
        "$.data.status",
        "“status” must be “exception” where a problem is given.",
    )
    assert refusal(scanned("exception", problem={"kind": "aliens"})) == (
        "invalid_body",
        "$.data.problem.kind",
        "“kind” must be one of failed_attempt, wrong_address, customs, weather, lost, damaged, other.",
    )


def test_long_text_keeps_its_lines() -> None:
    body = load_examples()["return.authorised"]
    body["data"]["return"]["instructions"] = "one\r\ntwo\tthree\n"
    validate_event(body)
    body["data"]["return"]["instructions"] = "bell\a"
    assert refusal(body)[0] == "invalid_text"


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-11-22T15:04:05Z", "2026-11-22T15:04:05+00:00"),
        ("2026-11-22t15:04:05z", "2026-11-22T15:04:05+00:00"),
        ("2026-11-22 15:04:05.123456789+01:30", "2026-11-22T13:34:05.123456+00:00"),
        ("2000-01-01T00:00:00-12:00", "2000-01-01T12:00:00+00:00"),
    ],
)
def test_times_are_read_in_utc(text: str, utc: str) -> None:
    body = {**placed(), "timestamp": text}
    validate_event(body)
    assert read_event("marketplace", "evt_1", body).occurred_at.isoformat() == utc
