"""Who may speak: Standard Webhooks, from outside and against vectors that others computed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from orders.intake.problems import EventError
from orders.intake.secrets import EventSecret, parse_event_secrets
from orders.intake.signature import sign, verify_signature
from orders.models import OrderEvent
from tests.orders.intake.sending import confirmed, event, post_event
from tests.orders.intake.vectors import webhook_vectors

NOW = 1_614_265_330
NEW, OLD, FOREIGN = (bytes([number]) * 24 for number in (1, 2, 3))
SECRETS = [
    EventSecret("marketplace", NEW),
    EventSecret("marketplace", OLD),
    EventSecret("warehouse", FOREIGN),
]


def headers_of(signature: str, *, event_id: str = "evt_1", timestamp: object = NOW) -> dict[str, str]:
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature,
    }


def code_of(headers: dict[str, str], body: bytes = b"{}", *, now: float = NOW) -> str:
    with pytest.raises(EventError) as error:
        verify_signature(headers, body, secrets=SECRETS, now=now, max_age=300)
    return error.value.code


def test_vectors_of_standard_webhooks() -> None:
    for vector in webhook_vectors()["standard_webhooks"]:
        body = vector["payload"].encode()
        (secret,) = parse_event_secrets(f"marketplace={vector['secret']}", strict=True)
        assert sign(secret.key, vector["id"], vector["timestamp"], body) == vector["signature"]
        headers = headers_of(vector["signature"], event_id=vector["id"], timestamp=vector["timestamp"])
        found = verify_signature(headers, body, secrets=[secret], now=vector["timestamp"], max_age=300)
        assert (found.source, found.event_id) == ("marketplace", vector["id"])


@pytest.mark.parametrize(
    ("key", "source"), [(NEW, "marketplace"), (OLD, "marketplace"), (FOREIGN, "warehouse")]
)
def test_source_is_the_one_whose_secret_signed(key: bytes, source: str) -> None:
    """The new and the old secret of a rotation are both good."""
    headers = headers_of(sign(key, "evt_1", NOW, b"{}"))
    assert verify_signature(headers, b"{}", secrets=SECRETS, now=NOW, max_age=300).source == source


def test_one_good_signature_among_several_is_enough() -> None:
    good, bad = sign(OLD, "evt_1", NOW, b"{}"), sign(b"unknown", "evt_1", NOW, b"{}")
    other_version = "v1a," + base64.b64encode(bytes(64)).decode()
    headers = headers_of(f"{other_version} {bad}  {good}")
    assert verify_signature(headers, b"{}", secrets=SECRETS, now=NOW, max_age=300).source == "marketplace"


@given(
    body=st.binary(max_size=200),
    other_body=st.binary(max_size=200),
    timestamp=st.integers(NOW - 300, NOW + 300),
    shift=st.integers(-600, 600),
)
def test_only_what_was_signed_passes(body: bytes, other_body: bytes, timestamp: int, shift: int) -> None:
    headers = headers_of(sign(NEW, "evt_1", timestamp, body), timestamp=timestamp)
    verify_signature(headers, body, secrets=SECRETS, now=NOW, max_age=300)
    if other_body != body:
        assert code_of(headers, other_body) == "wrong_signature"
    if shift:
        assert code_of({**headers, "webhook-timestamp": str(timestamp + shift)}, body) == "wrong_signature"
    assert code_of({**headers, "webhook-id": "evt_2"}, body) == "wrong_signature"


@pytest.mark.parametrize(
    ("age", "code"), [(300, ""), (301, "timestamp_too_old"), (-300, ""), (-301, "timestamp_too_new")]
)
def test_window_in_both_directions(age: int, code: str) -> None:
    headers = headers_of(sign(NEW, "evt_1", NOW - age, b"{}"), timestamp=NOW - age)
    if code:
        assert code_of(headers) == code
    else:
        verify_signature(headers, b"{}", secrets=SECRETS, now=NOW, max_age=300)


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"webhook-id": ""}, "missing_header"),
        ({"webhook-timestamp": " "}, "missing_header"),
        ({"webhook-signature": ""}, "missing_header"),
        ({"webhook-id": "evt 1"}, "invalid_event_id"),
        ({"webhook-id": "é"}, "invalid_event_id"),
        ({"webhook-id": "e" * 129}, "invalid_event_id"),
        ({"webhook-timestamp": "1614265330.5"}, "invalid_timestamp"),
        ({"webhook-timestamp": "-1"}, "invalid_timestamp"),
        ({"webhook-timestamp": "٣"}, "invalid_timestamp"),
        ({"webhook-timestamp": "9" * 13}, "invalid_timestamp"),
        ({"webhook-signature": "v1"}, "malformed_signature"),
        ({"webhook-signature": "v1,é"}, "malformed_signature"),
        ({"webhook-signature": "v1,AAA"}, "malformed_signature"),
        ({"webhook-signature": "v2,AAAA"}, "malformed_signature"),
        ({"webhook-signature": " ".join(["v1,AAAA"] * 21)}, "malformed_signature"),
        ({"webhook-signature": "v1,"}, "wrong_signature"),
        ({"webhook-signature": "v1,AAAA"}, "wrong_signature"),
    ],
)
def test_header_that_is_missing_or_malformed(headers: dict[str, str], code: str) -> None:
    assert code_of({**headers_of("v1,AAAA"), **headers}) == code


def test_hex_digest_is_no_signature() -> None:
    digest = hmac.new(NEW, b"evt_1.1614265330.{}", hashlib.sha256).hexdigest()
    assert code_of(headers_of(f"v1,{digest}")) == "wrong_signature"


@pytest.fixture
def two_sources(settings: Settings) -> None:
    texts = [base64.b64encode(key).decode() for key in (NEW, OLD, FOREIGN)]
    settings.EVENT_SECRETS = f"marketplace=whsec_{texts[0]}|whsec_{texts[1]};warehouse={texts[2]}"


@pytest.mark.django_db
@pytest.mark.usefixtures("two_sources")
def test_rotation_at_the_door() -> None:
    """Old, new, and after the old one is gone."""
    body = confirmed()
    assert post_event(body, event_id="a", key=OLD).status_code == 202
    assert post_event(body, event_id="b", key=NEW).status_code == 202
    assert post_event(body, event_id="a", key=FOREIGN).json() == {"status": "waiting", "event": "a"}
    assert list(OrderEvent.objects.order_by("id").values_list("source", "event_id")) == [
        ("marketplace", "a"),
        ("marketplace", "b"),
        ("warehouse", "a"),
    ]


@pytest.mark.django_db
def test_refusals_at_the_door_leave_nothing() -> None:
    body, now = confirmed(), int(time.time())
    for answer, status, code in [
        (post_event(body, key=b"x" * 24), 401, "wrong_signature"),
        (post_event(body, at=now - settings.EVENT_MAX_AGE - 5), 401, "timestamp_too_old"),
        (post_event(body, at=now + settings.EVENT_MAX_AGE + 5), 401, "timestamp_too_new"),
        (post_event(body, headers={"webhook-id": ""}), 400, "missing_header"),
        (post_event(body, headers={"webhook-signature": "v1"}), 400, "malformed_signature"),
        (post_event(body, headers={"webhook-timestamp": "soon"}), 400, "invalid_timestamp"),
    ]:
        assert (answer.status_code, answer.json()["error"]) == (status, code)
        assert answer.json()["reason"]
    assert not OrderEvent.objects.exists()


@pytest.mark.django_db
def test_signature_is_looked_at_before_the_body() -> None:
    answer = post_event(b"\xff not JSON", key=b"x" * 24)
    assert answer.json()["error"] == "wrong_signature"
    assert post_event(event("no.such", {}), key=b"x" * 24).json()["error"] == "wrong_signature"
