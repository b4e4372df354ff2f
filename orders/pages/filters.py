"""The filters of the two order lists, kept in the URL: a filtered list can be sent and bookmarked."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Store
from orders.models import Item, Order
from orders.order import OrderQuerySet
from orders.pages.handling import Handling, handled, late, with_problem

# What a buyer looks for, by the states that mean it.
BUYER_STATES = {
    "preparing": (Order.Status.PLACED, Order.Status.CONFIRMED),
    "on_the_way": (Order.Status.PARTLY_SHIPPED, Order.Status.SHIPPED, Order.Status.PARTLY_DELIVERED),
    "delivered": (Order.Status.DELIVERED,),
    "cancelled": (Order.Status.CANCELLED,),
}
BUYER_CHOICES = [
    ("preparing", _("Being prepared")),
    ("on_the_way", _("On the way")),
    ("delivered", pgettext_lazy("orders", "Delivered")),
    ("cancelled", pgettext_lazy("orders", "Cancelled")),
]
TROUBLES = [("problem", _("Delivery problem")), ("late", _("Late"))]


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")  # the only form in which browsers take a date


class BuyerFilter(filters.FilterSet):  # type: ignore[misc]  # django-filter has no types
    status = filters.ChoiceFilter(label=_("Status"), choices=BUYER_CHOICES, method="of_status")
    q = filters.CharFilter(label=_("Search your orders"), method="search", max_length=100)

    class Meta:
        model = Order
        fields: list[str] = []

    def of_status(self, orders: OrderQuerySet, name: str, value: str) -> OrderQuerySet:
        return orders.filter(status__in=BUYER_STATES[value])

    def search(self, orders: OrderQuerySet, name: str, value: str) -> OrderQuerySet:
        """An order number or a part of it, or words of an item's title."""
        items = Item.objects.filter(order=OuterRef("pk"))
        for word in value.split():
            items = items.filter(title__icontains=word)
        return orders.filter(Q(number__icontains=value) | Q(Exists(items)))


class StoreFilter(filters.FilterSet):  # type: ignore[misc]  # django-filter has no types
    q = filters.CharFilter(
        label=_("Order number"), field_name="number", lookup_expr="icontains", max_length=64
    )
    status = filters.ChoiceFilter(
        label=_("Status"),
        choices=Handling.choices,
        method="of_handling",
        empty_label=pgettext_lazy("orders", "All"),
    )
    trouble = filters.ChoiceFilter(
        label=_("Problem or late"),
        choices=TROUBLES,
        method="in_trouble",
        empty_label=pgettext_lazy("orders", "All"),
    )
    since = filters.DateFilter(label=_("Placed from"), widget=DayInput(), method="placed_since")
    until = filters.DateFilter(label=_("Placed to"), widget=DayInput(), method="placed_until")

    class Meta:
        model = Order
        fields: list[str] = []

    def __init__(self, *args: Any, store: Store, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.store = store

    def of_handling(self, orders: OrderQuerySet, name: str, value: str) -> OrderQuerySet:
        return handled(orders, value, self.store)

    def in_trouble(self, orders: OrderQuerySet, name: str, value: str) -> OrderQuerySet:
        return with_problem(orders, self.store) if value == "problem" else late(orders, self.store)

    def placed_since(self, orders: OrderQuerySet, name: str, value: date) -> OrderQuerySet:
        return orders.filter(placed_at__gte=_midnight(value))

    def placed_until(self, orders: OrderQuerySet, name: str, value: date) -> OrderQuerySet:
        return orders.filter(placed_at__lt=_midnight(value, days=1))


def _midnight(day: date, *, days: int = 0) -> datetime:
    """Where the day begins in the reader's time zone, or the one `days` later."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=days), time.min))
