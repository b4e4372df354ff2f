"""Redis tells that a mailbox changed: after the commit, never what, and its absence hurts nobody."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
import redis
from django.conf import settings
from django.db import transaction
from pytest_django import Settings

from accounts.models import Store, User
from messagecenter.inbox import pokes
from messagecenter.inbox.pokes import everyone_channel, mailbox_channel, poke_everyone, poke_mailboxes
from messagecenter.pause import Pause
from notifications.fanout import sweep_notices
from tests.notifications.story import mailbox_of, make_order, placed, tell

pytestmark = pytest.mark.django_db(transaction=True)


class Listener:
    def __init__(self, client: redis.Redis) -> None:
        self.pubsub = client.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
        self.pubsub.psubscribe(f"{settings.CACHES['default']['KEY_PREFIX']}:mailbox*")
        self.heard(0.2)

    def heard(self, seconds: float = 1.0) -> list[tuple[str, bytes]]:
        """What came until nothing came for a while."""
        found = []
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            message = self.pubsub.get_message(timeout=0.1)
            if message:
                found.append((message["channel"].decode(), message["data"]))
        return found


@pytest.fixture
def listener() -> Iterator[Listener]:
    client = redis.Redis.from_url(settings.REDIS_URL)
    listener = Listener(client)
    yield listener
    listener.pubsub.close()
    client.close()


@pytest.fixture(autouse=True)
def rested(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(pokes, "_pause", Pause(5))
    yield
    pokes._redis.cache_clear()


def test_poke_leaves_with_the_commit(listener: Listener) -> None:
    with transaction.atomic():
        poke_mailboxes([7, 8, 7])
        assert listener.heard(0.3) == []
    assert sorted(listener.heard()) == [(mailbox_channel(7), b"changed"), (mailbox_channel(8), b"changed")]


def test_poke_of_what_was_rolled_back_is_never_sent(listener: Listener) -> None:
    with transaction.atomic():
        poke_mailboxes([7])
        transaction.set_rollback(True)
    assert listener.heard(0.3) == []


def test_many_mailboxes_are_poked(listener: Listener) -> None:
    poke_mailboxes(range(1, 1301))
    assert len(listener.heard()) == 1300


def test_everyone_is_poked_with_one_word(listener: Listener) -> None:
    poke_everyone()
    assert listener.heard() == [(everyone_channel(), b"changed")]


def test_news_of_an_order_poke_buyer_and_store(
    alice: User, carol: User, store: Store, listener: Listener
) -> None:
    mailbox_of(carol)
    order = make_order(alice, (store, "Ceramic lamp"))
    tell(order, placed(order))
    sweep_notices()
    expected = {mailbox_channel(mailbox_of(owner).id) for owner in (alice, store)}
    heard = listener.heard()
    assert {channel for channel, _data in heard} == expected
    assert {data for _channel, data in heard} == {b"changed"}
    sweep_notices()
    assert listener.heard(0.3) == []  # nothing changed


def test_absent_redis_costs_one_warning_and_no_time(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    pokes._redis.cache_clear()
    begun = time.monotonic()
    for _ in range(50):
        poke_mailboxes([7])
    assert time.monotonic() - begun < 1
    assert caplog.text.count("not poked") == 1
