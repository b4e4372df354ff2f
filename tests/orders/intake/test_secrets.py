"""MC_EVENT_SECRETS: every form that Standard Webhooks allows, and clear words for every mistake."""

from __future__ import annotations

import base64
import json

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from orders.intake.secrets import EventSecret, parse_event_secrets
from tests.orders.intake.vectors import webhook_vectors

KEY = bytes(range(24))
TEXT = base64.b64encode(KEY).decode()
OTHER = base64.b64encode(bytes(range(1, 33))).decode()


def test_sources_and_their_secrets_are_read_in_order() -> None:
    found = parse_event_secrets(f"marketplace=whsec_{TEXT}|{OTHER}; warehouse = whsec_AAAA ;", strict=False)
    assert [secret.source for secret in found] == ["marketplace", "marketplace", "warehouse"]
    assert found[0].key == KEY


@pytest.mark.parametrize(
    "form", [TEXT, f"whsec_{TEXT}", OTHER, OTHER.rstrip("="), f"whsec_{OTHER.rstrip('=')}"]
)
def test_prefix_and_padding_may_be_left_out(form: str) -> None:
    (secret,) = parse_event_secrets(f"marketplace={form}", strict=True)
    assert secret.key in (KEY, bytes(range(1, 33)))


def test_secret_forms_of_the_specification() -> None:
    forms = webhook_vectors()["standard_webhooks_secret_forms"]
    for form in (forms["plain"], *forms["unpadded"], f"whsec_{forms['plain']}"):
        (secret,) = parse_event_secrets(f"marketplace={form}", strict=False)
        assert len(secret.key) >= 23


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("whsec_abc", "must be like"),
        ("Market Place=AAAA", "must be like"),
        (f"{'m' * 33}=AAAA", "must be like"),
        ("=AAAA", "must be like"),
        ("marketplace=", "marketplace is not base64"),
        ("marketplace=whsec_", "marketplace is not base64"),
        ("marketplace=not base64!", "marketplace is not base64"),
        ("marketplace=AAAAA", "marketplace is not base64"),
        (f"marketplace={TEXT}|", "marketplace is not base64"),
        (f"a={TEXT};b=whsec_{TEXT}", "a and b share a secret"),
    ],
)
def test_mistake_is_named_and_no_secret_shown(text: str, says: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=says) as error:
        parse_event_secrets(text, strict=False)
    assert TEXT not in str(error.value)
    assert "not base64!" not in str(error.value)


def test_weak_secret_stops_production_only() -> None:
    weak = base64.b64encode(bytes(23)).decode()
    assert len(parse_event_secrets(f"marketplace={weak}", strict=False)) == 1
    with pytest.raises(ImproperlyConfigured, match="marketplace with 23 bytes; 24 are the least"):
        parse_event_secrets(f"marketplace={weak}", strict=True)


def test_wrong_secret_stops_the_start(settings: Settings) -> None:
    settings.EVENT_SECRETS = "marketplace"
    with pytest.raises(ImproperlyConfigured, match="must be like"):
        apps.get_app_config("orders").ready()


def test_secret_is_in_no_repr() -> None:
    assert json.dumps(repr(EventSecret("marketplace", b"hush"))) == "\"EventSecret(source='marketplace')\""
