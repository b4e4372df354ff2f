"""Sessions in PostgreSQL with a copy in Redis, so that a page view costs no statement for its session.

Django's own `cached_db`, made strict where it matters for ending a session:

- A request that read the row just before it was deleted would put its copy back afterwards, and the
  ended session would live on in the cache. The row is looked up once more after the copy was written.
- The copy lives an hour at most, so whatever else goes wrong with the cache heals by itself.
- A cache that does not answer is no reason to turn anybody away: the row decides.
"""

from __future__ import annotations

import logging
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.sessions.backends import cached_db
from django.contrib.sessions.backends.db import SessionStore as RowStore
from django.core.cache.backends.base import BaseCache
from django.utils import timezone
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

COPY_SECONDS = 3600


class SessionStore(cached_db.SessionStore):
    _cache: BaseCache
    _session_key: str | None

    # Not Django's prefix: its copies live as long as the session.
    cache_key_prefix = "session:"

    def load(self) -> dict[str, Any]:
        try:
            copy = self._cache.get(self.cache_key)
        except RedisError:
            logger.warning("the session cache does not answer; reading the row")
            copy = None
        if copy is not None:
            return dict(copy)
        row = self.model.objects.filter(session_key=self.session_key, expire_date__gt=timezone.now()).first()
        if row is None:
            self._session_key = None
            return {}
        data: dict[str, Any] = self.decode(row.session_data)
        self._keep_copy(data, self.get_expiry_age(expiry=row.expire_date))
        if not self.model.objects.filter(session_key=row.session_key).exists():
            self._drop_copy(row.session_key)
            self._session_key = None
            return {}
        return data

    def save(self, must_create: bool = False) -> None:
        RowStore.save(self, must_create)
        self._keep_copy(dict(self.items()), self.get_expiry_age())

    async def aload(self) -> dict[str, Any]:
        return await sync_to_async(self.load)()

    async def asave(self, must_create: bool = False) -> None:
        await sync_to_async(self.save)(must_create)

    def exists(self, session_key: str) -> bool:
        """The row decides, never the copy."""
        return bool(RowStore.exists(self, session_key))

    def _keep_copy(self, data: dict[str, Any], age: float) -> None:
        try:
            self._cache.set(self.cache_key, data, min(age, COPY_SECONDS))
        except RedisError:
            logger.warning("the session cache does not answer; no copy kept")

    def _drop_copy(self, session_key: str) -> None:
        self._cache.delete(self.cache_key_prefix + session_key)
