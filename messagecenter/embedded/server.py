"""What PostgreSQL and Redis have in common for a keeper."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from messagecenter.embedded import processes
from messagecenter.embedded.account import Account, account_for, as_account
from messagecenter.embedded.errors import EmbeddedServersError, explain, log_tail
from messagecenter.embedded.places import Places

_START_TRIES = 5
_START_SECONDS = 120.0  # PostgreSQL may have to replay its log after a crash


class Server(ABC):
    """One server of one checkout: found running or started, watched, stopped."""

    name: ClassVar[str]
    title: ClassVar[str]
    stop_signals: ClassVar[Sequence[tuple[signal.Signals, float]]]

    def __init__(self, places: Places, *, fast: bool) -> None:
        self.places = places
        self.fast = fast
        self.account: Account | None = None
        self.sockets = Path()
        self.pid = 0
        self._child: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def socket(self) -> Path:
        """The Unix socket that it listens on."""

    @abstractmethod
    def prepare(self) -> None:
        """Find the programs, make what must be there before the first start."""

    def clear_remains(self) -> None:  # noqa: B027 - most servers leave nothing
        """Remove what a killed server left, beside its socket, and the next would stumble over."""

    @abstractmethod
    def command(self) -> list[str]:
        """The program and its arguments."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Whether it answers questions now."""

    def run(self) -> None:
        """Adopt the running server, or start one, and wait until it is ready.

        Raises:
            EmbeddedServersError: it cannot be started.
        """
        self.account = account_for(self.places.state)
        self.sockets = self.places.make_sockets(self.name, self.account.owner if self.account else None)
        self._child, self.pid = None, processes.listener(self.socket) or 0
        if self.pid:
            self._wait_until_ready(0)
        else:
            self._start_patiently()

    def is_running(self) -> bool:
        """Whether the process lives and its socket has not been cleaned away from under it."""
        ended = self._child.poll() is not None if self._child else not processes.is_alive(self.pid)
        return not ended and self.socket.exists()

    def stop(self) -> None:
        """Stop it in an orderly way, by force if it will not."""
        if self.pid:
            processes.end_process(self.pid, *self.stop_signals)
        self.pid, self._child = 0, None
        if not self.sockets.is_absolute():
            return  # it never came as far as that
        self.clear_socket()
        with suppress(OSError):
            self.sockets.rmdir()

    def clear_socket(self) -> None:
        for leftover in (self.socket, self.socket.with_name(f"{self.socket.name}.lock")):
            leftover.unlink(missing_ok=True)

    def run_tool(self, *command: str, text: str = "") -> None:
        """Run a program to its end as the server's user.

        Raises:
            EmbeddedServersError: it failed.
        """
        done = subprocess.run(
            command,
            input=text.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            cwd="/",
            **as_account(self.account),
        )
        if done.returncode:
            log = self.places.log(self.name)
            with os.fdopen(self.places.open_log(self.name), "wb") as stream:
                stream.write(done.stdout)
            said = "\n".join(
                f"  | {line}" for line in done.stdout.decode("utf-8", "replace").strip().splitlines()
            )
            raise explain(f"{self.title} cannot be set up: {Path(command[0]).name} failed.", said, log)

    def _start_patiently(self) -> None:
        """Processes of a killed predecessor may still be on their way out."""
        self.prepare()
        for attempt in range(1, _START_TRIES + 1):
            self.clear_remains()
            self.clear_socket()
            offset = self._start()
            try:
                self._wait_until_ready(offset)
            except EmbeddedServersError:
                if attempt == _START_TRIES or not self.pid:  # no number: it hung, and was stopped
                    raise
                time.sleep(attempt * 0.3)
            else:
                return

    def _start(self) -> int:
        """Start the process; returns where in the log its own lines begin."""
        log = self.places.open_log(self.name)
        try:
            offset = os.fstat(log).st_size
            self._child = subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
                **as_account(self.account),
            )
        except OSError as error:
            message = f"{self.title} cannot be started: {error.strerror}: {self.command()[0]}"
            raise EmbeddedServersError(message) from error
        finally:
            os.close(log)
        self.pid = self._child.pid
        return offset

    def _wait_until_ready(self, offset: int) -> None:
        log = self.places.log(self.name)
        deadline = time.monotonic() + _START_SECONDS
        while not self.is_ready():
            if not processes.is_alive(self.pid):
                raise explain(f"{self.title} ended as soon as it was started.", log_tail(log, offset), log)
            if time.monotonic() > deadline:
                self.stop()
                raise explain(
                    f"{self.title} is not ready after {_START_SECONDS:.0f} s.", log_tail(log, offset), log
                )
            time.sleep(0.03)
