"""A real Celery worker on the tests' own database: for tests with `@pytest.mark.django_db(transaction=True)`.

from tests.flow import running_worker, eventually

def test_something(alice):
    with running_worker() as worker:
        ...                               # commits, wake-ups, sweeps every 3 s
        worker.kill()                     # -9, with all its children
        eventually(lambda: ..., seconds=15)
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import redis
from django.conf import settings
from django.db import connection

# The worker counts as part of the tests, as the settings see it: their Redis keys, not a demo's.
PROGRAM = "import pytest; from celery.__main__ import main; main()"
READY_SECONDS = 60  # on a machine that is busy with other things


@dataclass
class Worker:
    process: subprocess.Popen[bytes]
    log: Path

    def kill(self) -> None:
        """As the kernel does it when memory runs out: nothing is finished, nothing acknowledged."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.kill()

    def said(self) -> str:
        return self.log.read_text(errors="replace")


@contextmanager
def running_worker(*, processes: int = 2, sweeps: bool = True) -> Iterator[Worker]:
    """`celery worker` in a process group of its own, ready for work; without `sweeps` it has no scheduler."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "worker.log")
        options = ["--beat", "--schedule", str(Path(folder, "beat"))] if sweeps else []
        command = [sys.executable, "-c", PROGRAM, "-A", "messagecenter", "worker", "-l", "info"]
        with log.open("wb") as output:
            process = subprocess.Popen(
                [*command, "-c", str(processes), "-n", f"tests-{os.getpid()}@%h", *options],
                cwd=settings.BASE_DIR,
                env={**os.environ, **_environment()},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        worker = Worker(process, log)
        try:
            eventually(lambda: " ready." in worker.said(), seconds=READY_SECONDS, told=worker.said)
            yield worker
        finally:
            worker.stop()


def eventually(
    condition: Callable[[], object], *, seconds: float = 15, told: Callable[[], str] = lambda: ""
) -> float:
    """Waits until `condition` holds; returns how long that took. AssertionError after `seconds`."""
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < seconds, f"not within {seconds} s {told()}"
        time.sleep(0.05)
    return time.monotonic() - begun


def empty_redis() -> None:
    """What FLUSHALL does to the tests' queue: waiting tasks, those in a worker's hands, bindings, cache."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    for key in client.scan_iter(f"{prefix}*", count=1000):
        client.delete(key)
    client.close()


def _environment() -> dict[str, str]:
    """The same servers, the tests' database."""
    database = connection.settings_dict
    user, password = quote(database["USER"], safe=""), quote(database["PASSWORD"], safe="")
    port = f":{database['PORT']}" if database["PORT"] else ""
    host = quote(database["HOST"], safe="")
    url = f"postgresql://{user}:{password}@{port}/{quote(database['NAME'])}?host={host}"
    return {
        "MC_MODE": "development",
        "DATABASE_URL": url,
        "REDIS_URL": settings.REDIS_URL,
        "PYTHONUNBUFFERED": "1",
    }
