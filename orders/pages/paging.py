"""Pages of orders, newest first, by key and never by OFFSET: page 1,000 costs what page 1 costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q
from django.http import Http404, QueryDict

from orders.models import Order
from orders.order import OrderQuerySet

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OLDER, NEWER = "before", "after"  # the names of the cursors in the URL


@dataclass(frozen=True, slots=True)
class OrdersPage:
    orders: list[Order]
    older: str  # cursor of the next page, "" where this is the last
    newer: str  # cursor of the page before, "" where this is the first


def orders_page(orders: OrderQuerySet, *, query: QueryDict, size: int) -> OrdersPage:
    """The page that the URL's cursor asks for; without one the newest. Raises Http404 where it is none."""
    if NEWER in query:
        placed_at, pk = _key(query.get(NEWER, ""))
        rows = list(
            orders.filter(placed_at__gte=placed_at)
            .filter(Q(placed_at__gt=placed_at) | Q(pk__gt=pk))
            .order_by("placed_at", "pk")[: size + 1]
        )
        if len(rows) > size:
            rows = rows[:size][::-1]
            return OrdersPage(rows, older=_cursor(rows[-1]), newer=_cursor(rows[0]))
        # Fewer than a page are newer: that is the first page, and it is shown whole.
    elif OLDER in query:
        placed_at, pk = _key(query.get(OLDER, ""))
        orders = orders.filter(placed_at__lte=placed_at).filter(Q(placed_at__lt=placed_at) | Q(pk__lt=pk))
    rows = list(orders.order_by("-placed_at", "-pk")[: size + 1])
    older = _cursor(rows[size - 1]) if len(rows) > size else ""
    rows = rows[:size]
    return OrdersPage(rows, older=older, newer=_cursor(rows[0]) if rows and OLDER in query else "")


def _cursor(order: Order) -> str:
    return f"{(order.placed_at - EPOCH) // timedelta(microseconds=1)}-{order.pk}"


def _key(cursor: str) -> tuple[datetime, int]:
    try:
        moment, pk = cursor.split("-", 1)
        return EPOCH + timedelta(microseconds=int(moment)), int(pk)
    except (ValueError, OverflowError):
        raise Http404("not a page") from None
