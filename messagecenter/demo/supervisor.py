"""Runs the demo's programs: names their lines, starts again what dies, stops everything clean."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

QUICK_DEATH = 10.0  # seconds; who dies sooner again and again cannot be helped by starting it again
QUICK_DEATHS = 3
STOP_SECONDS = 7.0  # then by force; the whole demo promises ten
_CHILD = Path(__file__).with_name("child.py")


@dataclass(frozen=True, slots=True)
class Program:
    """`colour` is an ANSI colour number; `keep` are file descriptors that it inherits."""

    name: str
    command: Sequence[str]
    colour: int
    keep: tuple[int, ...] = ()


@dataclass(slots=True)
class _Running:
    program: Program
    process: subprocess.Popen[str]
    since: float
    reader: threading.Thread
    quick_deaths: int = 0
    last_lines: deque[str] = field(default_factory=lambda: deque(maxlen=12))


class Supervisor:
    """`say(name, colour, line)` shows a line.

    `failed` is set, with `reason`, when a program cannot be kept alive; all of them are stopped then.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        folder: Path,
        environment: Mapping[str, str],
        say: Callable[[str, int, str], None],
    ) -> None:
        self._programs, self._folder, self._environment, self._say = programs, folder, environment, say
        self._running: dict[str, _Running] = {}
        self._stopping = threading.Event()
        self._started = threading.Event()
        # One thread starts and watches them all: Linux ends the children with the thread that made them.
        self._watcher = threading.Thread(target=self._watch, name="supervisor", daemon=True)
        self.failed = threading.Event()
        self.reason = ""

    def start(self) -> None:
        self._watcher.start()
        self._started.wait()

    def stop(self) -> None:
        """Returns when nothing of them is left, after STOP_SECONDS and a little at most."""
        self._stopping.set()
        if self._watcher.is_alive():
            self._watcher.join()

    def process_id(self, name: str) -> int:
        """The program's present process. Raises KeyError where it does not run."""
        return self._running[name].process.pid

    def _watch(self) -> None:
        try:
            for program in self._programs:
                self._running[program.name] = self._launch(program)
            self._started.set()
            while not self._stopping.wait(0.2):
                for running in list(self._running.values()):
                    if running.process.poll() is not None:
                        self._revive(running)
        finally:
            self._started.set()
            self._end_all()

    def _launch(self, program: Program) -> _Running:
        process = subprocess.Popen(
            [sys.executable, "-S", str(_CHILD), str(os.getpid()), *program.command],
            cwd=self._folder,
            env=dict(self._environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,  # Ctrl-C in the terminal reaches us alone; and a group can be swept up
            pass_fds=program.keep,
        )
        running = _Running(program, process, time.monotonic(), threading.Thread())
        running.reader = threading.Thread(target=self._read, args=(running,), daemon=True)
        running.reader.start()
        return running

    def _read(self, running: _Running) -> None:
        stream = running.process.stdout
        if stream is None:
            return
        with suppress(ValueError):  # closed under our hands at the end
            for line in stream:
                running.last_lines.append(line.rstrip())
                if self._stopping.is_set():
                    continue  # everybody's goodbye
                self._say(running.program.name, running.program.colour, line.rstrip())

    def _revive(self, dead: _Running) -> None:
        self._sweep(dead)
        dead.reader.join(2)
        quick = dead.quick_deaths + 1 if time.monotonic() - dead.since < QUICK_DEATH else 0
        how = _how_it_ended(dead.process.returncode)
        if quick >= QUICK_DEATHS:
            said = "\n".join(f"  | {line}" for line in dead.last_lines) or "  (it said nothing)"
            self.reason = f"{dead.program.name} {how} {quick} times in a row, right after its start:\n{said}"
            self.failed.set()
            self._stopping.set()
            return
        self._say(dead.program.name, dead.program.colour, f"{how}; started again")
        self._running[dead.program.name] = self._launch(dead.program)
        self._running[dead.program.name].quick_deaths = quick

    def _end_all(self) -> None:
        for running in self._running.values():
            with suppress(ProcessLookupError):
                running.process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for running in self._running.values():
            with suppress(subprocess.TimeoutExpired):
                running.process.wait(max(0.05, deadline - time.monotonic()))
            self._sweep(running)
            running.process.wait()
            running.reader.join(1)

    @staticmethod
    def _sweep(running: _Running) -> None:
        """Whatever is left of its process group: the workers of a master that was killed."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(running.process.pid, signal.SIGKILL)


def _how_it_ended(code: int) -> str:
    if code < 0:
        with suppress(ValueError):
            return f"was ended by {signal.Signals(-code).name}"
    return f"ended with code {code}"
