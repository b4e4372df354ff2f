"""Each kind of wrong request has its own answer, and leaves nothing behind."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import Settings

from orders.intake import views
from orders.intake.problems import KINDS, sentence
from orders.intake.secrets import event_secrets
from orders.intake.signature import sign
from tests.orders.intake.sending import (
    URL,
    Body,
    cancelled,
    confirmed,
    item,
    placed,
    post_event,
    refunded,
    returned,
    scanned,
    shipped,
)
from tests.orders.intake.tables import count_rows

pytestmark = pytest.mark.django_db


def refused(body: object, **how: Any) -> tuple[int, str, str | None]:
    """Status, code and field of the answer; whatever is in the database stays as it was."""
    before = count_rows()
    answer = post_event(body, **how)
    told = answer.json()
    assert set(told) <= {"error", "reason", "field"}
    assert told["error"] in KINDS
    assert told["reason"].endswith(".")
    assert count_rows() == before
    return answer.status_code, told["error"], told.get("field")


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_only_post_is_a_way_in(method: str) -> None:
    answer = Client().generic(method, URL)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin-1",
        "application/jsonp",
        "",
    ],
)
def test_wrong_content_type(content_type: str) -> None:
    assert refused(confirmed(), content_type=content_type) == (415, "unsupported_media_type", None)


def test_compressed_body() -> None:
    assert refused(confirmed(), headers={"content-encoding": "gzip"})[:2] == (415, "unsupported_media_type")


@pytest.mark.parametrize("content_type", ["application/json", "Application/JSON;charset=UTF-8"])
def test_right_content_type(content_type: str) -> None:
    assert post_event(confirmed(), content_type=content_type).status_code == 202


def test_body_that_is_too_large(settings: Settings) -> None:
    settings.EVENT_MAX_BYTES = 2000
    small = json.dumps({**confirmed(), "x": ""}).encode()
    body = json.dumps({**confirmed(), "x": "a" * (2000 - len(small))}).encode()
    assert len(body) == 2000
    assert refused(body + b" ") == (413, "body_too_large", None)
    assert post_event(body).status_code == 202


def test_body_that_was_cut_short() -> None:
    raw = json.dumps(confirmed()).encode()
    request = RequestFactory().post(URL, raw, content_type="application/json")
    request.META["CONTENT_LENGTH"] = str(len(raw) + 1)
    answer = views.receive_event(request)
    assert (answer.status_code, json.loads(answer.content)["error"]) == (400, "body_cut_short")


def test_body_above_djangos_own_limit(settings: Settings) -> None:
    settings.EVENT_MAX_BYTES = 5_000_000
    body = {**confirmed(), "x": "a" * 4_000_000}
    assert post_event(body).status_code == 202


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b" ", 400, "malformed_json"),
        (b"{", 400, "malformed_json"),
        (b"\xff", 400, "not_utf8"),
        (b'{"a": NaN}', 400, "invalid_number"),
        (b'{"a": 1, "a": 2}', 400, "duplicate_key"),
        (b"[" * 100_000, 400, "too_deep"),
        (b'{"a": "\\u0000"}', 422, "invalid_text"),
        ([], 422, "invalid_body"),
        ({}, 422, "missing_field"),
        ({**confirmed(), "type": "order.eaten"}, 422, "unknown_type"),
        ({**confirmed(), "version": 2}, 422, "unsupported_version"),
    ],
    ids=str,
)
def test_body_that_is_no_event(body: object, status: int, code: str) -> None:
    assert refused(body)[:2] == (status, code)


def order_with(**fields: Any) -> Body:
    return placed(item("1"), **fields)


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        (placed(item("1"), item("1")), 422, "duplicate_item", "$.data.order.items[1].id"),
        (shipped("P-1", "1", "1"), 422, "duplicate_item", "$.data.shipment.items[1].id"),
        (cancelled("1", "1"), 422, "invalid_body", "$.data.items"),
        (order_with(currency="JPY"), 422, "invalid_amount", "$.data.order.totals.shipping"),
        (
            order_with(totals={"items": "1", "shipping": "0", "total": "1.005"}),
            422,
            "invalid_amount",
            "$.data.order.totals.total",
        ),
        (placed(item("1", unit_price="1.001")), 422, "invalid_amount", "$.data.order.items[0].unit_price"),
        (refunded("F-1", "1.001"), 422, "invalid_amount", "$.data.refund.amount"),
        (
            order_with(estimated_delivery={"from": "2026-11-20T00:00:00Z", "to": "2026-11-19T00:00:00Z"}),
            422,
            "invalid_time",
            "$.data.order.estimated_delivery.to",
        ),
        (
            shipped(estimated_delivery={"from": "2026-11-20T00:00:00Z", "to": "2026-11-20T01:00:00+02:00"}),
            422,
            "invalid_time",
            "$.data.shipment.estimated_delivery.to",
        ),
        (placed(number="../../etc"), 422, "unknown_order", "$.data.order.number"),
        (confirmed(number="-1"), 422, "unknown_order", "$.data.order_number"),
    ],
)
def test_event_that_cannot_be_right(body: Body, status: int, code: str, field: str) -> None:
    assert refused(body) == (status, code, field)


def test_thousandths_are_for_currencies_that_have_them() -> None:
    totals = {"items": "1.255", "shipping": "0", "total": "1.255"}
    body = placed(item("1", unit_price="1.255"), currency="KWD", totals=totals)
    assert post_event(body).status_code == 202


def test_time_beyond_tomorrow() -> None:
    soon = (timezone.now() + timedelta(hours=20)).isoformat()
    later = (timezone.now() + timedelta(hours=25)).isoformat()
    assert refused(confirmed(at=later)) == (422, "invalid_time", "$.timestamp")
    assert post_event(confirmed(at=soon)).status_code == 202


def test_numbers_of_another_marketplace(settings: Settings) -> None:
    settings.ORDER_NUMBER_PATTERN = r"\d{4}-\d{4}-\d"
    assert refused(confirmed(number="2026-1000-12")) == (422, "unknown_order", "$.data.order_number")
    assert post_event(confirmed(number="2026-1000-1")).status_code == 202


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        (cancelled("9"), "unknown_item", "$.data.items[0]"),
        (shipped("P-1", "1", "9"), "unknown_item", "$.data.shipment.items[1].id"),
        (shipped("P-1", seller_id="S-9"), "unknown_seller", "$.data.shipment.seller_id"),
        (
            shipped("P-1", items=[{"id": "1", "quantity": 3}]),
            "too_many_pieces",
            "$.data.shipment.items[0].quantity",
        ),
        (returned("R-1", "9"), "unknown_item", "$.data.return.items[0]"),
        (refunded("F-1", "1.00", "1", "9"), "unknown_item", "$.data.refund.items[1]"),
    ],
)
def test_reference_that_a_known_order_does_not_have(body: Body, code: str, field: str) -> None:
    assert post_event(placed(item("1", quantity=2))).status_code == 202
    assert refused(body) == (422, code, field)


@pytest.mark.parametrize(
    ("again", "field"),
    [
        (placed(item("1"), buyer={"id": "customer-carol"}), "$.data.order.buyer.id"),
        (placed(item("1"), currency="USD"), "$.data.order.currency"),
        (placed(item("1", seller="S-2")), "$.data.order.items[0].seller.id"),
    ],
)
def test_order_does_not_change_hands(again: Body, field: str) -> None:
    assert post_event(placed(item("1"))).status_code == 202
    assert refused(again) == (409, "order_conflict", field)


def test_address_of_another_customer_says_nothing_of_him() -> None:
    assert post_event(placed(item("1"))).status_code == 202
    body = placed(item("1"), number="N-2", buyer={"id": "customer-mallory"})
    assert refused(body) == (409, "buyer_conflict", "$.data.order.buyer")
    reason = post_event(body).json()["reason"]
    assert "customer-alice" not in reason
    assert "Alice" not in reason


def test_french_browser_changes_nothing_in_the_interface() -> None:
    answer = post_event(shipped(number="-"), headers={"accept-language": "fr"})
    assert answer.json()["reason"] == "The order is not known."


def test_database_that_is_away_is_no_answer_to_the_event(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_event: object) -> str:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(views, "record_event", fail)
    answer = post_event(confirmed())
    assert (answer.status_code, answer.json()["error"]) == (503, "unavailable")
    assert answer.headers["Retry-After"] == "5"


def test_every_sentence_can_be_said() -> None:
    for code in KINDS:
        assert sentence(code, "it 100 %")


def test_signed_get_of_the_interface_needs_no_cookie_and_sets_none() -> None:
    raw, now = json.dumps(confirmed()).encode(), int(time.time())
    answer = Client(enforce_csrf_checks=True).post(
        URL,
        raw,
        content_type="application/json",
        headers={
            "webhook-id": "evt_x",
            "webhook-timestamp": str(now),
            "webhook-signature": sign(event_secrets()[0].key, "evt_x", now, raw),
        },
    )
    assert answer.status_code == 202
    assert not answer.cookies


def test_unknown_status_and_carrier_are_no_reason_to_refuse() -> None:
    assert post_event(placed(item("1"))).status_code == 202
    assert (
        post_event(shipped(carrier={"code": "Fast Parcels", "name": "Fast Parcels Ltd"})).status_code == 202
    )
    assert post_event(scanned("Arrived at HUB 7")).status_code == 202
