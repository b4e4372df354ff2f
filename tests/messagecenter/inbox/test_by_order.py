from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Store, User
from notifications.fanout import sweep_notices
from orders.models import Order
from tests.notifications.story import entry_of, make_order, placed, tell

SignedIn = Callable[[User], Client]


@pytest.fixture
def order(alice: User, store: Store) -> Order:
    order = make_order(alice, (store, "Ceramic lamp"))
    tell(order, placed(order))
    sweep_notices()
    return order


def test_an_orders_page_leads_to_its_row(
    order: Order, alice: User, bob: User, store: Store, signed_in: SignedIn
) -> None:
    answer = signed_in(alice).get(f"/inbox/orders/{order.number}/")
    assert answer["Location"] == f"/inbox/{entry_of(alice).id}/"
    assert (
        f'href="/inbox/orders/{order.number}/"'
        in signed_in(alice).get(f"/orders/{order.number}/").content.decode()
    )
    answer = signed_in(bob).get(f"/stores/{store.slug}/inbox/orders/{order.number}/")
    assert answer["Location"] == f"/stores/{store.slug}/inbox/{entry_of(store).id}/"


def test_another_mailboxs_row_is_not_found(
    order: Order, alice: User, bob: User, carol: User, signed_in: SignedIn
) -> None:
    for stranger in (bob, carol):
        assert signed_in(stranger).get(f"/inbox/orders/{order.number}/").status_code == 404
    assert signed_in(alice).get("/inbox/orders/NONE/").status_code == 404
    assert signed_in(alice).post(f"/inbox/orders/{order.number}/").status_code == 405
