"""Turns the public Olist CSV files into a marketplace's events. The rules are told in docs/olist.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from messagecenter.replay.csv_files import Row, Tables
from messagecenter.replay.events import Event
from messagecenter.replay.invented import buyer_email, buyer_name, city_name, product_title, store_names

EVENT_PREFIX = "olist-"  # of every event id
ZONE = "America/Sao_Paulo"  # the files' times bear no zone
CURRENCY = "BRL"
CARRIER = {"code": "partner", "name": "Logistics partner"}  # the files do not name it
# The files know that an order was cancelled, not when: this long after the last thing that they know of it.
CANCELLED_AFTER = timedelta(minutes=1)
CANCELLED = {
    "canceled": {"reason": "other", "by": "marketplace"},
    "unavailable": {"reason": "out_of_stock", "by": "seller"},
}
_zone = ZoneInfo(ZONE)


def order_events(tables: Tables) -> list[Event]:
    """Every event of the tables' orders, in the order in which they happened; ties as they are told."""
    names = store_names(tables.sellers.values())
    events = [event for row in tables.orders for event in _tell_order(row, tables, names)]
    return sorted(events, key=lambda event: event.at)


def _tell_order(row: Row, tables: Tables, names: dict[str, str]) -> Iterator[Event]:
    number = row["order_id"]
    times = {
        "placed": _time(row["order_purchase_timestamp"]),
        "confirmed": _time(row["order_approved_at"]),
        "handed over": _time(row["order_delivered_carrier_date"]),
        "delivered": _time(row["order_delivered_customer_date"]),
    }

    def event(name: str, kind: str, at: datetime, **data: Any) -> Event:
        body = data if kind == "order.placed" else {"order_number": number, **data}
        return Event(f"{EVENT_PREFIX}{number}-{name}", kind, at, number, body)

    placed, confirmed = times["placed"], times["confirmed"]
    handed_over, delivered = times["handed over"], times["delivered"]
    if placed is None:
        raise ValueError(f"order {number} has no time of purchase")
    yield event("placed", "order.placed", placed, order=_order(row, tables, names))
    if confirmed:
        yield event("confirmed", "order.confirmed", confirmed)
    if delivered and not handed_over:
        handed_over = delivered - timedelta(seconds=1)
    sellers = _sellers(tables.items.get(number, ()))
    for position, seller in enumerate(sellers or [""], start=1):
        reference = f"S{position}"
        if handed_over:
            shipment = {"id": reference, "carrier": CARRIER, "items": []}
            if seller:
                shipment["seller_id"] = seller
            yield event(f"shipped-{position}", "shipment.created", handed_over, shipment=shipment)
        if delivered:
            yield event(f"delivered-{position}", "shipment.delivered", delivered, shipment_id=reference)
    if row["order_status"] in CANCELLED:
        last = max(time for time in times.values() if time)
        yield event("cancelled", "order.cancelled", last + CANCELLED_AFTER, **CANCELLED[row["order_status"]])


def _order(row: Row, tables: Tables, names: dict[str, str]) -> dict[str, Any]:
    items = tables.items.get(row["order_id"], [])
    payments = tables.payments.get(row["order_id"], [])
    price, freight = _sum(items, "price"), _sum(items, "freight_value")
    # What was paid, instalment interest included; price and freight where no payment is on file.
    total = _sum(payments, "payment_value") if payments else price + freight
    order: dict[str, Any] = {
        "number": row["order_id"],
        "currency": CURRENCY,
        "buyer": _buyer(tables.customers[row["customer_id"]]),
        "shipping_address": _address(tables.customers[row["customer_id"]]),
        "items": [_item(item, tables, names) for item in items],
        "totals": {"items": str(price), "shipping": str(freight), "total": str(total)},
    }
    if payment := _payment(payments):
        order["payment"] = payment
    if row["order_estimated_delivery_date"]:
        # A date, written as its midnight: the promise is kept until the day is over.
        day = datetime.fromisoformat(row["order_estimated_delivery_date"])
        order["estimated_delivery"] = {
            "to": day.replace(hour=23, minute=59, second=59, tzinfo=_zone).isoformat()
        }
    return order


def _buyer(customer: Row) -> dict[str, str]:
    first, last = buyer_name(customer["customer_unique_id"])
    return {
        "id": customer["customer_unique_id"],
        "email": buyer_email(customer["customer_unique_id"]),
        "first_name": first,
        "last_name": last,
        "language": "en",
        "time_zone": ZONE,
    }


def _address(customer: Row) -> dict[str, Any]:
    return {
        "name": " ".join(buyer_name(customer["customer_unique_id"])),
        "lines": [],  # the files hold no street
        "postal_code": customer["customer_zip_code_prefix"],
        "city": city_name(customer["customer_city"]),
        "region": customer["customer_state"],
        "country": "BR",
    }


def _item(item: Row, tables: Tables, names: dict[str, str]) -> dict[str, Any]:
    """The files have a row for every piece: three of a kind are three items of one."""
    product_id = item["product_id"]
    return {
        "id": item["order_item_id"],
        "product_id": product_id,
        "title": product_title(tables.products.get(product_id), product_id, tables.categories),
        "quantity": 1,
        "unit_price": item["price"],
        "seller": {"id": item["seller_id"], "name": names[item["seller_id"]]},
    }


def _payment(payments: list[Row]) -> dict[str, str]:
    """The means by which most was paid; where there were several, a label that names them."""
    known = [row for row in payments if row["payment_type"] != "not_defined"]
    if not known:
        return {}
    kinds = list(dict.fromkeys(row["payment_type"] for row in known))
    most = max(
        kinds, key=lambda kind: _sum([row for row in known if row["payment_type"] == kind], "payment_value")
    )
    label = " + ".join(kind.replace("_", " ") for kind in kinds)
    return {"kind": most, **({"label": label[:1].upper() + label[1:]} if len(kinds) > 1 else {})}


def _sellers(items: Iterable[Row]) -> list[str]:
    return list(dict.fromkeys(item["seller_id"] for item in items))


def _sum(rows: Iterable[Row], column: str) -> Decimal:
    return sum((Decimal(row[column]) for row in rows), Decimal("0.00"))


def _time(text: str) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=_zone) if text else None
