"""From the milestones of an order to the rows of its buyer and its stores."""

from __future__ import annotations

from itertools import permutations

import pytest

from accounts.models import Store, User
from messagecenter.inbox.models import Category, Entry, Source, State
from notifications.fanout import sweep_notices
from notifications.models import Notice
from orders.models import Order
from tests.cast import make_person, make_store
from tests.notifications.story import (
    at,
    entries_of,
    entry_of,
    mailbox_of,
    make_order,
    milestone,
    parcel,
    payload_of,
    placed,
    tell,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def other_store(carol: User) -> Store:
    return make_store("Lamp & Light", owner=make_person("Lea Lang"))


@pytest.fixture
def order(alice: User, store: Store) -> Order:
    return make_order(alice, (store, "Ceramic lamp"), (store, "Shade"))


def test_order_placed_reaches_buyer_and_store(order: Order, alice: User, store: Store, carol: User) -> None:
    tell(order, placed(order))
    sweep_notices()
    for owner in (alice, store):
        entry = entry_of(owner)
        assert (entry.source, entry.source_id) == (Source.ORDER, order.pk)
        assert (entry.category, entry.state, entry.unread) == (Category.ORDERS, State.INBOX, True)
        assert entry.active_at == order.placed_at
    assert entries_of(carol) == []
    assert Notice.objects.get().state == Notice.State.DONE


def test_latest_news_is_shown_and_updates_counted(order: Order, alice: User) -> None:
    tell(order, placed(order))
    tell(order, milestone(order, "shipped", "shipped:S1", at(20), parcel()))
    tell(order, milestone(order, "in_transit", "in_transit:S1", at(30), parcel(place="Lyon")))
    sweep_notices()
    entry = entry_of(alice)
    payload = payload_of(entry)
    assert (payload["kind"], payload["updates"], entry.active_at) == ("in_transit", 3, at(30))
    assert payload["pictures"] == [
        ["https://pictures.example/1.webp", "Ceramic lamp"],
        ["https://pictures.example/2.webp", "Shade"],
    ]


def test_store_is_not_told_of_the_parcels_way_that_only_the_buyer_follows(
    order: Order, alice: User, store: Store
) -> None:
    tell(order, placed(order), milestone(order, "in_transit", "in_transit:S1", at(9), parcel()))
    sweep_notices()
    assert payload_of(entry_of(alice))["kind"] == "in_transit"
    assert payload_of(entry_of(store))["kind"] == "order_placed"


def test_any_order_of_arrival_gives_the_same_row(order: Order, alice: User, store: Store) -> None:
    told = [
        placed(order),
        milestone(order, "shipped", "shipped:S1", at(20), parcel()),
        milestone(order, "delivered", "delivered:S1", at(40), parcel(where="front door")),
        milestone(order, "refund_issued", "refund:R1", at(40), {"refund": "R1"}, rank=9),
    ]
    seen = set()
    for arrival in permutations(told):
        Notice.objects.all().delete()
        Entry.objects.all().delete()
        for each in arrival:
            tell(order, each)
            sweep_notices()
        rows = [
            (e.active_at, e.unread, e.state, repr(payload_of(e)))
            for o in (alice, store)
            for e in entries_of(o)
        ]
        seen.add(tuple(rows))
    assert len(seen) == 1
    assert payload_of(entry_of(alice))["kind"] == "refund_issued"


def test_repeat_changes_nothing(order: Order, alice: User) -> None:
    tell(order, placed(order))
    sweep_notices()
    before = entry_of(alice)
    Entry.objects.filter(mailbox_id=before.mailbox_id).update(unread=False, state=State.ARCHIVED)
    before = entry_of(alice)

    tell(order, placed(order))
    sweep_notices()
    Notice.objects.update(state=Notice.State.PENDING)  # a recomputation without a reason
    sweep_notices()

    after = entry_of(alice)
    assert bytes(after.payload or b"") == bytes(before.payload or b"")
    assert (after.unread, after.state) == (False, State.ARCHIVED)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State.INBOX, State.INBOX),
        (State.ARCHIVED, State.INBOX),
        (State.TRASHED, State.INBOX),
        (State.SPAM, State.SPAM),
    ],
)
def test_news_make_unread_and_come_back(order: Order, alice: User, state: State, expected: State) -> None:
    tell(order, placed(order))
    sweep_notices()
    Entry.objects.filter(mailbox_id=mailbox_of(alice).id).update(unread=False, state=state)

    tell(order, milestone(order, "shipped", "shipped:S1", at(20), parcel()))
    sweep_notices()

    entry = entry_of(alice)
    assert (entry.unread, entry.state) == (True, expected)


def test_altered_notice_is_news(order: Order, alice: User) -> None:
    tell(order, placed(order), milestone(order, "shipped", "shipped:S1", at(20), parcel()))
    sweep_notices()
    Entry.objects.update(unread=False)

    tell(order, milestone(order, "shipped", "shipped:S1", at(19), parcel(tracking_number="NEW")))
    sweep_notices()

    entry = entry_of(alice)
    assert entry.unread
    assert entry.active_at == at(19)


def test_late_notice_that_is_overtaken_is_added_quietly(order: Order, alice: User) -> None:
    tell(order, placed(order), milestone(order, "delivered", "delivered:S1", at(40), parcel()))
    sweep_notices()
    Entry.objects.update(unread=False, state=State.ARCHIVED)

    tell(order, milestone(order, "in_transit", "in_transit:S1", at(30), parcel()))
    sweep_notices()

    entry = entry_of(alice)
    assert (entry.unread, entry.state) == (False, State.ARCHIVED)
    assert payload_of(entry)["updates"] == 3


def test_late_notice_of_another_parcel_is_news(order: Order, alice: User) -> None:
    tell(order, placed(order), milestone(order, "delivered", "delivered:S1", at(40), parcel()))
    sweep_notices()
    Entry.objects.update(unread=False)

    tell(order, milestone(order, "delivered", "delivered:S2", at(30), parcel("S2")))
    sweep_notices()

    assert entry_of(alice).unread
    assert payload_of(entry_of(alice))["params"] == {"carrier": "dhl", "tracking_number": "JD014600006281"}


def test_withdrawn_notice_gives_way_to_the_one_before(order: Order, alice: User) -> None:
    estimate = milestone(
        order, "estimate_changed", "estimate:S1:m/9", at(25), parcel(estimate_to=at(90).isoformat())
    )
    tell(order, placed(order), milestone(order, "shipped", "shipped:S1", at(20), parcel()), estimate)
    sweep_notices()
    assert payload_of(entry_of(alice))["kind"] == "estimate_changed"
    Entry.objects.update(unread=False)

    tell(order, removed=["estimate:S1:m/9"])
    assert Notice.objects.filter(withdrawn=True, state=Notice.State.PENDING).count() == 1
    sweep_notices()

    entry = entry_of(alice)
    assert (payload_of(entry)["kind"], entry.active_at, entry.unread) == ("shipped", at(20), False)
    assert not Notice.objects.filter(key="estimate:S1:m/9").exists()


def test_row_goes_with_its_last_notice(order: Order, alice: User, store: Store) -> None:
    tell(order, placed(order))
    sweep_notices()
    tell(order, removed=["placed"])
    sweep_notices()
    assert entries_of(alice) == entries_of(store) == []
    assert not Notice.objects.exists()


def test_withdrawn_and_told_again_before_the_fan_out_stays(order: Order, alice: User) -> None:
    tell(order, placed(order), milestone(order, "shipped", "shipped:S1", at(20), parcel()))
    sweep_notices()
    tell(order, removed=["shipped:S1"])
    tell(order, milestone(order, "shipped", "shipped:S1", at(20), parcel()))
    sweep_notices()
    assert payload_of(entry_of(alice))["kind"] == "shipped"


def test_status_without_a_notice_of_its_own_refreshes_the_row_quietly(order: Order, alice: User) -> None:
    tell(order, placed(order))
    sweep_notices()
    Entry.objects.update(unread=False)
    Order.objects.update(status=Order.Status.CONFIRMED)

    tell(order, milestone(order, "payment_confirmed", "confirmed", at(1)))
    assert Notice.objects.count() == 1
    sweep_notices()

    entry = entry_of(alice)
    assert (payload_of(entry)["status"], entry.unread, entry.active_at) == (
        "confirmed",
        False,
        order.placed_at,
    )


def test_order_without_items_has_a_row_for_its_buyer(alice: User) -> None:
    order = make_order(alice)
    tell(order, placed(order))
    sweep_notices()
    assert payload_of(entry_of(alice))["title"] == ""


def test_store_sees_its_own_items_only(alice: User, store: Store, other_store: Store) -> None:
    order = make_order(
        alice, (store, "Ceramic lamp"), (other_store, "Secret book"), (other_store, "Secret pen")
    )
    tell(
        order,
        placed(order),
        milestone(order, "delivered", "delivered:S2", at(9), parcel("S2", ["2"], store=other_store.pk)),
        milestone(order, "items_cancelled", "cancelled:m/1", at(10), {"items": ["1", "3"], "by": "seller"}),
    )
    sweep_notices()

    mine, theirs = entry_of(store), entry_of(other_store)
    assert "Secret" not in repr(payload_of(mine))
    assert payload_of(mine)["items"] == 1
    assert (payload_of(mine)["updates"], payload_of(theirs)["updates"]) == (2, 3)
    assert payload_of(mine)["who"] == ["Alice Arnaud"]
    assert payload_of(entry_of(alice))["who"] == ["Bob's Books", "Lamp & Light"]


def test_store_learns_its_own_total(alice: User, store: Store, other_store: Store) -> None:
    order = make_order(alice, (store, "Lamp"), (other_store, "Book"), (other_store, "Pen"), price="10.00")
    tell(order, placed(order))
    sweep_notices()
    totals = {owner: payload_of(entry_of(owner))["params"] for owner in (alice, store, other_store)}
    assert totals[alice] == {"item_count": 3, "total": "35.00", "currency": "EUR"}
    assert totals[store] == {"item_count": 1, "total": "10.000", "currency": "EUR"}
    assert totals[other_store] == {"item_count": 2, "total": "20.000", "currency": "EUR"}


@pytest.mark.parametrize("items", [[], ["1", "2"]])
def test_refund_shared_by_sellers_is_the_buyers_alone(
    alice: User, store: Store, other_store: Store, items: list[str]
) -> None:
    order = make_order(alice, (store, "Lamp"), (other_store, "Book"))
    refund = {"refund": "R1", "amount": "12.00", "currency": "EUR", "items": items}
    tell(order, placed(order), milestone(order, "refund_issued", "refund:R1", at(5), refund))
    sweep_notices()
    kinds = [payload_of(entry_of(owner))["kind"] for owner in (alice, store, other_store)]
    assert kinds == ["refund_issued", "order_placed", "order_placed"]


def test_refund_of_own_items_hides_the_buyers_card(alice: User, store: Store, other_store: Store) -> None:
    order = make_order(alice, (store, "Lamp"), (other_store, "Book"))
    refund = {
        "refund": "R1",
        "amount": "12.00",
        "currency": "EUR",
        "items": ["1"],
        "method": {"kind": "card", "label": "Visa", "last4": "4242"},
    }
    tell(order, placed(order), milestone(order, "refund_issued", "refund:R1", at(5), refund))
    sweep_notices()
    assert payload_of(entry_of(store))["params"] == {"amount": "12.00", "currency": "EUR"}
    assert "4242" in repr(payload_of(entry_of(alice)))
    assert payload_of(entry_of(other_store))["kind"] == "order_placed"
