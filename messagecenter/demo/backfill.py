"""Sends what is missing of the demo's history through the webhook, and lets it settle."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from messagecenter.inbox.actions import Action, act_on_entries
from messagecenter.inbox.models import Entry, Mailbox, State
from messagecenter.replay.events import Event
from messagecenter.replay.sending import send_all
from notifications.models import Notice
from orders.models import OrderEvent

EVENT_PREFIX = "demo-"  # of the ids of all its events
LANES = 4  # connections: the two web workers never wait for us
READ_AFTER = timedelta(days=5)
HALF_READ_AFTER = timedelta(hours=30)
IDS_AT_ONCE = 5000


class BackfillError(Exception):
    """The server refused an event of the history, or nothing moves; the text says which and why."""


def has_history() -> bool:
    """Whether any event of the demo has ever arrived in this database."""
    return OrderEvent.objects.filter(event_id__startswith=EVENT_PREFIX).exists()


def missing_events(events: Sequence[Event]) -> list[Event]:
    """Those that the database has not got, in the order in which they happened."""
    known: set[str] = set()
    ids = [event.id for event in events]
    for start in range(0, len(ids), IDS_AT_ONCE):
        part = ids[start : start + IDS_AT_ONCE]
        known.update(OrderEvent.objects.filter(event_id__in=part).values_list("event_id", flat=True))
    return sorted((event for event in events if event.id not in known), key=lambda event: event.at)


def send_history(
    events: Sequence[Event], *, url: str, secret: str, on_answer: Callable[[int], None]
) -> float:
    """Returns events per second. Raises BackfillError, ServerLostError."""
    tally = send_all(events, url=url, secret=secret, workers=LANES, on_answer=on_answer)
    if tally.refused:
        event, answer = tally.refused[0]
        raise BackfillError(
            f"the server refused {len(tally.refused)} events, first {event.id} ({event.type}): "
            f"{answer.code} {answer.status}: {answer.reason}"
        )
    return tally.rate


def wait_for_fan_out(*, on_progress: Callable[[int], None], patience: float = 60.0) -> None:
    """Until no notice waits any more. Raises BackfillError where none moves for `patience` seconds."""
    fewest, moved_at = None, time.monotonic()
    while pending := Notice.objects.filter(state=Notice.State.PENDING).count():
        if fewest is None or pending < fewest:
            fewest, moved_at = pending, time.monotonic()
        elif time.monotonic() - moved_at > patience:
            raise BackfillError(f"{pending} notices wait, and none has been sent for {patience:.0f} s")
        on_progress(pending)
        time.sleep(0.2)


def read_what_is_old(*, now: datetime) -> int:
    """Marks rows as read as if their owners had been there: what is old, and half of what is not new."""
    read = 0
    for mailbox_id in Mailbox.objects.values_list("id", flat=True):
        unread = Entry.objects.for_mailbox(mailbox_id).filter(state=State.INBOX, unread=True)
        not_new = unread.filter(active_at__lt=now - HALF_READ_AFTER).order_by("active_at")
        rows = enumerate(not_new.values_list("id", "active_at"))
        ids = [id_ for place, (id_, at) in rows if at < now - READ_AFTER or place % 2]
        if ids:
            read += len(act_on_entries(mailbox_id=mailbox_id, action=Action.READ, entry_ids=ids).before)
    return read
