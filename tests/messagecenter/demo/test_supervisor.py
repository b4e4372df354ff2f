"""Real programs, killed for real."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from messagecenter.demo import supervisor as module
from messagecenter.demo.supervisor import Program, Supervisor
from messagecenter.embedded.processes import is_alive

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 15.0  # seconds; a busy machine is no reason to fail

SLEEPER = "import time; print('ready', flush=True); time.sleep(300)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEPER
PARENT = (
    "import subprocess, sys, time; "
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)']); "
    "print(child.pid, flush=True); time.sleep(300)"
)
Start = Callable[..., Supervisor]


class Said(list[tuple[str, str]]):
    """What was shown: (name, line)."""

    def add(self, name: str, colour: int, line: str) -> None:
        self.append((name, line))

    def has(self, part: str) -> bool:
        return any(part in line for _, line in self)


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


@pytest.fixture
def said() -> Said:
    return Said()


@pytest.fixture
def start(said: Said, tmp_path: Path) -> Iterator[Start]:
    started: list[Supervisor] = []

    def begin(**programs: str) -> Supervisor:
        made = Supervisor(
            [Program(name, [sys.executable, "-c", code], 32) for name, code in programs.items()],
            folder=tmp_path,
            environment=os.environ,
            say=said.add,
        )
        started.append(made)
        made.start()
        return made

    yield begin
    for each in started:
        each.stop()


def test_lines_bear_their_programs_name(start: Start, said: Said) -> None:
    start(one="print('from one')\n" + SLEEPER, two="import sys; sys.stderr.write('from two\\n')\n" + SLEEPER)
    until(lambda: ("one", "from one") in said and ("two", "from two") in said)


def test_killed_program_is_started_again(start: Start, said: Said) -> None:
    supervisor = start(worker=SLEEPER)
    until(lambda: ("worker", "ready") in said)
    first = supervisor.process_id("worker")
    os.kill(first, signal.SIGKILL)
    until(lambda: supervisor.process_id("worker") != first and said.count(("worker", "ready")) == 2)
    assert said.has("was ended by SIGKILL; started again")
    assert not supervisor.failed.is_set()


def test_children_of_a_killed_program_go_with_it(start: Start, said: Said) -> None:
    supervisor = start(worker=PARENT)
    until(lambda: said)
    grandchild = int(said[0][1])
    os.kill(supervisor.process_id("worker"), signal.SIGKILL)
    until(lambda: not is_alive(grandchild))


def test_program_that_dies_at_once_ends_everything_with_its_last_words(start: Start, said: Said) -> None:
    supervisor = start(web="raise SystemExit('no such table')", worker=SLEEPER)
    assert supervisor.failed.wait(PATIENCE)
    supervisor.stop()
    assert "web ended with code 1 3 times in a row" in supervisor.reason
    assert "no such table" in supervisor.reason
    assert not is_alive(supervisor.process_id("worker"))


def test_stop_ends_even_who_does_not_listen(
    start: Start, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STOP_SECONDS", 0.5)
    supervisor = start(stubborn=STUBBORN, polite=SLEEPER)
    until(lambda: said.count(("stubborn", "ready")) and said.count(("polite", "ready")))
    processes = [supervisor.process_id(name) for name in ("stubborn", "polite")]
    began = time.monotonic()
    supervisor.stop()
    assert time.monotonic() - began < 5
    assert not any(map(is_alive, processes))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent was killed")
def test_programs_end_when_the_supervisor_itself_is_killed(tmp_path: Path) -> None:
    code = f"""
import os, sys, time
from pathlib import Path
from messagecenter.demo.supervisor import Program, Supervisor
supervisor = Supervisor([Program("web", [sys.executable, "-c", {SLEEPER!r}], 32)], folder=Path("."),
                        environment=os.environ, say=lambda *line: None)
supervisor.start()
print(supervisor.process_id("web"), flush=True)
time.sleep(300)
"""
    demo = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert demo.stdout
    web = int(demo.stdout.readline())
    assert is_alive(web)
    demo.kill()
    demo.communicate(timeout=PATIENCE)
    until(lambda: not is_alive(web))
