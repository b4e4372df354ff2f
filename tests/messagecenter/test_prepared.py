from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext
from psycopg.types.numeric import Int8

from messagecenter.environment import database_settings
from messagecenter.prepared import prepared_cursor

SQL = "SELECT %s + 1"


def ask(number: int) -> int:
    with prepared_cursor() as cursor:
        cursor.execute(SQL, [Int8(number)])
        (answer,) = cursor.fetchone()
    return int(answer)


def prepared() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return [statement for (statement,) in cursor.fetchall()]


@pytest.mark.django_db
def test_a_statement_is_planned_once() -> None:
    assert [ask(n) for n in range(3)] == [1, 2, 3]
    assert prepared().count("SELECT $1 + 1") == 1


@pytest.mark.django_db
def test_nothing_else_is_prepared() -> None:
    with connection.cursor() as cursor:
        for _ in range(20):
            cursor.execute("SELECT 2")
    assert "SELECT 2" not in prepared()


@pytest.mark.django_db
def test_it_is_logged_as_others_are() -> None:
    with CaptureQueriesContext(connection) as queries:
        ask(41)
    assert [query["sql"] for query in queries] == ["SELECT 41 + 1"]


@pytest.mark.django_db(transaction=True)
def test_it_survives_a_transaction_that_failed_and_a_new_connection() -> None:
    assert ask(1) == 2
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1/0")
    assert ask(2) == 3
    connection.close()
    assert ask(3) == 4


@pytest.mark.django_db
def test_a_pooler_may_have_it_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MC_DB_PREPARE", "0")
    assert "prepare_threshold" not in database_settings(settings.DATABASE_URL)["OPTIONS"]  # type: ignore[operator]
    monkeypatch.setattr(connection.connection, "prepare_threshold", None)
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    connection.connection._prepared.clear()
    assert [ask(n) for n in range(3)] == [1, 2, 3]
    assert "SELECT $1 + 1" not in prepared()
