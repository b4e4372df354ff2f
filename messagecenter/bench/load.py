"""Requests per second of one address, measured against another in turns of the same run."""

from __future__ import annotations

import socket
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle


class LoadError(Exception):
    """An answer was not the one expected: a figure of it would mean nothing."""


@dataclass(frozen=True)
class Target:
    """GETs of `paths` in turn with a session cookie; each answer must hold `proof`."""

    paths: Sequence[str]
    cookie: str
    proof: bytes

    def requests(self, port: int) -> Iterator[bytes]:
        """One after the other, without end; shared by all clients of a measurement."""
        for path in cycle(self.paths):
            yield (
                f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {self.cookie}\r\n"
                "Accept-Encoding: identity\r\nConnection: close\r\n\r\n"
            ).encode()


def requests_per_second(port: int, target: Target, *, seconds: float, clients: int = 4) -> float:
    """Raises LoadError where any answer is not 200 or lacks its proof."""
    requests, turn = target.requests(port), threading.Lock()
    counts = [0] * clients
    wrong: list[bytes] = []
    until = time.monotonic() + seconds

    def ask(client: int) -> None:
        while time.monotonic() < until and not wrong:
            with turn:
                request = next(requests)
            answer = exchange(port, request)
            if not answer.startswith(b"HTTP/1.1 200") or target.proof not in answer:
                wrong.append(answer[:300])
                return
            counts[client] += 1

    threads = [threading.Thread(target=ask, args=(client,)) for client in range(clients)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise LoadError(f"{target.paths[0]} answered {wrong[0]!r}")
    return sum(counts) / (time.monotonic() - started)


def exchange(port: int, request: bytes) -> bytes:
    """One request on a connection of its own; the whole answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request)
        parts = []
        while part := connection.recv(262_144):
            parts.append(part)
    return b"".join(parts)


def compare(
    port: int, target: Target, peer: Target, *, rounds: int = 5, seconds: float = 2.0
) -> tuple[float, float]:
    """Median requests per second of both, asked in turns so that the machine's moods hit both."""
    requests_per_second(port, target, seconds=0.5)
    requests_per_second(port, peer, seconds=0.5)
    pairs = [
        (
            requests_per_second(port, target, seconds=seconds),
            requests_per_second(port, peer, seconds=seconds),
        )
        for _ in range(rounds)
    ]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)
