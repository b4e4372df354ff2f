"""The demo as somebody starts it: in a copy of the checkout, with nothing there yet."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.messagecenter.replay.stack import wait_until

pytestmark = pytest.mark.servers

ROOT = Path(__file__).resolve().parents[3]
PARTS = ("accounts", "messagecenter", "notifications", "orders", "static", "templates", "manage.py")
FIRST_START = 240.0  # seconds; a busy machine is no reason to fail
SECOND_START = 60.0
STOP = 10.0  # promised


@dataclass
class Checkout:
    """A copy of the code alone, with its own `.local/`."""

    root: Path

    @property
    def environment(self) -> dict[str, str]:
        """Ours, without whatever the tests were told about their own servers and mode."""
        foreign = ("DATABASE_URL", "REDIS_URL", "DJANGO_", "MC_", "PYTEST_")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        return {**inherited, "MC_MODE": "development", "MC_EMBEDDED_FAST": "1"}

    def start(self, log: Path) -> subprocess.Popen[bytes]:
        with log.open("wb") as output:
            return subprocess.Popen(
                [sys.executable, "manage.py", "demo", "--port", "18600", "--orders", "10"],
                cwd=self.root,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def processes(self) -> list[str]:
        """What still runs from here, servers and their keepers included."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                works_here = (process / "cwd").readlink() == self.root
            except (FileNotFoundError, PermissionError, ProcessLookupError):
                continue
            if works_here or str(self.root) in command:
                found.append(command)
        return found


@pytest.fixture
def checkout() -> Iterator[Checkout]:
    with tempfile.TemporaryDirectory(prefix="demo-") as folder:
        root = Path(folder).resolve() / "copy"
        Path(folder).chmod(0o755)
        root.mkdir()
        for part in PARTS:
            source = ROOT / part
            if source.is_dir():
                shutil.copytree(source, root / part, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
            else:
                shutil.copy2(source, root / part)
        copy = Checkout(root)
        yield copy
        wait_until(lambda: not copy.processes(), "the servers have ended")


def read(url: str) -> tuple[int, str, bytes]:
    """Status, content type and body."""
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.status, answer.headers.get_content_type(), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, "", b""


def password(said: str) -> str:
    found = re.search(r"password: (\S+)", said)
    assert found, said
    return found[1]


def wait_for(log: Path, words: str, demo: subprocess.Popen[bytes], seconds: float) -> str:
    wait_until(lambda: words in log.read_text() or demo.poll() is not None, words, seconds)
    assert words in log.read_text(), log.read_text()
    return log.read_text()


def test_demo_starts_from_nothing_moves_and_leaves_nothing_running(
    checkout: Checkout, tmp_path: Path
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    demo = checkout.start(first)
    try:
        said = wait_for(first, "Ready after", demo, FIRST_START)
        assert "Sending the orders of eight months" in said
        url = json.loads((checkout.root / ".local/demo/running.json").read_text())["url"]
        assert f"Inbox            {url}/" in said
        assert_pages_and_pictures_are_served(url)
        assert_no_second_demo_starts(checkout, url)
        # The trickle: two more lines, each with a time and an order number.
        moved = re.compile(r"^  \d\d:\d\d:\d\d  .+ \d{4}-\d{4}  ", re.MULTILINE)
        wait_until(lambda: len(moved.findall(first.read_text())) >= 2, "it moves")
    finally:
        demo.send_signal(signal.SIGINT)
        began = time.monotonic()
        demo.wait(60)
    assert demo.returncode == 0, first.read_text()
    assert time.monotonic() - began < STOP
    assert not (checkout.root / ".local/demo/running.json").exists()

    demo = checkout.start(second)
    try:
        said = wait_for(second, "Ready after", demo, SECOND_START)
        assert "Sending" not in said
        assert password(said) == password(first.read_text())
    finally:
        demo.terminate()
        demo.wait(60)
    assert demo.returncode == 0


def assert_pages_and_pictures_are_served(url: str) -> None:
    status, kind, body = read(f"{url}/account/login/")
    assert (status, kind) == (200, "text/html")
    sheets = re.findall(rb'<link[^>]+href="(/static/[^"]+\.css)"', body)
    assert sheets
    for sheet in sheets:
        assert read(url + sheet.decode())[:2] == (200, "text/css")
    assert read(f"{url}/demo-pictures/mug-teal.svg")[:2] == (200, "image/svg+xml")


def assert_no_second_demo_starts(checkout: Checkout, url: str) -> None:
    again = subprocess.run(
        [sys.executable, "manage.py", "demo"],
        cwd=checkout.root,
        env=checkout.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert again.returncode == 1
    assert f"runs already: {url}" in again.stderr
