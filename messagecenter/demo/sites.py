"""Where the demo listens, and the programs that it is made of."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from messagecenter.demo.supervisor import Program

HOST = "127.0.0.1"  # never another: everybody here shares a password
PORTS_TRIED = 100
WEB_WORKERS = 2
WORKER_PROCESSES = 2


class NoPortError(Exception):
    """None of the ports tried is free."""


def open_socket(port: int) -> socket.socket:
    """Listens on `port`, or on the next free one after it. Raises NoPortError.

    The demo keeps the socket and lends it to the web server: nobody can take the port in between, and a web
    server that is started again finds the requests that came meanwhile.
    """
    for candidate in range(port, min(port + PORTS_TRIED, 65536)):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, candidate))
            listener.listen(256)
        except OSError:
            listener.close()
            continue
        return listener
    raise NoPortError(f"none of the ports {port} to {port + PORTS_TRIED - 1} is free")


def child_environment(url: str, public: Path) -> Mapping[str, str]:
    """What the programs must know beyond what the demo was started with."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "messagecenter.settings",
        "MC_SITE_URL": url,
        "MC_PUBLIC_DIR": str(public),
        "PYTHONUNBUFFERED": "1",
    }


def programs(listener: socket.socket, folder: Path) -> list[Program]:
    """`folder` keeps what the scheduler remembers."""
    python = sys.executable
    web = [
        *(python, "-m", "gunicorn", "messagecenter.wsgi", "--bind", f"fd://{listener.fileno()}"),
        *("--workers", str(WEB_WORKERS), "--worker-class", "gthread", "--threads", "4"),
        *("--graceful-timeout", "3", "--timeout", "60", "--log-level", "warning", "--no-control-socket"),
    ]
    # As root, Celery warns at every start; nothing but this machine can reach the demo.
    quiet = ["-W", "ignore::UserWarning:celery.platforms"]
    celery = [python, *quiet, "-m", "celery", "--app", "messagecenter.celery", "--quiet"]
    worker = [
        *(*celery, "worker", "--concurrency", str(WORKER_PROCESSES), "--loglevel", "WARNING"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]
    scheduler = [*celery, "beat", "--loglevel", "WARNING", "--pidfile="]
    scheduler += ["--schedule", str(folder / "scheduler")]
    return [
        Program("web", web, 36, keep=(listener.fileno(),)),
        Program("worker", worker, 33),
        Program("scheduler", scheduler, 35),
    ]
