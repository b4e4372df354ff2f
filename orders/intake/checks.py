"""What an event must fulfil beyond its schema, and what can be said of it before its order is looked up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings

from orders.intake.amounts import minor_units
from orders.intake.problems import EventError
from orders.intake.schema.formats import parse_time

FUTURE = timedelta(days=1)  # clocks differ; an event of the day after tomorrow is a mistake
_TOTALS = ("items", "shipping", "tax", "discount", "total")
_WITH_ESTIMATE = frozenset({"order.placed", "shipment.created", "shipment.updated"})


def check_event(body: Mapping[str, Any], *, now: datetime) -> None:
    """Of a body that fits the schema. Raises EventError."""
    if parse_time(body["timestamp"]) > now + FUTURE:
        raise EventError("invalid_time", "“timestamp” lies in the future.", "$.timestamp")
    data, path = body["data"], "$.data"
    number, field = order_number(body), "$.data.order_number"
    match body["type"]:
        case "order.placed":
            data, path, field = data["order"], "$.data.order", "$.data.order.number"
            for amount, place in _order_amounts(data):
                _check_decimals(amount, data["currency"], place)
            _check_unique(data["items"], f"{path}.items")
        case "shipment.created":
            data, path = data["shipment"], "$.data.shipment"
            _check_unique(data["items"], f"{path}.items")
        case "refund.issued":
            refund = data["refund"]
            _check_decimals(refund["amount"], refund["currency"], "$.data.refund.amount")
    if body["type"] in _WITH_ESTIMATE and "estimated_delivery" in data:
        _check_window(data["estimated_delivery"], f"{path}.estimated_delivery")
    if not _order_number_pattern(settings.ORDER_NUMBER_PATTERN).fullmatch(number):
        raise EventError("unknown_order", field=field)


def order_number(body: Mapping[str, Any]) -> str:
    data = body["data"]
    number: str = data["order"]["number"] if body["type"] == "order.placed" else data["order_number"]
    return number


@lru_cache(maxsize=8)
def _order_number_pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _order_amounts(order: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in filter(order["totals"].__contains__, _TOTALS):
        yield order["totals"][name], f"$.data.order.totals.{name}"
    for index, item in enumerate(order["items"]):
        yield item["unit_price"], f"$.data.order.items[{index}].unit_price"


def _check_decimals(amount: str, currency: str, path: str) -> None:
    """A yen has no hundredths; "100.00" says nothing else than "100" and passes."""
    decimals = len(amount.partition(".")[2].rstrip("0"))
    most = minor_units(currency)
    if decimals > most:
        name = path.rpartition(".")[2]
        raise EventError("invalid_amount", f"“{name}” has more than the {most} decimals of {currency}.", path)


def _check_unique(items: list[Mapping[str, Any]], path: str) -> None:
    seen: set[str] = set()
    for index, item in enumerate(items):
        if item["id"] in seen:
            raise EventError("duplicate_item", item["id"], f"{path}[{index}].id")
        seen.add(item["id"])


def _check_window(window: Mapping[str, str], path: str) -> None:
    if "from" in window and parse_time(window["from"]) > parse_time(window["to"]):
        raise EventError("invalid_time", "“to” comes before “from”.", f"{path}.to")
