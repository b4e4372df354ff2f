"""The whole product for the flow tests: PostgreSQL, Redis, web, worker and scheduler, all real and all ours.

Not the servers that pytest itself uses: these are killed.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import redis

from messagecenter.demo.sites import child_environment, open_socket, programs
from messagecenter.demo.supervisor import Supervisor
from messagecenter.embedded.places import Places
from messagecenter.embedded.status import read_status
from messagecenter.replay.sending import answers

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 60.0  # seconds; a busy machine is no reason to fail
TEMPLATE = "migrated"
# Whatever the run of the tests was told about its own servers and mode.
_NOT_INHERITED = ("DATABASE_URL", "REDIS_URL", "DJANGO_", "MC_", "PYTEST_")

# A client of embedded servers: says where they are, then lives until its input ends.
_CLIENT = """
import json, sys
from dataclasses import asdict
from pathlib import Path
from messagecenter.embedded import ensure_servers
servers = ensure_servers(Path(sys.argv[1]), need_database=True, need_redis=True, fast=True)
print(json.dumps(asdict(servers)), flush=True)
sys.stdin.read()
"""


def wait_until(condition: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what}: not within {seconds:.0f} s"
        time.sleep(0.1)


@dataclass(frozen=True, slots=True)
class Servers:
    """`root` is a directory of their own; a server that dies is started again by its keeper."""

    root: Path
    database_url: str
    redis_url: str

    def kill_postgresql(self) -> None:
        """As `pg_ctl restart -m immediate`: no checkpoint, every connection cut, recovery from the log."""
        before = self._process_id()
        os.kill(before, signal.SIGQUIT)
        wait_until(lambda: self._process_id() not in (0, before), "PostgreSQL is back")

    def empty_redis(self) -> None:
        with redis.Redis.from_url(self.redis_url) as client:
            client.flushall()

    def make_database(self, name: str, template: str = "template1") -> str:
        """Returns its URL."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        path, _, query = self.database_url.partition("?")
        return f"{path.rpartition('/')[0]}/{name}?{query}"

    def _process_id(self) -> int:
        status = read_status(Places.of(self.root, fast=True).status("postgres"))
        return status.pid if status and status.state == "ready" else 0


@contextmanager
def running_servers() -> Iterator[Servers]:
    """Without fsync: of a process that is killed, the system keeps what it wrote."""
    # Not pytest's own directory: where root runs, nobody else can enter that, and PostgreSQL is never root.
    with tempfile.TemporaryDirectory(prefix="stack-") as folder:
        root = Path(folder).resolve()
        root.chmod(0o755)
        client = subprocess.Popen(
            [sys.executable, "-c", _CLIENT, str(root)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert client.stdout
            where = json.loads(client.stdout.readline())
            yield Servers(root, where["database_url"], where["redis_url"])
        finally:
            client.communicate()
            places = Places.of(root, fast=True)
            status = [places.status(name) for name in ("postgres", "redis")]
            wait_until(lambda: not any(path.exists() for path in status), "the servers have ended")


@dataclass
class Stack:
    """Programs on one database."""

    url: str
    environment: dict[str, str]
    supervisor: Supervisor
    lines: list[tuple[str, str]] = field(default_factory=list)

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return _manage(self.environment, *arguments)

    def inspect(self, numbers: Sequence[str]) -> Any:
        """What is in the database of these orders: see `inspection.py`."""
        code = "from tests.messagecenter.replay.inspection import main; main()"
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=self.environment,
            input=json.dumps(list(numbers)),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout, object_hook=lambda found: SimpleNamespace(**found))


@contextmanager
def running_stack(servers: Servers, name: str, *, database_number: int) -> Iterator[Stack]:
    """Programs on a fresh database `name` and a Redis database of their own."""
    with open_socket(18_500) as listener:
        environment = _environment(servers.make_database(name, TEMPLATE), servers, database_number, listener)
        url = environment["MC_SITE_URL"]
        lines: list[tuple[str, str]] = []
        supervisor = Supervisor(
            programs(listener, servers.root),
            folder=ROOT,
            environment=environment,
            say=lambda program, colour, line: lines.append((program, line)),
        )
        supervisor.start()
        try:
            wait_until(lambda: answers(url) or supervisor.failed.is_set(), "the web server answers")
            assert not supervisor.failed.is_set(), supervisor.reason
            yield Stack(url, environment, supervisor, lines)
        finally:
            supervisor.stop()


def make_template(servers: Servers) -> None:
    """A migrated database, of which each stack gets a copy."""
    url = servers.make_database(TEMPLATE)
    with open_socket(18_500) as listener:
        done = _manage(_environment(url, servers, 0, listener), "migrate", "--verbosity", "0")
    assert done.returncode == 0, done.stderr


def _environment(
    database_url: str, servers: Servers, database_number: int, listener: socket.socket
) -> dict[str, str]:
    url = f"http://localhost:{listener.getsockname()[1]}"
    inherited = {
        name: value
        for name, value in child_environment(url, servers.root).items()
        if not name.startswith(_NOT_INHERITED)
    }
    return {
        **inherited,
        "DATABASE_URL": database_url,
        "REDIS_URL": servers.redis_url.replace("db=0", f"db={database_number}"),
        "MC_MODE": "development",
        "MC_SITE_URL": url,
        "DJANGO_SETTINGS_MODULE": "messagecenter.settings",
    }


def _manage(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
