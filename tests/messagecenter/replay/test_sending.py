"""Signing, and not giving up: against a real HTTP server that fails as servers do."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messagecenter.replay import sending
from messagecenter.replay.events import Event
from messagecenter.replay.sending import (
    Sender,
    SendingStoppedError,
    ServerLostError,
    answers,
    send_all,
    signature,
)
from orders.intake.secrets import EventSecret
from orders.intake.signature import verify_signature

KEY = b"0123456789abcdef01234567"
SECRET = "whsec_" + base64.b64encode(KEY).decode()

# What the server does next: an HTTP status with a word, or None to hang up without an answer.
Script = list[tuple[int, str] | None]


class Shop(ThreadingHTTPServer):
    """Answers by its script, then accepts everything; keeps what it took."""

    script: Script
    taken: list[str]
    lock: threading.Lock


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Shop

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        secrets = [EventSecret("marketplace", KEY)]
        sent = verify_signature(
            {name.lower(): value for name, value in self.headers.items()},
            body,
            secrets=secrets,
            now=time.time(),
            max_age=300,
        )
        with self.server.lock:
            next_ = self.server.script.pop(0) if self.server.script else (202, "applied")
            if next_ is not None:
                self.server.taken.append(sent.event_id)
        if next_ is None:
            self.close_connection = True
            self.connection.close()
            return
        self._answer(*next_)

    def do_GET(self) -> None:
        self._answer(200, "here")

    def _answer(self, code: int, word: str) -> None:
        name = "status" if code < 400 else "error"
        body = json.dumps({name: word, "reason": f"because {word}"}).encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def shop() -> Iterator[Callable[..., Shop]]:
    made: list[Shop] = []

    def open_shop(*script: tuple[int, str] | None) -> Shop:
        server = Shop(("127.0.0.1", 0), Handler)
        server.script, server.taken, server.lock = list(script), [], threading.Lock()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        made.append(server)
        return server

    yield open_shop
    for server in made:
        server.shutdown()
        server.server_close()


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "FIRST_PAUSE", 0.01)


def address(shop: Shop) -> str:
    return f"http://127.0.0.1:{shop.server_port}"


def event(number: int, order: str = "o1") -> Event:
    return Event(f"e{number}", "order.confirmed", datetime(2026, 11, 22, tzinfo=UTC), order, {"n": number})


@given(body=st.binary(max_size=200), key=st.binary(min_size=24, max_size=64), at=st.integers(0, 2**33))
def test_signature_is_one_that_the_server_verifies(body: bytes, key: bytes, at: int) -> None:
    secret = "whsec_" + base64.b64encode(key).decode().rstrip("=")
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(at),
        "webhook-signature": signature(secret, "msg_1", at, body),
    }
    found = verify_signature(headers, body, secrets=[EventSecret("shop", key)], now=at, max_age=300)
    assert found.event_id == "msg_1"


def test_signature_is_that_of_the_standards_own_example() -> None:
    """https://github.com/standard-webhooks/standard-webhooks, libraries/python/tests/test_webhooks.py"""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    found = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_server_is_found_by_its_schema(shop: Callable[..., Shop]) -> None:
    server = shop()
    assert answers(address(server))
    server.shutdown()
    server.server_close()
    assert not answers(address(server))


def test_failures_are_tried_again_until_taken(shop: Callable[..., Shop]) -> None:
    server = shop((503, "down"), None, (500, "broken"), (429, "slow down"), (202, "applied"))
    sender = Sender(address(server), SECRET)
    answer = sender.post(event(1))
    assert (answer.code, answer.status, answer.after_failure) == (202, "applied", True)
    assert sender.retried == 4


def test_server_that_comes_back_later_is_waited_for(shop: Callable[..., Shop]) -> None:
    server = shop()
    port = server.server_port
    server.shutdown()
    server.server_close()
    sender = Sender(f"http://127.0.0.1:{port}", SECRET)
    later: list[Shop] = []

    def come_back() -> None:
        back = Shop(("127.0.0.1", port), Handler)
        back.script, back.taken, back.lock = [], [], threading.Lock()
        later.append(back)
        back.serve_forever()

    timer = threading.Timer(0.3, come_back)
    timer.start()
    assert sender.post(event(1)).accepted
    later[0].shutdown()
    later[0].server_close()
    timer.join()


def test_refusal_is_final(shop: Callable[..., Shop]) -> None:
    server = shop((422, "unknown_item"))
    answer = Sender(address(server), SECRET).post(event(1))
    assert (answer.code, answer.status, answer.reason) == (422, "unknown_item", "because unknown_item")
    assert server.taken == ["e1"]


def test_patience_ends(shop: Callable[..., Shop], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "PATIENCE", 0.1)
    server = shop(*[(503, "down")] * 100)
    with pytest.raises(ServerLostError, match="503 because down"):
        Sender(address(server), SECRET).post(event(1))


def test_events_of_one_order_go_in_order_over_several_connections(shop: Callable[..., Shop]) -> None:
    server = shop()
    events = [event(n, f"o{n % 7}") for n in range(140)]
    tally = send_all(events, url=address(server), secret=SECRET, workers=4)
    assert (tally.posted, tally.answers["applied"], tally.refused) == (140, 140, [])
    for order in range(7):
        wanted = [each.id for each in events if each.order_number == f"o{order}"]
        assert [id_ for id_ in server.taken if id_ in set(wanted)] == wanted


def test_answers_are_counted(shop: Callable[..., Shop]) -> None:
    script = [(202, "applied"), (202, "waiting"), (202, "repeat"), (422, "bad"), None, (202, "repeat")]
    tally = send_all([event(n) for n in range(5)], url=address(shop(*script)), secret=SECRET, workers=1)
    assert tally.answers == {"applied": 1, "waiting": 1, "repeat": 2, "bad": 1}
    assert [(each.id, answer.code) for each, answer in tally.refused] == [("e3", 422)]
    assert (tally.retried, tally.uncertain) == (1, 1)


def test_interruption_stops_every_lane(shop: Callable[..., Shop]) -> None:
    server = shop()

    def interrupt(done: int) -> None:
        if done == 5:
            raise SendingStoppedError

    with pytest.raises(SendingStoppedError):
        send_all(
            [event(n, f"o{n}") for n in range(500)],
            url=address(server),
            secret=SECRET,
            workers=4,
            on_answer=interrupt,
        )
    assert len(server.taken) < 100
