"""A crowd in the bench's database: many mailboxes, a table of a million rows, three mailboxes to be read."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.utils import timezone

from accounts.models import User
from messagecenter.inbox.models import Category, Mailbox, Source, entry_place
from notifications.fanout.orders import order_payload
from notifications.news import Line, OrderFacts, StoredNotice

# Copies of one person, so that a new column of people needs no change here.
CROWD_SQL = """
WITH people AS (
    INSERT INTO accounts_user (email, {columns})
    SELECT 'crowd' || n || '@bench.example', {columns} FROM accounts_user, generate_series(1, %s) AS n
    WHERE accounts_user.id = %s RETURNING id),
keyed AS (SELECT id AS user_id, gen_random_uuid() AS key_id FROM people),
keys AS (
    INSERT INTO messagecenter_data_key (id, kek_id, wrapped, created_at)
    SELECT key_id, 'none', '\\x00', now() FROM keyed RETURNING id)
INSERT INTO messagecenter_mailbox (user_id, data_key_id, created_at) SELECT user_id, key_id, now() FROM keyed
"""
# Their rows are never opened, so any bytes of a payload's usual size will do.
CROWD_ROWS_SQL = """
INSERT INTO messagecenter_entry (mailbox_id, source, source_id, category, unread, active_at, payload)
SELECT box.id, 1, n, 1 + n %% 4, n %% 3 = 0, now() - n * interval '1 hour', %s
FROM messagecenter_mailbox AS box, generate_series(1, %s) AS n
"""
COPY_SQL = """
COPY messagecenter_entry (mailbox_id, source, source_id, category, unread, active_at, payload) FROM STDIN
"""


def make_crowd(mailboxes: int, rows_each: int) -> None:
    payload = b"\x00" * 700
    one = User.objects.create_user("crowd@bench.example", first_name="Crowd")
    columns = ", ".join(str(f.column) for f in User._meta.concrete_fields if f.column not in ("id", "email"))
    with connection.cursor() as cursor:
        cursor.execute(CROWD_SQL.format(columns=columns), [mailboxes, one.pk])
        cursor.execute(CROWD_ROWS_SQL, [payload, rows_each])


def make_reader(name: str, rows: int) -> User:
    """A buyer whose mailbox holds `rows` order rows, sealed as fan-out seals them."""
    user = User.objects.create_user(
        f"{name}@bench.example",
        first_name=name.title(),
        last_name="Reader",
        language="en",
        time_zone="Europe/Paris",
    )
    mailbox = Mailbox.objects.of(user=user)
    key = mailbox.data_key.unwrap()
    now = timezone.now()
    with connection.cursor() as cursor, cursor.copy(COPY_SQL) as copy:
        for n in range(rows):
            source_id = mailbox.id * 1_000_000 + n
            place = entry_place(mailbox.id, Source.ORDER, source_id)
            sealed = key.seal(sample_payload(n, now), place=place)
            copy.write_row(
                (mailbox.id, Source.ORDER.value, source_id, Category.ORDERS.value, n % 5 == 0,
                 now - timedelta(minutes=37 * n), sealed)
            )  # fmt: skip
    return user


def sample_payload(n: int, now: datetime) -> dict[str, Any]:
    """An order with one to five items, told as any buyer is: placed, shipped, under way, delivered, late."""
    lines = [
        Line(f"L{i}", 1 + i % 2, f"Store number {i % 2 + n % 9}", f"Thing {n}-{i}, in a long description", 1,
             Decimal("12.50"), f"/static/pictures/{(n + i) % 97}.png", cancelled=False)
        for i in range(1 + n % 5)
    ]  # fmt: skip
    parcel = {
        "shipment": "P1", "carrier": "dpd", "tracking_number": f"0998{n:010}", "items": ["L0"], "store": 1,
        "place": "Lyon", "estimate_to": (now + timedelta(days=2)).isoformat(),
    }  # fmt: skip
    placed = {"item_count": len(lines), "total": "29.90", "currency": "EUR"}
    failed = parcel | {"problem": "failed_attempt"}
    history = [
        ("placed", "order_placed", placed),
        ("shipped:P1", "shipped", parcel),
        ("in_transit:P1", "in_transit", parcel),
        ("delivered:P1", "delivered", parcel | {"where": "Letter box"}),
        ("exception:P1:x", "delivery_exception", failed),
    ]
    news = [StoredNotice(i, key, kind, params, now, i) for i, (key, kind, params) in enumerate(history)]
    facts = OrderFacts(n, f"2026-{n:07}", "shipped", now, "EUR", Decimal("29.90"), 1, "Bea Buyer", lines)
    view = facts.for_buyer()
    return order_payload(view, view.news(news[: 1 + n % 5]))


def settle() -> None:
    """Statistics and visibility as a database in service has them."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) messagecenter_entry, messagecenter_mailbox, accounts_user")
        cursor.execute("CHECKPOINT")


def sign_in(user: User) -> str:
    """The cookie of a new session of this person."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
