"""What the demo and the replay print: plain lines, coloured where somebody looks at them."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

BOLD, DIM, RED, GREEN, YELLOW, CYAN = 1, 2, 31, 32, 33, 36
_BAR = 24  # characters


class Terminal:
    """Writes whole lines, from any thread; a progress line stays below them while it runs."""

    def __init__(self) -> None:
        self.is_live = sys.stdout.isatty()
        self._colours = self.is_live and "NO_COLOR" not in os.environ
        self._lock = threading.Lock()
        self._progress = ""

    def paint(self, text: str, *codes: int) -> str:
        return f"\x1b[{';'.join(map(str, codes))}m{text}\x1b[0m" if self._colours and codes else text

    def say(self, text: str = "") -> None:
        with self._lock:
            self._wipe()
            sys.stdout.write(text + "\n")
            self._draw()

    def say_named(self, name: str, colour: int, line: str) -> None:
        """A line of one of the programs."""
        if line.strip():
            self.say(f"{self.paint(f'{name:<9}', colour)} {line}")

    @contextmanager
    def step(self, doing: str) -> Iterator[None]:
        """Says what is being done, and how long it took where that was long enough to wonder."""
        started = time.monotonic()
        if self.is_live:
            with self._lock:
                self._progress = f"  {doing} …"
                self._draw()
        else:
            self.say(f"  {doing}")
        try:
            yield
        finally:
            self.end_progress()
        took = time.monotonic() - started
        if self.is_live:
            self.say(f"  {doing}" + (self.paint(f"  {took:.1f} s", DIM) if took > 1 else ""))

    def progress(self, doing: str, done: int, total: int, note: str = "") -> None:
        """Draws the bar where somebody looks; elsewhere says once what has begun."""
        if not self.is_live:
            if doing != self._progress:
                self._progress = doing
                self.say(f"  {doing} ({total:,})")
            return
        share = done / total if total else 1.0
        filled = int(share * _BAR)
        bar = "█" * filled + "░" * (_BAR - filled)
        with self._lock:
            self._wipe()
            self._progress = f"  {doing}  {bar}  {done:,}/{total:,}  {note}"
            self._draw()

    def end_progress(self) -> None:
        with self._lock:
            self._wipe()
            self._progress = ""

    def _wipe(self) -> None:
        if self.is_live and self._progress:
            sys.stdout.write("\r\x1b[2K")

    def _draw(self) -> None:
        if self.is_live and self._progress:
            sys.stdout.write(self._progress[: shutil.get_terminal_size().columns - 1])
        sys.stdout.flush()
