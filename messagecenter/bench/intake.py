"""Events per second through the signed webhook."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from accounts.models import User
from messagecenter.bench.data import sign_in
from messagecenter.bench.load import LoadError, Target, exchange, requests_per_second
from messagecenter.bench.report import Figure
from orders.intake.secrets import event_secrets
from orders.intake.signature import sign

ORDERS = 400
CLIENTS = 4


def measure_intake(port: int, user: User) -> Iterator[Figure]:
    """Five events for each order, orders side by side, the events of one order in their order."""
    hello = requests_per_second(port, Target(["/bench/hello/"], sign_in(user), b"hello"), seconds=3)
    wrong: list[bytes] = []

    def post_orders(client: int) -> None:
        for number in range(client, ORDERS, CLIENTS):
            for request in order_requests(port, number):
                answer = exchange(port, request)
                if not answer.startswith(b"HTTP/1.1 202"):
                    wrong.append(answer[-400:])
                    return

    threads = [threading.Thread(target=post_orders, args=(client,)) for client in range(CLIENTS)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise LoadError(f"an event was answered {wrong[0]!r}")
    rate = ORDERS * 5 / (time.monotonic() - started)
    yield Figure("order events through the webhook, 2 web processes", rate, "events/s", hello)


def order_requests(port: int, number: int) -> Iterator[bytes]:
    name = f"BENCH-{number}"
    placed = datetime.now(UTC) - timedelta(days=5)
    parcel = {"id": "P1", "carrier": {"code": "dpd"}, "tracking_number": f"0998{number:010}", "items": []}
    moved: dict[str, object] = {
        "order_number": name,
        "shipment_id": "P1",
        "status": "in_transit",
        "place": "Lyon",
    }
    histories: list[tuple[str, dict[str, object]]] = [
        ("order.placed", {"order": _order(name, number)}),
        ("order.confirmed", {"order_number": name}),
        ("shipment.created", {"order_number": name, "shipment": parcel}),
        ("shipment.updated", moved),
        ("shipment.delivered", {"order_number": name, "shipment_id": "P1", "where": "Letter box"}),
    ]
    for step, (kind, data) in enumerate(histories):
        happened = (placed + timedelta(hours=20 * step)).isoformat()
        body = json.dumps({"type": kind, "version": 1, "timestamp": happened, "data": data}).encode()
        yield _request(port, f"bench-{number}-{step}", body)


def _order(name: str, number: int) -> dict[str, object]:
    items = [
        {
            "id": f"L{line}",
            "product_id": f"B-{line}",
            "title": f"Bench item {line}",
            "quantity": 1,
            "unit_price": "12.50",
            "seller": {"id": f"bench-{number % 50}", "name": f"Bench store {number % 50}"},
        }
        for line in (1, 2)
    ]
    buyer = {
        "id": f"bench-{number % 200}",
        "email": f"buyer{number % 200}@bench.example",
        "first_name": "Bea",
        "last_name": "Buyer",
    }
    totals = {"items": "25.00", "shipping": "4.90", "total": "29.90"}
    return {"number": name, "currency": "EUR", "buyer": buyer, "items": items, "totals": totals}


def _request(port: int, event_id: str, body: bytes) -> bytes:
    now = int(time.time())
    head = (
        f"POST /events/orders/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nwebhook-id: {event_id}\r\nwebhook-timestamp: {now}\r\n"
        f"webhook-signature: {sign(event_secrets()[0].key, event_id, now, body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
