"""Signs events as a marketplace would and posts them, several at a time, until each is answered for good.

Written apart from the server's own verification on purpose: two readings of Standard Webhooks must agree.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from messagecenter.replay.events import Event

PATH = "/events/orders/"
TIMEOUT = 30.0  # seconds, of one request
FIRST_PAUSE = 0.2  # seconds; doubled with each attempt
LONGEST_PAUSE = 5.0
PATIENCE = 180.0  # seconds in which a server that fails must have come back


class SendingStoppedError(Exception):
    """Sending was stopped from outside."""


class ServerLostError(Exception):
    """The server did not take an event in `PATIENCE` seconds; the text says what it answered."""


def answers(url: str) -> bool:
    """Whether a message center takes events there."""
    connection = _connect(url)
    try:
        connection.request("GET", urlsplit(url).path.rstrip("/") + PATH + "schema.json")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def signature(secret: str, event_id: str, timestamp: int, body: bytes) -> str:
    """The webhook-signature header of Standard Webhooks, version 1."""
    encoded = secret.removeprefix("whsec_")
    key = base64.b64decode(encoded + "=" * (-len(encoded) % 4))
    signed = f"{event_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said: `status` is applied, waiting or repeat, or an error code where `code` is 4xx.

    `after_failure`: an earlier attempt got no answer, and may have been taken nevertheless.
    """

    code: int
    status: str
    reason: str = ""
    field: str = ""
    after_failure: bool = False

    @property
    def accepted(self) -> bool:
        return self.code == 202


@dataclass(slots=True)
class Tally:
    """Answers counted by their status. `retried` counts requests sent again because the server failed or was
    away, `uncertain` the repeats among those: the first answer may have been lost on its way."""

    posted: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    uncertain: int = 0
    refused: list[tuple[Event, Answer]] = field(default_factory=list)
    retried: int = 0
    seconds: float = 0.0

    def count(self, event: Event, answer: Answer) -> None:
        self.posted += 1
        self.answers[answer.status] += 1
        self.uncertain += answer.after_failure and answer.status == "repeat"
        if not answer.accepted:
            self.refused.append((event, answer))

    @property
    def rate(self) -> float:
        """Events answered per second."""
        return self.posted / self.seconds if self.seconds else 0.0


class Sender:
    """One connection to the server, kept open while the server keeps it."""

    def __init__(self, url: str, secret: str) -> None:
        self._path = urlsplit(url).path.rstrip("/") + PATH
        self._secret = secret
        self._connection = _connect(url)
        self.retried = 0

    def close(self) -> None:
        self._connection.close()

    def post(self, event: Event, stop: threading.Event | None = None) -> Answer:
        """Sends until the server takes or refuses the event.

        A refused connection, a broken answer and 5xx are tried again with growing pauses; the event id
        makes that harmless. Raises ServerLostError after PATIENCE seconds, and
        SendingStoppedError when `stop` is set.
        """
        stop = stop or threading.Event()
        deadline = time.monotonic() + PATIENCE
        pause, failed = FIRST_PAUSE, False
        while True:
            try:
                answer = self._post_once(event)
                if answer.code < 500 and answer.code != 429:
                    return replace(answer, after_failure=failed)
                said = f"{answer.code} {answer.reason}"
            except (OSError, http.client.HTTPException) as error:
                self._connection.close()
                said = str(error) or type(error).__name__
            if time.monotonic() + pause > deadline:
                raise ServerLostError(f"event {event.id} was not taken in {PATIENCE:.0f} s: {said}")
            self.retried += 1
            failed = True
            if stop.wait(pause):
                raise SendingStoppedError
            pause = min(pause * 2, LONGEST_PAUSE)

    def _post_once(self, event: Event) -> Answer:
        body = event.body()
        now = int(time.time())
        headers = {
            "Content-Type": "application/json",
            "webhook-id": event.id,
            "webhook-timestamp": str(now),
            "webhook-signature": signature(self._secret, event.id, now, body),
        }
        self._connection.request("POST", self._path, body=body, headers=headers)
        response = self._connection.getresponse()
        return _read(response.status, response.read())


def _connect(url: str) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"not an address of a server: {url!r}")
    made = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    return made(parts.hostname, parts.port, timeout=TIMEOUT)


def _read(code: int, body: bytes) -> Answer:
    try:
        said = json.loads(body)
    except ValueError:
        said = {}
    if not isinstance(said, dict):
        said = {}
    words = str(said.get("status") or said.get("error") or f"http_{code}")
    return Answer(code, words, str(said.get("reason", "")), str(said.get("field", "")))


def send_all(
    events: Sequence[Event],
    *,
    url: str,
    secret: str,
    workers: int,
    on_answer: Callable[[int], None] = lambda done: None,
    keep_order: bool = True,
) -> Tally:
    """Posts all events over `workers` connections and counts the answers.

    With `keep_order` the events of one order go one after the other, in the given order; without it any
    connection takes any event. `on_answer` is called with the number of answers so far, from any thread.
    Raises ServerLostError.
    """
    tally, lock, stop, started = Tally(), threading.Lock(), threading.Event(), time.monotonic()

    def send_lane(lane: Iterable[Event]) -> None:
        sender = Sender(url, secret)
        try:
            for event in lane:
                if stop.is_set():
                    raise SendingStoppedError
                answer = sender.post(event, stop)
                with lock:
                    tally.count(event, answer)
                on_answer(tally.posted)
        finally:
            sender.close()
            with lock:
                tally.retried += sender.retried

    with ThreadPoolExecutor(workers) as pool:
        sending = [pool.submit(send_lane, lane) for lane in _lanes(events, workers, keep_order=keep_order)]
        try:
            for finished in as_completed(sending):
                finished.result()
        except BaseException:  # Ctrl-C too: the other lanes must not go on for minutes
            stop.set()
            raise
    tally.seconds = time.monotonic() - started
    return tally


def _lanes(events: Sequence[Event], count: int, *, keep_order: bool) -> list[list[Event]]:
    """One list for each connection; with `keep_order` an order's events are all in the same."""
    lanes: list[list[Event]] = [[] for _ in range(count)]
    for position, event in enumerate(events):
        lane = zlib.crc32(event.order_number.encode()) if keep_order else position
        lanes[lane % count].append(event)
    return lanes
