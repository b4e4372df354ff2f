"""Advisory file locks that the kernel releases however their holder dies."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType

from messagecenter.embedded.errors import EmbeddedServersError
from messagecenter.embedded.places import open_own

_PAUSE = 0.02  # seconds between two tries


class Lock:
    """One open `flock`.

    The descriptor is close-on-exec: a program started by the holder does not keep the lock. A fork does,
    which is right: workers forked by gunicorn or Celery need the servers as much as their parent.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd: int | None = None

    def try_shared(self) -> bool:
        return self._try(fcntl.LOCK_SH)

    def try_exclusive(self) -> bool:
        return self._try(fcntl.LOCK_EX)

    def wait_shared(self, seconds: float) -> None:
        self._wait(fcntl.LOCK_SH, seconds)

    def wait_exclusive(self, seconds: float) -> None:
        self._wait(fcntl.LOCK_EX, seconds)

    def is_held_elsewhere(self) -> bool:
        """Whether another holds it exclusively. Only for who holds nothing of this lock."""
        free = self.try_shared()
        self.release()
        return not free

    def is_in_place(self) -> bool:
        """Whether the file that is held is still the one at the path: somebody may have removed `.local/`."""
        if self._fd is None:
            return False
        try:
            return os.path.samestat(os.fstat(self._fd), self.path.stat())
        except FileNotFoundError:
            return False

    def release(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def __enter__(self) -> Lock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.release()

    def _open(self) -> int:
        if self._fd is None:
            self._fd = open_own(self.path, os.O_RDWR)
        return self._fd

    def _try(self, operation: int) -> bool:
        try:
            fcntl.flock(self._open(), operation | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            raise EmbeddedServersError(f"Cannot lock {self.path}: {error.strerror}.") from error
        return True

    def _wait(self, operation: int, seconds: float) -> None:
        """Polled, because a blocking `flock` has no time limit."""
        deadline = time.monotonic() + seconds
        while not self._try(operation):
            if time.monotonic() > deadline:
                raise EmbeddedServersError(f"{self.path} is still locked after {seconds:.0f} s.")
            time.sleep(_PAUSE)
