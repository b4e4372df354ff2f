"""The buyer's pages: his orders, and one order."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from orders.models import Order
from orders.pages.cards import show_cards
from orders.pages.filters import BUYER_CHOICES, BuyerFilter
from orders.pages.paging import orders_page
from orders.pages.reading import read_for_buyer
from orders.pages.signed_in import SignedInRequest

PAGE_SIZE = 20


@never_cache
@login_required
@require_safe
def order_list(request: SignedInRequest) -> HttpResponse:
    orders = BuyerFilter(request.GET, Order.objects.for_user(request.user))
    page = orders_page(orders.qs, query=request.GET, size=PAGE_SIZE)
    chosen = orders.form.cleaned_data
    context = {
        "section": "orders",
        "form": orders.form,
        "states": BUYER_CHOICES,
        "state": chosen.get("status", ""),
        "filtered": any(chosen.values()),
        "page": page,
        "cards": show_cards(page.orders),
    }
    return render(request, "orders/list.html", context)


@never_cache
@login_required
@require_safe
def order_detail(request: SignedInRequest, number: str) -> HttpResponse:
    reading = read_for_buyer(request.user, number)
    context = {"section": "orders", "reading": reading, "order": reading.order, "for_buyer": True}
    return render(request, "orders/detail.html", context)
