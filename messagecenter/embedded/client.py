"""A process that needs the servers: it becomes a client, and waits until they are ready."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from messagecenter.embedded.errors import EmbeddedServersError, log_tail
from messagecenter.embedded.locks import Lock
from messagecenter.embedded.places import Places
from messagecenter.embedded.postgresql import DATABASE, USER
from messagecenter.embedded.status import Status, read_status

_START_SECONDS = 180.0
_PAUSE = 0.03  # seconds
_LAUNCH = Path(__file__).resolve().parent / "launch.py"
_NOT_FOR_KEEPERS = (
    "DJANGO_",
    "MC_",
    "PG",
    "PYTEST_",
    "COV_",
)  # PGPORT and PGDATA would lead PostgreSQL astray

# One client lock for each server and state: dropped by the kernel, never by us.
_held: dict[Path, Lock] = {}


@dataclass(frozen=True)
class Servers:
    """Where the servers are; empty for one that was not asked for."""

    database_url: str = ""
    redis_url: str = ""
    broker_url: str = ""


def ensure_servers(root: Path, *, need_database: bool, need_redis: bool, fast: bool | None = None) -> Servers:
    """Have the servers of the checkout `root` running until this process and all other clients have ended.

    Args:
        root: the checkout; everything is kept in its `.local/`.
        need_database: start PostgreSQL.
        need_redis: start Redis.
        fast: a pair of servers of its own under `.local/fast/`, which does not wait for the disk. Without it
            the environment decides: `MC_EMBEDDED_FAST=1`, or pytest that runs us, so that tests can never
            empty the servers of a running demo.

    Raises:
        EmbeddedServersError: a server cannot run; the message says why and what to do.
    """
    if fast is None:
        fast = os.environ.get("MC_EMBEDDED_FAST") == "1" or "PYTEST_VERSION" in os.environ
    places = Places.of(root, fast=fast)
    places.make()
    wanted = [name for name, needed in (("postgres", need_database), ("redis", need_redis)) if needed]
    sockets = {name: _ensure(name, places, fast=fast) for name in wanted}
    servers = Servers()
    if need_database:
        host = quote(str(sockets["postgres"].parent))
        servers = Servers(database_url=f"postgresql://{USER}@/{DATABASE}?host={host}")
    if need_redis:
        path = quote(str(sockets["redis"]))
        servers = Servers(
            servers.database_url, f"unix://{path}?db=0", f"redis+socket://{path}?virtual_host=0"
        )
    return servers


def _ensure(name: str, places: Places, *, fast: bool) -> Path:
    """Become a client of the server, start its keeper where there is none, wait until it is ready."""
    clients = places.lock(name, "clients")
    if clients not in _held:
        lock = Lock(clients)
        lock.wait_shared(_START_SECONDS)  # a keeper that is just stopping holds it until it is done
        _held[clients] = lock
        atexit.register(_leave, name, places, fast=fast, pid=os.getpid())
    with Lock(places.lock(name, "start")) as turn:
        turn.wait_exclusive(_START_SECONDS)
        if not Lock(places.lock(name, "keeper")).is_held_elsewhere():
            places.status(name).unlink(missing_ok=True)
            _start_keeper(name, places, fast=fast)
        return _wait_until_ready(name, places)


def _start_keeper(name: str, places: Places, *, fast: bool) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(_NOT_FOR_KEEPERS)}
    environment |= {"LC_ALL": "C", "TZ": "UTC"}
    command = [sys.executable, "-P", str(_LAUNCH), name, str(places.state)]
    log = places.open_log("keeper")
    try:
        offset = os.fstat(log).st_size
        done = subprocess.run(
            command + (["--fast"] if fast else []),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=environment,
            check=False,
        )
    except OSError as error:
        raise EmbeddedServersError(f"The keeper of the servers cannot be started: {error}.") from error
    finally:
        os.close(log)
    if done.returncode:
        path = places.log("keeper")
        raise EmbeddedServersError(
            f"The keeper of the servers broke:\n{log_tail(path, offset)}\nThe log: {path}"
        )


def _wait_until_ready(name: str, places: Places) -> Path:
    keeper = Lock(places.lock(name, "keeper"))
    deadline = time.monotonic() + _START_SECONDS
    while True:
        gone = not keeper.is_held_elsewhere()  # before the status: a keeper reports, then goes
        status = read_status(places.status(name)) or Status("starting")
        if status.state == "failed":
            raise EmbeddedServersError(status.message)
        if status.state == "ready" and not gone:
            return _checked(Path(status.socket))
        if gone or time.monotonic() > deadline:
            log = places.log("keeper")
            said = "ended" if gone else f"is not ready after {_START_SECONDS:.0f} s"
            raise EmbeddedServersError(f"The keeper of {name} {said}.\n{log_tail(log)}\nThe whole log: {log}")
        time.sleep(_PAUSE)


def _checked(path: Path) -> Path:
    if not path.exists():
        raise EmbeddedServersError(
            f"The server of this checkout runs, but its socket {path} is not to be seen from here. Does "
            "another container share the checkout? Stop what runs there, or set DATABASE_URL and REDIS_URL."
        )
    return path


def _leave(name: str, places: Places, *, fast: bool, pid: int) -> None:
    """At the client's end: were the keeper killed meanwhile, nobody would stop the server."""
    if os.getpid() != pid:
        return
    try:
        with Lock(places.lock(name, "start")) as turn:
            if turn.try_exclusive() and not Lock(places.lock(name, "keeper")).is_held_elsewhere():
                _start_keeper(name, places, fast=fast)
    except (EmbeddedServersError, OSError):
        pass  # the checkout may be gone by now
