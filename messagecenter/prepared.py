"""Statements that PostgreSQL plans once a connection instead of at every request.

For the few that every page of the inbox asks: planning them took four times what running them takes. Their
answers come in binary, which halves the work of reading them.

After five times the plan is one for no value in particular. So a statement belongs here only where the same
index is right for everybody, and its LIMIT stands in its text.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg import Cursor


class _PreparedCursor(Cursor[tuple[Any, ...]]):
    """Binds on the server, where Django's own cursors merge the values into the text.

    Without `prepare_threshold` in the database's OPTIONS (MC_DB_PREPARE=0, for a pooler that hands each
    transaction to another connection) it prepares nothing, and all works as before.
    """

    def execute(self, query: Any, params: Any = None, **options: Any) -> _PreparedCursor:
        return super().execute(query, params, prepare=True, binary=True, **options)


@contextmanager
def prepared_cursor() -> Iterator[CursorWrapper]:
    """As `connection.cursor()`, which it is where statements are logged: there they show their values."""
    if connection.queries_logged:
        with connection.cursor() as cursor:
            yield cursor
        return
    connection.ensure_connection()
    with connection.make_cursor(_PreparedCursor(connection.connection)) as cursor:  # type: ignore[arg-type]
        yield cursor
