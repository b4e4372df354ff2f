"""Whether this process lives, and whether it can serve (OP-2). Neither answer tells more than its word."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.core.cache import cache
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nothing of anybody else: restarting it would mend no database."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 where database, its schema and Redis are ready, else 503; each named with "ok" or "failed"."""
    checks = {"database": _has_database, "schema": _has_schema, "redis": _has_redis}
    found = {name: _passes(name, check) for name, check in checks.items()}
    words = {name: "ok" if fine else "failed" for name, fine in found.items()}
    return JsonResponse(words, status=200 if all(found.values()) else 503)


def _passes(name: str, check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (Error, RedisError, OSError) as error:
        logger.warning("not ready: %s (%s)", name, type(error).__name__)
        return False


def _has_database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


_schema_seen = False


def _has_schema() -> bool:
    """Every migration is applied. Once it is so it stays so for this process: asking takes 20 ms."""
    global _schema_seen  # noqa: PLW0603  a fact about the process
    if not _schema_seen:
        executor = MigrationExecutor(connection)
        _schema_seen = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _schema_seen


def _has_redis() -> bool:
    cache.set("readyz", "1", timeout=10)
    return bool(cache.get("readyz") == "1")
