"""What an event writes, gathered and sent in as few messages as there are levels of new rows.

A third of an event's time was spent in putting five statements together and waiting for each. Here they
are plain INSERT, UPDATE and DELETE, sent as one message: PostgreSQL takes several statements at once where
the values stand in them, as psycopg's client-side binding writes them (Django's default).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from django.db import connection, models
from psycopg.sql import SQL, Identifier, Placeholder

Rows = Sequence[tuple[Any, ...]]


@dataclass(slots=True)
class Writes:
    """Statements of one transaction that have not been sent yet."""

    _waiting: list[tuple[str, list[Any], Callable[[Rows], None] | None]] = field(default_factory=list)

    def insert(self, model: type[models.Model], rows: Sequence[models.Model]) -> None:
        """The rows get their ids when they are sent, unless they have them."""
        columns = _columns(model, with_key=rows[0].pk is not None)
        values = [
            column.get_db_prep_save(column.pre_save(row, add=True), connection)
            for row in rows
            for column in columns
        ]

        def name(returned: Rows) -> None:
            for row, (pk,) in zip(rows, returned, strict=True):
                row.pk = pk
                row._state.adding, row._state.db = False, connection.alias

        self._waiting.append((_insertion(model, columns, len(rows)), values, name))

    def update(self, row: models.Model, names: Collection[str]) -> None:
        """Writes these attributes (`store_id`, not `store`)."""
        columns = [column for column in _columns(type(row)) if column.attname in names]
        values = [column.get_db_prep_save(getattr(row, column.attname), connection) for column in columns]
        statement = _alteration(type(row), tuple(column.column for column in columns))
        self._waiting.append((statement, [*values, row.pk], None))

    def delete(self, rows: Sequence[models.Model]) -> None:
        """Of one model that nothing refers to."""
        if rows:
            self._waiting.append((_deletion(type(rows[0])), [[row.pk for row in rows]], None))

    def send(self) -> None:
        """Raises IntegrityError or DataError, whichever statement it was."""
        waiting, self._waiting = self._waiting, []
        if connection.features.uses_server_side_binding:  # type: ignore[attr-defined]  # PostgreSQL's
            for statement in waiting:
                self._send([statement])
        elif waiting:
            self._send(waiting)

    def _send(self, waiting: Sequence[tuple[str, list[Any], Callable[[Rows], None] | None]]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                ";\n".join(statement for statement, _, _ in waiting),
                [value for _, values, _ in waiting for value in values],
            )
            for number, (_, _, receive) in enumerate(waiting):
                if number:
                    cursor.nextset()
                if receive:
                    receive(cursor.fetchall())


@cache
def _columns(model: type[models.Model], *, with_key: bool = False) -> tuple[Any, ...]:
    return tuple(column for column in model._meta.concrete_fields if with_key or not column.primary_key)


@cache
def _names(model: type[models.Model]) -> dict[str, Identifier]:
    pk = model._meta.pk
    assert pk is not None  # noqa: S101  for the type checker: every model has one
    return {"table": Identifier(model._meta.db_table), "key": Identifier(pk.attname)}


@lru_cache(maxsize=256)
def _insertion(model: type[models.Model], columns: tuple[Any, ...], count: int) -> str:
    names = [Identifier(column.column) for column in columns]
    row = SQL("({})").format(SQL(", ").join([Placeholder()] * len(columns)))
    statement = SQL("INSERT INTO {table} ({columns}) VALUES {rows} RETURNING {key}").format(
        columns=SQL(", ").join(names), rows=SQL(", ").join([row] * count), **_names(model)
    )
    return statement.as_string(None)


@lru_cache(maxsize=256)
def _alteration(model: type[models.Model], columns: tuple[str, ...]) -> str:
    settings = [SQL("{} = {}").format(Identifier(column), Placeholder()) for column in columns]
    statement = SQL("UPDATE {table} SET {settings} WHERE {key} = {value}").format(
        settings=SQL(", ").join(settings), value=Placeholder(), **_names(model)
    )
    return statement.as_string(None)


@cache
def _deletion(model: type[models.Model]) -> str:
    statement = SQL("DELETE FROM {table} WHERE {key} = ANY({value})")
    return statement.format(value=Placeholder(), **_names(model)).as_string(None)
