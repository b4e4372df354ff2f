"""Real servers in throw-away checkouts, with clients that are processes of their own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg
import pytest
import redis

from messagecenter.embedded.places import Places
from messagecenter.embedded.processes import command_of, is_alive
from messagecenter.embedded.status import read_status

_REPOSITORY = Path(__file__).resolve().parents[3]

# A client: says where the servers are, then lives until its input ends.
_CLIENT = """
import json, subprocess, sys
from dataclasses import asdict
from pathlib import Path
from messagecenter.embedded import EmbeddedServersError, ensure_servers
root, database, redis, child = sys.argv[1:]
try:
    servers = ensure_servers(Path(root), need_database=database == "1", need_redis=redis == "1", fast=True)
except EmbeddedServersError as error:
    print(json.dumps({"error": str(error)}), flush=True)
    sys.exit(1)
if child == "1":
    null = subprocess.DEVNULL
    pid = subprocess.Popen(["sleep", "300"], stdin=null, stdout=null, stderr=null).pid
print(json.dumps(asdict(servers) | {"child": pid if child == "1" else 0}), flush=True)
sys.stdin.read()
"""


@dataclass
class Client:
    """One process that needs the servers."""

    process: subprocess.Popen[str]
    database_url: str = ""
    redis_url: str = ""
    broker_url: str = ""
    child: int = 0
    error: str = ""

    def hear(self) -> Client:
        """Wait for what it says about the servers."""
        assert self.process.stdout
        vars(self).update(json.loads(self.process.stdout.readline()))
        return self

    def leave(self) -> None:
        self.process.communicate(timeout=20)

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=20)

    def ask(self, statement: str) -> object:
        """The first value that PostgreSQL answers; nothing for a statement without rows."""
        with psycopg.connect(self.database_url, autocommit=True, connect_timeout=10) as connection:
            cursor = connection.execute(statement.encode())
            row = cursor.fetchone() if cursor.description else None
            return row[0] if row else None

    def redis(self) -> redis.Redis:
        return redis.Redis.from_url(self.redis_url, decode_responses=True)


@dataclass
class Checkout:
    """A directory that has its own servers."""

    root: Path
    clients: list[Client]

    @property
    def places(self) -> Places:
        return Places.of(self.root, fast=True)

    def launch(self, *, database: bool = True, redis: bool = True, child: bool = False) -> Client:
        """Start a client without waiting for it."""
        process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                _CLIENT,
                str(self.root),
                *(str(int(flag)) for flag in (database, redis, child)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=_REPOSITORY,
        )
        self.clients.append(Client(process))
        return self.clients[-1]

    def client(self, *, database: bool = True, redis: bool = True, child: bool = False) -> Client:
        return self.launch(database=database, redis=redis, child=child).hear()

    def pid(self, server: str) -> int:
        """The server's process, as its keeper tells; 0 where none is ready."""
        status = read_status(self.places.status(server))
        return status.pid if status and status.state == "ready" else 0

    def keeper(self, server: str) -> int:
        """The process of the server's keeper, 0 where there is none."""
        for process in Path("/proc").glob("[0-9]*"):
            command = command_of(int(process.name))
            if f"launch.py {server} {self.places.state} " in command:
                return int(process.name)
        return 0

    def kill_keeper(self, server: str) -> None:
        pid = self.keeper(server)
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not is_alive(pid))


def wait_until(condition: Callable[[], object], seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.05)


def _has_ended(pid: int) -> bool:
    return not is_alive(pid)


@pytest.fixture
def make_checkout() -> Iterator[Callable[..., Checkout]]:
    """Make checkouts; at the end no process of theirs is left."""
    made: list[Checkout] = []
    # Not pytest's own directory: where root runs, nobody else can enter that.
    above = Path(tempfile.mkdtemp(prefix="embedded-")).resolve()
    above.chmod(0o755)

    def make(name: str = "checkout") -> Checkout:
        root = above / name
        root.mkdir(parents=True)
        made.append(Checkout(root, []))
        return made[-1]

    yield make
    for checkout in made:
        for client in checkout.clients:
            client.process.kill()
            client.process.communicate()
            if client.child:
                os.kill(client.child, signal.SIGKILL)
        for server in ("postgres", "redis"):
            keeper = checkout.keeper(server)
            if keeper:
                os.kill(keeper, signal.SIGTERM)  # stops its server at once, without the grace
                wait_until(partial(_has_ended, keeper), 20)
    shutil.rmtree(above)


@pytest.fixture
def checkout(make_checkout: Callable[..., Checkout]) -> Checkout:
    return make_checkout()
