"""Everything that the database holds of one order, in one statement.

A dozen small queries cost three times as much as the one that carries them all: most of an event's time is
spent in going to the database and back (see `make bench`, intake). PostgreSQL packs each table's rows into
JSON; here they become the models' instances again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, LiteralString, TypeVar

from django.db import connection, models
from django.db.backends.utils import CursorWrapper
from psycopg import Cursor
from psycopg.sql import SQL, Identifier

from accounts.models import Store
from orders.after_sales import Refund, Return
from orders.events import OrderEvent
from orders.order import Item, Milestone, Order
from orders.shipments import Shipment, ShipmentLine, TrackingEvent

Row = TypeVar("Row", bound=models.Model)

# What is read of each model: all rows for which this holds.
_CONDITIONS: dict[type[models.Model], LiteralString] = {
    OrderEvent: "order_number = %(number)s",
    Order: "number = %(number)s",
    Item: "order_id = (SELECT id FROM orders_order WHERE number = %(number)s)",
    Store: (
        "id IN (SELECT store_id FROM orders_item"
        " WHERE order_id = (SELECT id FROM orders_order WHERE number = %(number)s))"
    ),
    Shipment: "order_id = (SELECT id FROM orders_order WHERE number = %(number)s)",
    ShipmentLine: (
        "shipment_id IN (SELECT id FROM orders_shipment"
        " WHERE order_id = (SELECT id FROM orders_order WHERE number = %(number)s))"
    ),
    TrackingEvent: (
        "shipment_id IN (SELECT id FROM orders_shipment"
        " WHERE order_id = (SELECT id FROM orders_order WHERE number = %(number)s))"
    ),
    Return: "order_id = (SELECT id FROM orders_order WHERE number = %(number)s)",
    Return.items.through: (
        "return_id IN (SELECT id FROM orders_return"
        " WHERE order_id = (SELECT id FROM orders_order WHERE number = %(number)s))"
    ),
    Refund: "order_id = (SELECT id FROM orders_order WHERE number = %(number)s)",
    Refund.items.through: (
        "refund_id IN (SELECT id FROM orders_refund"
        " WHERE order_id = (SELECT id FROM orders_order WHERE number = %(number)s))"
    ),
    Milestone: "order_id = (SELECT id FROM orders_order WHERE number = %(number)s)",
}
_PACKED = SQL("(SELECT json_agg(t)::text FROM (SELECT {columns} FROM {table} WHERE {condition}) t)")


@dataclass(frozen=True, slots=True)
class Tables:
    """One order's rows by their models, and the id that its next event is to have."""

    next_event_id: int
    rows: Mapping[type[models.Model], Sequence[models.Model]]

    def of(self, model: type[Row]) -> Sequence[Row]:
        return self.rows[model]  # type: ignore[return-value]  # read_tables puts each model's own rows there

    @property
    def order(self) -> Order | None:
        return next(iter(self.of(Order)), None)


def read_tables(number: str) -> Tables:
    with _planned_once() as cursor:
        cursor.execute(_statement(), {"number": number})
        next_event_id, *found = cursor.fetchone()
    rows = {model: _instances(model, packed) for model, packed in zip(_CONDITIONS, found, strict=True)}
    return Tables(next_event_id, rows)


class _PreparedCursor(Cursor[tuple[Any, ...]]):
    """Binds on the server, where Django's own cursors merge the values into the text."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> _PreparedCursor:
        return super().execute(query, params, prepare=True, **options)


@contextmanager
def _planned_once() -> Iterator[CursorWrapper]:
    """A cursor whose statement PostgreSQL plans once a connection: half of this one's time was its plan.

    Every condition is a look-up by a key, so the plan is the same for all orders. Without
    `prepare_threshold` in the database's OPTIONS nothing is prepared. Where statements are logged, it is
    Django's own cursor.
    """
    if connection.queries_logged:
        with connection.cursor() as cursor:
            yield cursor
        return
    connection.ensure_connection()
    with connection.make_cursor(_PreparedCursor(connection.connection)) as cursor:  # type: ignore[arg-type]
        yield cursor


@cache
def _statement() -> str:
    """One column for each model: its rows as JSON, null where there are none."""
    columns = [
        _PACKED.format(
            columns=SQL(", ").join(Identifier(field.attname) for field in model._meta.concrete_fields),
            table=Identifier(model._meta.db_table),
            condition=SQL(condition),
        )
        for model, condition in _CONDITIONS.items()
    ]
    # The id, so that what the event makes can be sent together with the event.
    next_id = SQL("nextval(pg_get_serial_sequence({}, 'id'))").format(OrderEvent._meta.db_table)
    return (SQL("SELECT ") + SQL(", ").join([next_id, *columns])).as_string(None)


def _instances(model: type[Row], packed: str | None) -> list[Row]:
    """As if the ORM had read them: JSON has neither times nor exact amounts."""
    if packed is None:
        return []
    rows = json.loads(packed, parse_float=Decimal)
    for name, convert in _conversions(model):
        for row in rows:
            if row[name] is not None:
                row[name] = convert(row[name])
    return [model.from_db("default", list(row), list(row.values())) for row in rows]


@cache
def _conversions(model: type[models.Model]) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    found: list[tuple[str, Callable[[Any], Any]]] = []
    for field in model._meta.concrete_fields:
        if isinstance(field, models.DateTimeField):
            found.append((field.attname, datetime.fromisoformat))
        elif isinstance(field, models.DecimalField):
            found.append((field.attname, Decimal))
    return tuple(found)
