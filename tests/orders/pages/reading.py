"""What a person reads on a page, and what the database was asked for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Protocol

from django.db import connection
from django.test.utils import CaptureQueriesContext


class Answer(Protocol):
    """What the test client answers."""

    status_code: int

    @property
    def content(self) -> bytes: ...


_MAIN = re.compile(r"<main.*?</main>", re.DOTALL)


def words_of(response: Answer) -> str:
    """The page's own words, without markup, in one line."""
    assert response.status_code == 200, response.status_code
    found = _MAIN.search(response.content.decode())
    assert found
    text = re.sub(r"<[^>]+>", " ", found[0])
    return re.sub(r"[\s\u00a0\u202f\u2009]+", " ", unescape(text)).replace(" ,", ",").replace(" :", ":")


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL statements that read orders' tables; sessions and the header's counts are others' matter."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as context:
        yield found
    found += [query["sql"] for query in context.captured_queries if '"orders_' in query["sql"]]
