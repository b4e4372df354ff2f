"""OP-3: whatever dies in the middle of a replay, what was accepted is in the inboxes once, seconds later."""

from __future__ import annotations

import os
import signal
import time
from datetime import UTC, datetime
from itertools import islice
from threading import Thread

import pytest

from messagecenter.demo.history import past_orders
from messagecenter.replay.events import Event
from messagecenter.replay.sending import Tally, send_all
from messagecenter.replay.target import signing_secret
from tests.messagecenter.replay.stack import Servers, Stack, running_stack, wait_until

pytestmark = pytest.mark.servers

ORDERS = 50
SECONDS = 15.0  # the issue's: after which everything accepted is there


@pytest.fixture(scope="module")
def events() -> list[Event]:
    """Orders of every scene, mixed by time as a marketplace sends them."""
    anchor = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
    told = [event for order in islice(past_orders(anchor), ORDERS) for event in order.past]
    return sorted(told, key=lambda event: event.at)


def send(stack: Stack, events: list[Event], progress: list[int]) -> Tally:
    return send_all(events, url=stack.url, secret=signing_secret(), workers=4, on_answer=progress.append)


def test_accepted_events_arrive_once_though_everything_dies(servers: Servers, events: list[Event]) -> None:
    numbers = sorted({event.order_number for event in events})
    with running_stack(servers, "calm", database_number=3) as stack:
        tally = send(stack, events, [])
        assert tally.refused == []
        wait_until(lambda: stack.inspect(numbers).pending == 0, "the calm run has arrived")
        calm = stack.inspect(numbers)

    with running_stack(servers, "stormy", database_number=4) as stack:
        progress: list[int] = []
        found: list[Tally] = []
        sending = Thread(target=lambda: found.append(send(stack, events, progress)))
        sending.start()

        wait_until(lambda: len(progress) > len(events) * 0.2, "a fifth is sent")
        worker = stack.supervisor.process_id("worker")
        os.kill(worker, signal.SIGKILL)
        wait_until(lambda: len(progress) > len(events) * 0.4, "two fifths are sent")
        servers.empty_redis()
        wait_until(lambda: len(progress) > len(events) * 0.6, "three fifths are sent")
        servers.kill_postgresql()
        sending.join()
        finished = time.monotonic()

        (tally,) = found
        assert tally.refused == []
        assert tally.posted == len(events)
        assert tally.retried, "PostgreSQL was away, and nobody noticed"
        wait_until(lambda: stack.inspect(numbers).pending == 0, "the stormy run has arrived", SECONDS)
        assert time.monotonic() - finished < SECONDS + 5  # the last look itself takes a while
        assert stack.supervisor.process_id("worker") != worker
        assert ("worker", "was ended by SIGKILL; started again") in stack.lines
        stormy = stack.inspect(numbers)

    assert stormy.event_ids == sorted(event.id for event in events)
    assert vars(stormy.states) == {"applied": len(events)}
    assert stormy.doubled == 0
    assert stormy.entries == stormy.entries_wanted
    assert stormy.fingerprint == calm.fingerprint
