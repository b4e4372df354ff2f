"""Runs a command with DATABASE_URL and REDIS_URL of servers as a real installation has them.

    python tests/real_servers.py make test

The programs are this machine's own (Debian: postgresql, redis-server), over TCP on free ports, with a
password, in a directory that is removed at the end.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_START_SECONDS = 30.0


def find_postgresql() -> Path:
    """The folder of `initdb` and `postgres`: the newest that Debian has, or the one on the PATH."""
    folders = sorted(
        (found.parent for found in Path("/usr/lib/postgresql").glob("*/bin/initdb")),
        key=lambda folder: int(folder.parent.name),
    )
    if folders:
        return folders[-1]
    on_path = shutil.which("initdb")
    if on_path is None:
        sys.exit("No PostgreSQL is installed on this machine (Debian: apt-get install postgresql).")
    return Path(on_path).resolve().parent


def as_user() -> dict[str, Any]:
    """PostgreSQL refuses root: its package brings the user `postgres`."""
    if os.geteuid():
        return {}
    entry = pwd.getpwnam("postgres")
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    sys.exit(f"{process.args!r} does not listen on port {port}; it said:\n{log.read_text()[-2000:]}")


@contextmanager
def running(command: Callable[[int], list[str]], log: Path, **options: Any) -> Iterator[int]:
    """`command` on a free port; gives the port."""
    port = free_port()
    with (
        log.open("wb") as output,
        subprocess.Popen(command(port), stdout=output, stderr=output, cwd="/", **options) as process,
    ):
        try:
            wait_for(port, process, log)
            yield port
        finally:
            process.terminate()  # for PostgreSQL this waits for its clients; all of ours have ended


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """A new server; gives its URL."""
    programs, data, password = find_postgresql(), folder / "postgres", secrets.token_hex()
    data.mkdir(mode=0o700)
    word = folder / "password"
    word.write_text(password)
    user = as_user()
    if user:
        shutil.chown(data, user["user"], user["group"])
    subprocess.run([programs / "postgres", "--version"], check=True)
    setup = f"initdb -U mc -A scram-sha-256 -E UTF8 --locale=C --no-sync --pwfile={word} -D {data}".split()
    subprocess.run([programs / setup[0], *setup[1:]], check=True, stdout=subprocess.DEVNULL, cwd="/", **user)

    def command(port: int) -> list[str]:
        options = [
            "listen_addresses=127.0.0.1",
            f"port={port}",
            f"unix_socket_directories={data}",
            "fsync=off",
        ]
        return [str(programs / "postgres"), "-D", str(data), *(part for o in options for part in ("-c", o))]

    with running(command, folder / "postgres.log", **user) as port:
        yield f"postgresql://mc:{password}@127.0.0.1:{port}/postgres"


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """A new server; gives its URL."""
    if shutil.which("redis-server") is None:
        sys.exit("No Redis is installed on this machine (Debian: apt-get install redis-server).")
    subprocess.run(["redis-server", "--version"], check=True)
    password = secrets.token_hex()

    def command(port: int) -> list[str]:
        return f"redis-server --port {port} --bind 127.0.0.1 --requirepass {password} --dir {folder}".split()

    with running(command, folder / "redis.log") as port:
        yield f"redis://:{password}@127.0.0.1:{port}/0"


def main(command: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="real-servers-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with postgresql(folder) as database_url, redis(folder) as redis_url:
            environment = os.environ | {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
            return subprocess.run(command, check=False, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
