"""Looking at processes with the standard library alone."""

from __future__ import annotations

import os
import signal
import socket
import struct
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

_DARWIN_LOCAL_PEERPID = 0x002  # sys/un.h of macOS


def is_alive(pid: int) -> bool:
    """Whether process `pid` runs; one that has ended and waits to be reaped does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    with suppress(OSError, IndexError):
        state = (
            Path(f"/proc/{pid}/stat")
            .read_text(encoding="utf-8", errors="replace")
            .rsplit(")", 1)[1]
            .split()[0]
        )
        return state not in "ZX"
    return True


def command_of(pid: int) -> str:
    """The command line of `pid`, or nothing where it cannot be learnt."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    with suppress(OSError, subprocess.SubprocessError):
        command = ["ps", "-p", str(pid), "-o", "command="]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=5).stdout
    return ""


def listener(path: Path) -> int | None:
    """The process that listens on the Unix socket `path`, or None. Says so even of one we did not start."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)
        try:
            connection.connect(os.fspath(path))
        except OSError:
            return None
        if sys.platform == "darwin":
            return int(connection.getsockopt(0, _DARWIN_LOCAL_PEERPID))
        credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        pid: int = struct.unpack("3i", credentials)[0]
    return pid or None


def wait_for_end(pid: int, seconds: float) -> bool:
    """Wait until `pid` has ended; False where it has not after `seconds`."""
    deadline = time.monotonic() + seconds
    while is_alive(pid):
        with suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def end_process(pid: int, *signals: tuple[signal.Signals, float]) -> None:
    """Send the signals one after the other, each with its seconds to obey, until `pid` has ended."""
    for number, seconds in signals:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        if wait_for_end(pid, seconds):
            return
