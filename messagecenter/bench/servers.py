"""The bench's own database and processes, beside whatever the checkout holds."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

import psycopg
from psycopg import sql

DATABASE = "messagecenter_bench"
READY_SECONDS = 60
STOP_SECONDS = 15


def bench_environment(database_url: str, redis_url: str) -> dict[str, str]:
    """A new, empty database, and the environment in which the same program runs on it and a Redis number of
    its own."""
    parts = urlsplit(database_url)
    with psycopg.connect(database_url, autocommit=True) as connection:
        name = sql.Identifier(DATABASE)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
    return {
        **os.environ,
        "MC_MODE": "development",
        "MC_BENCH": "1",
        "DATABASE_URL": _join(parts._replace(path=f"/{DATABASE}")),
        "REDIS_URL": _redis_number(redis_url, 9),
    }


def _redis_number(url: str, number: int) -> str:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        query = dict(parse_qsl(parts.query)) | {"db": str(number)}
        return _join(parts._replace(query=urlencode(query)))
    return _join(parts._replace(path=f"/{number}"))


def _join(parts: SplitResult) -> str:
    """As `urlunsplit`, which drops the "//" of an address without a host: a unix socket's."""
    return f"{parts.scheme}://{parts.netloc}{parts.path}" + (f"?{parts.query}" if parts.query else "")


@contextmanager
def running(command: list[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A child process and all of its own, ended with the block."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True)
        try:
            yield process
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
            process.wait(STOP_SECONDS)
            return
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


@contextmanager
def web_server(log: Path, *, workers: int = 2) -> Iterator[int]:
    """gunicorn with sync workers, as in production; gives its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "messagecenter.bench.wsgi", "--workers", str(workers)]
    with running([*command, "--bind", f"127.0.0.1:{port}", "--log-level", "warning"], log) as process:
        _wait_for_port(port, process, log)
        yield port


@contextmanager
def workers(log: Path, *, processes: int = 2) -> Iterator[None]:
    """Celery's workers and the scheduler, which sweeps what a lost wake-up left."""
    command = [sys.executable, "-m", "celery", "-A", "messagecenter", "worker", "--loglevel", "warning"]
    schedule = log.with_name("bench-scheduler")
    with running([*command, "--concurrency", str(processes), "--beat", "--schedule", str(schedule)], log):
        yield


def _wait_for_port(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"the web server did not start; it said: {log.read_text()[-2000:]}")
