"""Looks at a stack's database, in a process of its own: pytest's Django knows another one."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import asdict


def main() -> None:
    """Reads order numbers from its input, and writes what is there of them."""
    import django

    django.setup()

    from django.db.models import Count  # needs the line above, as everything below does

    from messagecenter.inbox.models import Entry, Source
    from messagecenter.replay.fingerprint import take_fingerprint
    from notifications.models import Notice
    from orders.models import Item, Order, OrderEvent

    numbers = json.load(sys.stdin)
    orders = Order.objects.filter(number__in=numbers)
    notices = Notice.objects.filter(order__in=orders)
    entries = Entry.objects.filter(
        source=Source.ORDER, source_id__in=list(orders.values_list("id", flat=True))
    )
    doubled = entries.order_by().values("mailbox_id", "source_id").annotate(n=Count("id")).filter(n__gt=1)
    sold = Item.objects.filter(order__in=orders).order_by().values_list("order_id", "store_id").distinct()
    events = OrderEvent.objects.filter(order_number__in=numbers)
    found = {
        "event_ids": sorted(events.values_list("event_id", flat=True)),
        "states": Counter(events.values_list("state", flat=True)),
        "pending": notices.exclude(state=Notice.State.DONE).count(),
        "entries": entries.count(),
        "entries_wanted": orders.count() + sold.count(),
        "doubled": doubled.count(),
        "fingerprint": asdict(take_fingerprint(numbers)),
    }
    json.dump(found, sys.stdout)
