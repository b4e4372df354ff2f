"""Orders for the tests of notices: rows as the event intake leaves them, told milestone by milestone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import Store, User
from messagecenter.inbox.models import Entry, Mailbox, Source
from messagecenter.inbox.sources import Reader, RowWords, StoredRow, open_payload, presenter_of
from orders.models import Item, Milestone, Order
from orders.signals import order_event_recorded

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


def make_order(
    buyer: User, *items: tuple[Store, str], number: str = "A-1001", price: str = "20.00", **fields: Any
) -> Order:
    """`items` are (store, title); the lines are called 1, 2, 3…"""
    total = Decimal(price) * len(items)
    order = Order.objects.create(
        number=number,
        buyer=buyer,
        **{
            "status": Order.Status.PLACED,
            "placed_at": NOON,
            "updated_at": NOON,
            "currency": "EUR",
            "items_total": total,
            "shipping_total": Decimal("5.00"),
            "total": total + Decimal("5.00"),
            **fields,
        },
    )
    Item.objects.bulk_create(
        Item(
            order=order,
            line=str(position),
            store=store,
            product_id=f"P{position}",
            title=title,
            quantity=1,
            unit_price=Decimal(price),
            picture_url=f"https://pictures.example/{position}.webp",
            position=position,
        )
        for position, (store, title) in enumerate(items, start=1)
    )
    return order


def placed(order: Order) -> Milestone:
    count = order.items.count()
    params = {"item_count": count, "total": str(order.total), "currency": order.currency}
    return milestone(order, "order_placed", "placed", order.placed_at, params)


def milestone(
    order: Order, kind: str, key: str, when: datetime, params: dict[str, Any] | None = None, rank: int = 0
) -> Milestone:
    return Milestone(order=order, kind=kind, key=key, occurred_at=when, params=params or {}, rank=rank)


def parcel(shipment: str = "S1", items: Sequence[str] = (), **params: Any) -> dict[str, Any]:
    return {
        "shipment": shipment,
        "carrier": "dhl",
        "carrier_name": "",
        "tracking_number": "JD014600006281",
        "tracking_url": "",
        "items": list(items),
        "store": None,
        "estimate_from": "",
        "estimate_to": "",
        **params,
    }


def tell(order: Order, *changed: Milestone, removed: Sequence[str] = ()) -> None:
    """As the intake does it: in one transaction with what it tells."""
    with transaction.atomic():
        order_event_recorded.send(sender=Order, order=order, changed=list(changed), removed=list(removed))


def mailbox_of(owner: User | Store) -> Mailbox:
    found: Mailbox = Mailbox.objects.of(
        user=owner if isinstance(owner, User) else None, store=owner if isinstance(owner, Store) else None
    )
    return found


def reader_of(owner: User | Store, user: User | None = None) -> Reader:
    box = mailbox_of(owner)
    store = owner if isinstance(owner, Store) else None
    return Reader(
        user=user or (owner if isinstance(owner, User) else owner.memberships.get(role="owner").user),
        mailbox_id=box.id,
        store_id=store.pk if store else None,
        store_slug=store.slug if store else "",
        store_name=store.name if store else "",
        may_write=True,
        data_key_id=box.data_key_id,
        kek_id=box.data_key.kek_id,
        wrapped=bytes(box.data_key.wrapped),
    )


def entries_of(owner: User | Store) -> list[Entry]:
    return list(Entry.objects.for_mailbox(mailbox_of(owner).id).order_by("-active_at", "-id"))


def entry_of(owner: User | Store) -> Entry:
    (entry,) = entries_of(owner)
    return entry


def payload_of(entry: Entry) -> dict[str, Any]:
    key = Mailbox.objects.select_related("data_key").get(id=entry.mailbox_id).data_key.unwrap()
    payload = open_payload(key, entry.mailbox_id, entry.source, entry.source_id, bytes(entry.payload or b""))
    return dict(payload or {})


def stored_row(entry: Entry) -> StoredRow:
    return StoredRow(
        entry.id,
        entry.source,
        entry.source_id,
        entry.category,
        entry.unread,
        entry.has_attachment,
        entry.active_at,
        payload_of(entry) if entry.payload is not None else None,
    )


def words_of(entry: Entry, reader: Reader) -> RowWords:
    (words,) = presenter_of(Source(entry.source)).list_rows([stored_row(entry)], reader)
    return words
