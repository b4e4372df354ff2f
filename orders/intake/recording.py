"""An event is recorded: kept as it came, and its order brought to what all its events say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from accounts.models import Store
from accounts.provisioning import BuyerConflictError, provision_buyer, provision_stores
from orders.events import OrderEvent
from orders.intake.checks import order_number
from orders.intake.derive import Derived, derive_order
from orders.intake.derive.events import Event, read_event
from orders.intake.derive.state import Problem
from orders.intake.problems import EventError
from orders.intake.projection import Parties, write_order
from orders.intake.projection.tables import Tables, read_tables
from orders.intake.projection.writes import Writes
from orders.order import Order
from orders.signals import order_event_recorded

APPLIED, WAITING, DEAD = OrderEvent.State.APPLIED, OrderEvent.State.WAITING, OrderEvent.State.DEAD
REPEAT = "repeat"
_NO_PROBLEM = Problem("")
_LOCK_SEED = 0x6F72646572  # "order": keeps our advisory locks apart from anybody else's


def record_event(*, source: str, event_id: str, body: Mapping[str, Any]) -> str:
    """Records an event that fits the schema and the checks: "applied", "waiting" or "repeat".

    Events of the same order that waited for this one are applied with it. Raises EventError where it
    contradicts what is known of its order or buyer; nothing of it is kept then.
    """
    try:
        return _record(source, event_id, body)
    except IntegrityError:
        # The id is known from another order's event, or another process was faster.
        if OrderEvent.objects.filter(source=source, event_id=event_id).exists():
            return REPEAT
        raise


@transaction.atomic(durable=True)
def _record(source: str, event_id: str, body: Mapping[str, Any]) -> str:
    number = order_number(body)
    incoming = read_event(source, event_id, body)
    known = lock_order(number)
    if incoming.key in known.rows:
        return REPEAT
    if incoming.type == "order.placed":
        _refuse_conflict(incoming, known.events)
    derived = derive_order([*known.events, incoming])
    problem = derived.problems.get(incoming.key)
    if problem and not problem.waiting:
        raise EventError(problem.code, problem.subject, problem.field)
    row = OrderEvent(
        id=known.tables.next_event_id,
        source=source,
        event_id=event_id,
        type=incoming.type,
        order_number=number,
        occurred_at=incoming.occurred_at,
        body=body,
        state=WAITING if problem else APPLIED,
        reason=problem.code if problem else "",
        subject=problem.subject if problem else "",
    )
    writes = Writes()
    writes.insert(OrderEvent, [row])
    if problem:
        writes.send()
    else:
        known.rows[incoming.key] = row
        settle(derived, known)
        apply_order(derived, known, writes, incoming)
    return str(row.state)


@dataclass(slots=True)
class Known:
    """What the database holds of an order number: its events, their rows by their keys, all its tables."""

    events: list[Event]
    rows: dict[str, OrderEvent]
    tables: Tables


def lock_order(number: str) -> Known:
    """What is known of this order; nobody else derives it until the transaction ends.

    A lock of PostgreSQL on the number, since there may be no row of the order yet. A statement of its own:
    what reads must begin after whoever held the lock has committed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [number, _LOCK_SEED])
    tables = read_tables(number)
    rows = tables.of(OrderEvent)
    events = [read_event(row.source, row.event_id, row.body) for row in rows]
    return Known(events, {event.key: row for event, row in zip(events, rows, strict=True)}, tables)


def settle(derived: Derived, known: Known) -> None:
    """Brings the stored events' states to what the fold made of them.

    One that was declared dead is not made to wait again.
    """
    changed: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for key, row in known.rows.items():
        problem = derived.problems.get(key, _NO_PROBLEM)
        state = _state(problem, was=row.state)
        if (state, problem.code, problem.subject) != (row.state, row.reason, row.subject):
            changed[state, problem.code, problem.subject].append(row.id)
    for (state, reason, subject), ids in changed.items():
        OrderEvent.objects.filter(id__in=ids).update(state=state, reason=reason, subject=subject)


def _state(problem: Problem, *, was: str) -> str:
    if problem is _NO_PROBLEM:
        return APPLIED
    return WAITING if problem.waiting and was != DEAD else DEAD


def apply_order(derived: Derived, known: Known, writes: Writes, incoming: Event | None = None) -> None:
    """Writes the derived order, sends `writes`, and tells of it.

    `incoming` is the event that just came; without one, everything that may be missing is made. Raises
    EventError where the buyer cannot be told from another.
    """
    state, order = derived.order, known.tables.order
    if state is None:
        return
    placing = incoming if incoming is not None and incoming.type == "order.placed" else None
    told_at = placing.occurred_at if placing else state.placed_at
    if order is None or placing:
        buyer_id = _buyer(placing.data["order"]["buyer"] if placing else state.buyer, told_at)
    else:
        buyer_id = order.buyer_id
    stores = {store.marketplace_id: store.id for store in known.tables.of(Store)}
    if placing or not stores.keys() >= state.sellers.keys():
        stores = provision_stores(sellers=state.sellers, told_at=told_at)
    events = {key: row.id for key, row in known.rows.items()}
    parties = Parties(buyer_id, stores, events)
    told = write_order(state, writes=writes, tables=known.tables, parties=parties)
    order_event_recorded.send(
        sender=Order,
        order=told.order,
        changed=told.changed,
        removed=told.removed,
        altered=told.altered,
    )


def _buyer(told: Mapping[str, Any], told_at: datetime) -> int:
    try:
        return provision_buyer(
            marketplace_id=told["id"],
            email=told["email"],
            first_name=told["first_name"],
            last_name=told["last_name"],
            language=told.get("language"),
            time_zone=told.get("time_zone"),
            told_at=told_at,
        ).id
    except BuyerConflictError:
        raise EventError("buyer_conflict", field="$.data.order.buyer") from None


def _refuse_conflict(incoming: Event, events: Iterable[Event]) -> None:
    """An order does not change hands, nor its currency, nor an item its seller, by being told again."""
    placed = incoming.data["order"]
    for event in events:
        if event.type == "order.placed":
            earlier = event.data["order"]
            if earlier["buyer"]["id"] != placed["buyer"]["id"]:
                raise EventError("order_conflict", field="$.data.order.buyer.id")
            if earlier["currency"] != placed["currency"]:
                raise EventError("order_conflict", field="$.data.order.currency")
            sellers = {item["id"]: item["seller"]["id"] for item in earlier["items"]}
            for index, item in enumerate(placed["items"]):
                if sellers.get(item["id"], item["seller"]["id"]) != item["seller"]["id"]:
                    raise EventError("order_conflict", field=f"$.data.order.items[{index}].seller.id")
