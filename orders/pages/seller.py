"""A store's pages: its orders, and its own part of one. Open to the store's team alone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Membership
from accounts.teams import for_team
from orders.models import Order
from orders.pages.cards import show_cards
from orders.pages.filters import StoreFilter
from orders.pages.handling import with_handling
from orders.pages.paging import orders_page
from orders.pages.reading import read_for_store

PAGE_SIZE = 50


@never_cache
@for_team()
@require_safe
def store_orders(request: HttpRequest, membership: Membership) -> HttpResponse:
    store = membership.store
    own = with_handling(Order.objects.for_store(store), store)
    orders = StoreFilter(request.GET, own, store=store)
    page = orders_page(orders.qs.select_related("buyer"), query=request.GET, size=PAGE_SIZE)
    context = {
        "section": store.slug,
        "store": store,
        "form": orders.form,
        "filtered": any(orders.form.cleaned_data.values()),
        "page": page,
        "cards": show_cards(page.orders, store),
    }
    return render(request, "orders/store_orders.html", context)


@never_cache
@for_team()
@require_safe
def store_order(request: HttpRequest, membership: Membership, number: str) -> HttpResponse:
    store = membership.store
    reading = read_for_store(store, number)
    context = {"section": store.slug, "store": store, "reading": reading, "order": reading.order}
    return render(request, "orders/store_order.html", context)
