"""The marketplace's side: events of one order, signed and posted as Standard Webhooks asks."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Mapping
from typing import Any

from django.test import Client

from orders.intake.secrets import event_secrets
from orders.intake.signature import sign

URL = "/events/orders/"
NUMBER = "2026-1000-1"
_ids = itertools.count(1)

Body = dict[str, Any]


def post_event(
    body: object,
    *,
    event_id: str = "",
    client: Client | None = None,
    key: bytes | None = None,
    at: int | None = None,
    content_type: str = "application/json",
    headers: Mapping[str, str] | None = None,
) -> Any:
    """Posts a body (bytes as they are, anything else as JSON). `headers` replace the signed ones."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    event_id = event_id or f"evt_{next(_ids)}"
    at = int(time.time()) if at is None else at
    signed = {
        "webhook-id": event_id,
        "webhook-timestamp": str(at),
        "webhook-signature": sign(key or event_secrets()[0].key, event_id, at, raw),
    }
    everything = {**signed, **(headers or {})}
    return (client or Client()).post(URL, raw, content_type=content_type, headers=everything)


def event(kind: str, data: Body, *, at: str = "2026-11-16T09:00:00Z") -> Body:
    return {"type": kind, "version": 1, "timestamp": at, "data": data}


def item(line: str = "1", *, quantity: int = 1, seller: str = "S-1", **fields: Any) -> Body:
    return {
        "id": line,
        "product_id": f"P-{line}",
        "title": f"Thing {line}",
        "quantity": quantity,
        "unit_price": "10.00",
        "seller": {"id": seller, "name": f"Seller {seller}"},
        **fields,
    }


def placed(
    *items: Body,
    number: str = NUMBER,
    at: str = "2026-11-16T09:00:00Z",
    buyer: Body | None = None,
    **fields: Any,
) -> Body:
    order = {
        "number": number,
        "currency": "EUR",
        "buyer": {
            "id": "customer-alice",
            "email": "alice@example.org",
            "first_name": "Alice",
            "last_name": "Arnaud",
            **(buyer or {}),
        },
        "items": list(items),
        "totals": {"items": "20.00", "shipping": "4.90", "total": "24.90"},
        **fields,
    }
    return event("order.placed", {"order": order}, at=at)


def shipped(
    reference: str = "P-1",
    *lines: str,
    number: str = NUMBER,
    at: str = "2026-11-17T09:00:00Z",
    **fields: Any,
) -> Body:
    shipment = {
        "id": reference,
        "carrier": {"code": "ups"},
        "items": [{"id": line} for line in lines],
        **fields,
    }
    return event("shipment.created", {"order_number": number, "shipment": shipment}, at=at)


def scanned(
    status: str,
    reference: str = "P-1",
    *,
    number: str = NUMBER,
    at: str = "2026-11-18T09:00:00Z",
    **fields: Any,
) -> Body:
    data = {"order_number": number, "shipment_id": reference, "status": status, **fields}
    return event("shipment.updated", data, at=at)


def delivered(
    reference: str = "P-1", *, number: str = NUMBER, at: str = "2026-11-19T09:00:00Z", **fields: Any
) -> Body:
    data = {"order_number": number, "shipment_id": reference, **fields}
    return event("shipment.delivered", data, at=at)


def confirmed(*, number: str = NUMBER, at: str = "2026-11-16T09:01:00Z") -> Body:
    return event("order.confirmed", {"order_number": number}, at=at)


def cancelled(*lines: str, number: str = NUMBER, at: str = "2026-11-16T10:00:00Z", **fields: Any) -> Body:
    """Of the lines, or of the whole order where there are none."""
    data = {"order_number": number, "reason": "out_of_stock", "by": "seller", **fields}
    if lines:
        return event("item.cancelled", {**data, "items": list(lines)}, at=at)
    return event("order.cancelled", data, at=at)


def returned(
    reference: str, *lines: str, number: str = NUMBER, at: str = "2026-11-20T09:00:00Z", **fields: Any
) -> Body:
    told = {"id": reference, "items": list(lines), **fields}
    return event("return.authorised", {"order_number": number, "return": told}, at=at)


def refunded(
    reference: str,
    amount: str,
    *lines: str,
    number: str = NUMBER,
    at: str = "2026-11-21T09:00:00Z",
    **fields: Any,
) -> Body:
    told = {
        "id": reference,
        "amount": amount,
        "currency": "EUR",
        "method": {"kind": "card", "last4": "4242"},
        "items": list(lines),
        **fields,
    }
    return event("refund.issued", {"order_number": number, "refund": told}, at=at)
