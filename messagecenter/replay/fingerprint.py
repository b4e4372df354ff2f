"""One hash of all that a replay left in the database: orders, what belongs to them, notices, opened rows.

Without the database's own ids, times of arrival and nonces, so that two replays of the same events can be
compared whatever their order, repetition and database.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from accounts.models import Store
from messagecenter.datakeys import unwrap
from messagecenter.inbox.models import Entry, Mailbox, Source, entry_place
from messagecenter.replay.reconciliation import parts
from messagecenter.sealing import DataKeyBytes
from notifications.models import Notice
from orders.models import Item, Milestone, Order, Refund, Return, Shipment, ShipmentLine, TrackingEvent

_ORDER = (
    "number status placed_at updated_at currency items_total shipping_total tax_total discount_total total "
    "estimate_from estimate_to shipping_address payment buyer__marketplace_id"
)
_ITEM = (
    "line store__marketplace_id product_id title quantity unit_price picture_url product_url position "
    "cancelled_at cancel_reason"
)
_SHIPMENT = (
    "reference store__marketplace_id carrier carrier_name tracking_number tracking_url status problem "
    "shipped_at estimate_from estimate_to delivered_at delivered_where signed_by"
)
_TRACKING = "shipment__reference event__event_id occurred_at status rank problem description place"
_NOTICE = "key kind params occurred_at rank state withdrawn"

# What hangs on an order: the model, the path to the order, its columns.
_PARTS: tuple[tuple[str, Any, str, str], ...] = (
    ("items", Item, "order", _ITEM),
    ("shipments", Shipment, "order", _SHIPMENT),
    ("shipment lines", ShipmentLine, "shipment__order", "shipment__reference item__line quantity"),
    ("tracking", TrackingEvent, "shipment__order", _TRACKING),
    ("returns", Return, "order", "reference authorised_at deadline instructions label_url address"),
    ("refunds", Refund, "order", "reference issued_at amount currency method expected_by reason"),
    ("milestones", Milestone, "order", "key kind occurred_at params"),
    ("notices", Notice, "order", _NOTICE),
)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """`whole` is of everything, `by_part` of each kind of rows, to see where two replays differ."""

    whole: str
    by_part: Mapping[str, str]


def take_fingerprint(numbers: Sequence[str]) -> Fingerprint:
    """Of these orders, as they are now. Raises SealingError where a row cannot be opened."""
    texts: dict[str, list[str]] = defaultdict(list)
    stores = dict(Store.objects.values_list("id", "marketplace_id"))
    for part in parts(sorted(numbers)):
        orders = Order.objects.filter(number__in=part)
        texts["orders"] += _texts(orders.values_list(*_ORDER.split()), stores)
        for name, model, path, columns in _PARTS:
            rows = model.objects.filter(**{f"{path}__number__in": part}).order_by()
            texts[name] += _texts(rows.values_list(f"{path}__number", *columns.split()), stores)
        texts["entries"] += _texts(_entries(dict(orders.values_list("id", "number"))), stores)
    by_part = {name: _digest(sorted(lines)) for name, lines in texts.items()}
    return Fingerprint(_digest(f"{name} {digest}" for name, digest in sorted(by_part.items())), by_part)


def _entries(orders: Mapping[int, str]) -> Iterable[tuple[Any, ...]]:
    """The rows of these orders in every mailbox, opened."""
    rows = list(
        Entry.objects.filter(source=Source.ORDER, source_id__in=list(orders)).values_list(
            "mailbox_id", "source_id", "category", "state", "unread", "has_attachment", "active_at", "payload"
        )
    )
    owners = _owners({row[0] for row in rows})
    for mailbox_id, order_id, *columns, payload in rows:
        owner, key = owners[mailbox_id]
        place = entry_place(mailbox_id, Source.ORDER, order_id)
        opened = None if payload is None else key.open(bytes(payload), place=place)
        yield owner, orders[order_id], *columns, opened


def _owners(mailbox_ids: set[int]) -> dict[int, tuple[str, DataKeyBytes]]:
    columns = (
        "id",
        "user__marketplace_id",
        "store__marketplace_id",
        "data_key_id",
        "data_key__kek_id",
        "data_key__wrapped",
    )
    return {
        id_: (f"store {store}" if store else f"buyer {user}", unwrap(key_id, kek_id, bytes(wrapped)))
        for id_, user, store, key_id, kek_id, wrapped in Mailbox.objects.filter(
            id__in=mailbox_ids
        ).values_list(*columns)
    }


def _texts(rows: Iterable[Sequence[Any]], stores: Mapping[int, str]) -> list[str]:
    """Each row as text that says the same of the same facts."""
    encoder = DjangoJSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return [encoder.encode([_without_ids(value, stores) for value in row]) for row in rows]


def _without_ids(value: Any, stores: Mapping[int, str]) -> Any:
    """Parameters name a store by our id: here by the marketplace's. What a row has told is counted, since
    its digests contain that id."""
    if isinstance(value, Mapping):
        return {key: _translated(key, inner, stores) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_ids(inner, stores) for inner in value]
    return value


def _translated(key: str, value: Any, stores: Mapping[int, str]) -> Any:
    if key == "store" and isinstance(value, int):
        return stores[value]
    if key == "told" and isinstance(value, list):
        return len(value)
    return _without_ids(value, stores)


def _digest(texts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for text in texts:
        digest.update(text.encode() + b"\n")
    return digest.hexdigest()
