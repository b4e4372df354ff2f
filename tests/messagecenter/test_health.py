from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import Error
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from redis.exceptions import ConnectionError as RedisConnectionError

from messagecenter import health


@pytest.fixture(autouse=True)
def schema_not_seen(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(health, "_schema_seen", False)
    yield
    health._schema_seen = False


def test_a_living_process_says_ok_and_asks_nobody(client: Client) -> None:
    answer = client.get("/healthz")  # this test has no database
    assert (answer.status_code, answer.content) == (200, b"ok")
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_a_ready_process_says_what_is_ready(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"database": "ok", "schema": "ok", "redis": "ok"}


@pytest.mark.django_db
def test_a_migration_that_is_missing_is_not_ready(client: Client) -> None:
    MigrationRecorder.Migration.objects.filter(app="orders").delete()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"database": "ok", "schema": "failed", "redis": "ok"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("check", "error", "name"),
    [
        ("_has_database", Error("password=hunter2"), "database"),
        ("_has_redis", RedisConnectionError("redis://secret@host"), "redis"),
    ],
)
def test_what_is_away_is_named_and_nothing_more_told(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    check: str,
    error: Exception,
    name: str,
) -> None:
    def fail() -> bool:
        raise error

    monkeypatch.setattr(health, check, fail)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()[name] == "failed"
    assert str(error) not in answer.content.decode() + caplog.text
