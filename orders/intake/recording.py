"""An event is recorded: kept as it came, and its order brought to what all its events say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F

from accounts.provisioning import BuyerConflictError, provision_buyer, provision_stores
from orders.events import OrderEvent
from orders.intake.checks import order_number
from orders.intake.derive import Derived, derive_order
from orders.intake.derive.events import Event, read_event
from orders.intake.derive.state import Problem
from orders.intake.problems import EventError
from orders.intake.projection import Known, write_order
from orders.order import Item, Order
from orders.signals import order_event_recorded

APPLIED, WAITING, DEAD = OrderEvent.State.APPLIED, OrderEvent.State.WAITING, OrderEvent.State.DEAD
REPEAT = "repeat"
_NO_PROBLEM = Problem("")
_LOCK_SEED = 0x6F72646572  # "order": keeps our advisory locks apart from anybody else's


@dataclass(slots=True)
class Stored:
    """A stored event: what the fold reads of it, and its row's state."""

    id: int
    event: Event
    state: str
    reason: str
    subject: str


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
    stored = lock_events(number)
    incoming = read_event(source, event_id, body)
    if any(known.event.key == incoming.key for known in stored):
        return REPEAT
    if incoming.type == "order.placed":
        _refuse_conflict(incoming, stored)
    derived = derive_order([*(known.event for known in stored), incoming])
    problem = derived.problems.get(incoming.key)
    if problem and not problem.waiting:
        raise EventError(problem.code, problem.subject, problem.field)
    row = OrderEvent.objects.create(
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
    if not problem:
        settle(derived, stored)
        events = {known.event.key: known.id for known in stored} | {incoming.key: row.id}
        apply_order(derived, events, incoming)
    return str(row.state)


def lock_events(number: str) -> list[Stored]:
    """All events of this order number; nobody else derives that order until the transaction ends.

    A lock of PostgreSQL on the number, since there may be no row of the order yet.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [number, _LOCK_SEED])
    rows = OrderEvent.objects.filter(order_number=number).values_list(
        "id", "source", "event_id", "body", "state", "reason", "subject"
    )
    return [
        Stored(pk, read_event(source, event_id, body), state, reason, subject)
        for pk, source, event_id, body, state, reason, subject in rows
    ]


def settle(derived: Derived, stored: Iterable[Stored]) -> None:
    """Brings the stored events' states to what the fold made of them.

    One that a person has seen as dead is not made to wait again.
    """
    changed: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for known in stored:
        problem = derived.problems.get(known.event.key, _NO_PROBLEM)
        state = _state(problem, was=known.state)
        if (state, problem.code, problem.subject) != (known.state, known.reason, known.subject):
            changed[state, problem.code, problem.subject].append(known.id)
    for (state, reason, subject), ids in changed.items():
        OrderEvent.objects.filter(id__in=ids).update(state=state, reason=reason, subject=subject)


def _state(problem: Problem, *, was: str) -> str:
    if problem is _NO_PROBLEM:
        return APPLIED
    return WAITING if problem.waiting and was != DEAD else DEAD


def apply_order(derived: Derived, events: Mapping[str, int], incoming: Event | None) -> None:
    """Writes the derived order and tells of it. `events` has the rows' ids by the events' keys.

    `incoming` is the event that just came; without one, everything that may be missing is made. Raises
    EventError where the buyer cannot be told from another.
    """
    state = derived.order
    if state is None:
        return
    order = Order.objects.filter(number=state.number).first() if len(events) > 1 else None
    items, stores = _known_items(order)
    placing = incoming if incoming is not None and incoming.type == "order.placed" else None
    told_at = placing.occurred_at if placing else state.placed_at
    if order is None or placing:
        buyer_id = _buyer(placing.data["order"]["buyer"] if placing else state.buyer, told_at)
    else:
        buyer_id = order.buyer_id
    if placing or not stores.keys() >= state.sellers.keys():
        stores = provision_stores(sellers=state.sellers, told_at=told_at)
    written = write_order(state, Known(order, items, buyer_id, stores, events))
    order_event_recorded.send(
        sender=Order, order=written.order, changed=written.changed, removed=written.removed
    )


def _known_items(order: Order | None) -> tuple[dict[str, Item], dict[str, int]]:
    """The order's items by line, and the ids of their stores by seller: one statement."""
    if order is None:
        return {}, {}
    rows = list(Item.objects.filter(order=order).annotate(seller=F("store__marketplace_id")).order_by())
    return {row.line: row for row in rows}, {row.seller: row.store_id for row in rows}


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


def _refuse_conflict(incoming: Event, stored: Iterable[Stored]) -> None:
    """An order does not change hands, nor its currency, by being told again."""
    placed = incoming.data["order"]
    for known in stored:
        if known.event.type == "order.placed":
            earlier = known.event.data["order"]
            if earlier["buyer"]["id"] != placed["buyer"]["id"]:
                raise EventError("order_conflict", field="$.data.order.buyer.id")
            if earlier["currency"] != placed["currency"]:
                raise EventError("order_conflict", field="$.data.order.currency")
