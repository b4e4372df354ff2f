"""Pokes: Redis tells whoever listens *that* a mailbox changed, never what.

The browser then asks the ordinary view, which checks rights and renders. Nothing depends on a poke: where
Redis is gone, the page is right at its next load.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import cache, partial
from typing import Any

import redis
from django.conf import settings
from django.db import transaction

from messagecenter.pause import Pause

log = logging.getLogger(__name__)

CHANGED = b"changed"
MANY = 500  # publications in one pipeline: a few tens of kilobytes
TIMEOUT = 2  # seconds: a person's own action must not hang on a poke

_pause = Pause(5)


def mailbox_channel(mailbox_id: int) -> str:
    return f"{_prefix()}:mailbox:{mailbox_id}"


def everyone_channel() -> str:
    """Poked instead of each mailbox where all of them changed."""
    return f"{_prefix()}:mailboxes"


def poke_mailboxes(mailbox_ids: Sequence[int]) -> None:
    """When the current transaction has committed; at once where there is none."""
    channels = [mailbox_channel(mailbox_id) for mailbox_id in dict.fromkeys(mailbox_ids)]
    if channels:
        transaction.on_commit(partial(_publish, channels))


def poke_everyone() -> None:
    transaction.on_commit(partial(_publish, [everyone_channel()]))


def poke_changed(sender: Any, mailbox_ids: Sequence[int], **kwargs: Any) -> None:
    """Receives `entries_changed`."""
    poke_mailboxes(mailbox_ids)


def _publish(channels: Sequence[str]) -> None:
    if _pause.is_on:
        return
    try:
        for start in range(0, len(channels), MANY):
            pipeline = _redis().pipeline(transaction=False)
            for channel in channels[start : start + MANY]:
                pipeline.publish(channel, CHANGED)
            pipeline.execute()
    except redis.RedisError as error:
        _pause.begin()
        log.warning("%d mailboxes not poked: %s", len(channels), type(error).__name__)


def _prefix() -> str:
    return str(settings.CACHES["default"]["KEY_PREFIX"])


@cache
def _redis() -> redis.Redis:
    """One pool a process. redis-py notices a fork and opens connections of the child's own."""
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, health_check_interval=30
    )
