"""The process that keeps one server alive while anybody needs it; `launch.py` runs it.

It may be killed at any time. The server goes on; the next client's keeper, or the one that the last client
starts when it leaves, takes it over.
"""

from __future__ import annotations

import argparse
import os
import signal
import time
import traceback
from pathlib import Path
from types import FrameType

from messagecenter.embedded.errors import EmbeddedServersError
from messagecenter.embedded.locks import Lock
from messagecenter.embedded.places import Places
from messagecenter.embedded.postgresql import PostgreSQL
from messagecenter.embedded.redis_server import Redis
from messagecenter.embedded.server import Server
from messagecenter.embedded.status import Status

SERVERS: dict[str, type[Server]] = {server.name: server for server in (PostgreSQL, Redis)}

_POLL = 0.25  # seconds
_GRACE = 2.0  # seconds without a client: `make` runs one command after the other
_TOUCH = 1800.0  # seconds; systems clean /tmp of what nobody touches


class Keeper:
    """Starts, watches and stops one server."""

    def __init__(self, server: Server, places: Places, lock: Lock) -> None:
        self._server = server
        self._places = places
        self._lock = lock
        self._clients = Lock(places.lock(server.name, "clients"))
        self._asked_to_stop = False

    def keep(self) -> None:
        """Run until no client is left, or until a signal asks for the end."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask_to_stop)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        try:
            self._run_server()
            self._watch()
        except EmbeddedServersError as error:
            self._report(Status("failed", message=str(error)))
        except Exception:
            self._report(Status("failed", message=f"The keeper broke:\n{traceback.format_exc()}"))
            raise
        else:
            if self._lock.is_in_place():
                self._places.status(self._server.name).unlink(missing_ok=True)
        finally:
            self._server.stop()
            # In this order: a client that gets its lock now must see that this keeper is gone.
            self._lock.release()
            self._clients.release()

    def _watch(self) -> None:
        """Returns with the clients' lock held, so that whoever comes while the server stops has to wait.

        Where somebody removed the directory, others hold other locks by now, and nothing is left to keep.
        """
        alone_since = touched = time.monotonic()
        while not self._asked_to_stop and self._lock.is_in_place():
            if not self._server.is_running():
                print(f"{self._server.title} is gone: starting it again.", flush=True)
                self._server.stop()
                self._run_server()
            now = time.monotonic()
            if not self._clients.try_exclusive():
                alone_since = now
            elif now - alone_since >= _GRACE:
                return
            else:
                self._clients.release()
            if now - touched > _TOUCH:
                os.utime(self._server.socket)
                os.utime(self._server.sockets)
                touched = now
            time.sleep(_POLL)

    def _run_server(self) -> None:
        self._report(Status("starting"))
        self._server.run()
        self._report(Status("ready", socket=str(self._server.socket), pid=self._server.pid))

    def _report(self, status: Status) -> None:
        print(f"{self._server.title}: {status.state} {status.message}", flush=True)
        if self._lock.is_in_place():  # else another keeper's word counts
            status.write(self._places.status(self._server.name))

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._asked_to_stop = True


def main(arguments: list[str]) -> int:
    """Take the keeper's lock, leave the caller's session, keep. Returns at once in the calling process."""
    parser = argparse.ArgumentParser(prog="launch.py", description=__doc__)
    parser.add_argument("server", choices=sorted(SERVERS))
    parser.add_argument("state", type=Path)
    parser.add_argument("--fast", action="store_true")
    options = parser.parse_args(arguments)
    places = Places(options.state)
    lock = Lock(places.lock(options.server, "keeper"))
    if not lock.try_exclusive():
        return 0
    # The child inherits the lock: whoever waits for this process finds it held.
    if os.fork():
        return 0
    os.setsid()
    Keeper(SERVERS[options.server](places, fast=options.fast), places, lock).keep()
    return 0
