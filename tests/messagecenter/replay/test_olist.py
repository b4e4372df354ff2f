"""From CSV rows to events."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from messagecenter.replay.csv_files import CsvFolderError, read_tables
from messagecenter.replay.events import Event
from messagecenter.replay.invented import buyer_email, buyer_name, store_names
from messagecenter.replay.olist import order_events
from orders.intake.checks import check_event
from orders.intake.schema import validate_event
from tests.messagecenter.replay.files import REAL, OlistFolder, odd_folder


@pytest.fixture
def events(tmp_path: Path) -> dict[str, list[Event]]:
    """Of the odd files, by order."""
    found: dict[str, list[Event]] = {}
    for event in order_events(read_tables(odd_folder(tmp_path))):
        found.setdefault(event.order_number, []).append(event)
    return found


def told(events: list[Event]) -> list[tuple[str, str]]:
    """(type, time), in the order in which they happened."""
    return [(event.type, f"{event.at:%m-%d %H:%M:%S}") for event in events]


def placed(events: list[Event]) -> dict[str, Any]:
    order: dict[str, Any] = next(event.data["order"] for event in events if event.type == "order.placed")
    return order


def test_delivered_order_is_four_events(events: dict[str, list[Event]]) -> None:
    assert told(events["plain"]) == [
        ("order.placed", "02-01 10:00:00"),
        ("order.confirmed", "02-01 10:30:00"),
        ("shipment.created", "02-02 14:00:00"),
        ("shipment.delivered", "02-07 16:45:10"),
    ]


def test_placed_order_has_everything_of_its_rows(events: dict[str, list[Event]]) -> None:
    first, last = buyer_name("u-plain")
    assert placed(events["plain"]) == {
        "number": "plain",
        "currency": "BRL",
        "buyer": {
            "id": "u-plain",
            "email": buyer_email("u-plain"),
            "first_name": first,
            "last_name": last,
            "language": "en",
            "time_zone": "America/Sao_Paulo",
        },
        "shipping_address": {
            "name": f"{first} {last}",
            "lines": [],
            "postal_code": "78135",
            "city": "Varzea Grande",
            "region": "MT",
            "country": "BR",
        },
        "items": [
            {
                "id": "1",
                "product_id": "p1",
                "title": "Health & beauty, no. p1",
                "quantity": 1,
                "unit_price": "39.95",
                "seller": {"id": "s1", "name": placed(events["plain"])["items"][0]["seller"]["name"]},
            }
        ],
        "totals": {"items": "39.95", "shipping": "17.93", "total": "57.88"},
        "payment": {"kind": "credit_card"},
        "estimated_delivery": {"to": "2018-03-01T23:59:59-03:00"},
    }


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2018-02-01 10:00:00", "2018-02-01T12:00:00+00:00"),  # summer time, two hours behind
        ("2018-07-01 10:00:00", "2018-07-01T13:00:00+00:00"),
        ("2017-10-15 00:00:00", "2017-10-15T03:00:00+00:00"),  # an hour that the clock left out
        ("2018-02-17 23:30:00", "2018-02-18T01:30:00+00:00"),  # one that it struck twice: the first
    ],
)
def test_times_are_those_of_sao_paulo(tmp_path: Path, local: str, utc: str) -> None:
    folder = OlistFolder()
    folder.add_order("o", "created", local)
    (event,) = order_events(read_tables(folder.write(tmp_path)))
    assert datetime.fromisoformat(json.loads(event.body())["timestamp"]).astimezone(UTC).isoformat() == utc


def test_each_seller_has_a_parcel_of_his_own(events: dict[str, list[Event]]) -> None:
    shipments = [e.data["shipment"] for e in events["two-sellers"] if e.type == "shipment.created"]
    assert [(each["id"], each["seller_id"]) for each in shipments] == [("S1", "s1"), ("S2", "s2")]
    delivered = [e.data["shipment_id"] for e in events["two-sellers"] if e.type == "shipment.delivered"]
    assert delivered == ["S1", "S2"]
    assert [item["seller"]["id"] for item in placed(events["two-sellers"])["items"]] == ["s1", "s2", "s1"]


def test_order_without_items_is_sent_as_one_parcel(events: dict[str, list[Event]]) -> None:
    (shipment,) = (e.data["shipment"] for e in events["sent-without-items"] if e.type == "shipment.created")
    assert "seller_id" not in shipment
    assert placed(events["sent-without-items"])["items"] == []


@pytest.mark.parametrize(
    ("order", "reason", "by", "at"),
    [
        ("never-paid", "other", "marketplace", "02-01 10:01:00"),
        ("no-stock", "out_of_stock", "seller", "02-01 10:31:00"),
        ("stopped-late", "other", "marketplace", "02-02 14:01:00"),
        ("arrived-and-cancelled", "other", "marketplace", "02-07 16:46:10"),
    ],
)
def test_cancellation_follows_the_last_thing_known(
    events: dict[str, list[Event]], order: str, reason: str, by: str, at: str
) -> None:
    last = events[order][-1]
    assert (last.type, f"{last.at:%m-%d %H:%M:%S}") == ("order.cancelled", at)
    assert (last.data["reason"], last.data["by"]) == (reason, by)


@pytest.mark.parametrize(
    ("order", "types"),
    [
        ("unpaid", ["order.placed"]),
        ("paid", ["order.placed", "order.confirmed"]),
        ("never-approved", ["order.placed", "shipment.created", "shipment.delivered"]),
        ("arrival-unknown", ["order.placed", "order.confirmed", "shipment.created"]),
        (
            "sent-before-paid",
            ["order.placed", "shipment.created", "order.confirmed", "shipment.delivered"],
        ),
        (
            "sent-before-bought",
            ["shipment.created", "order.placed", "order.confirmed", "shipment.delivered"],
        ),
        (
            "arrived-before-sent",
            ["order.placed", "order.confirmed", "shipment.delivered", "shipment.created"],
        ),
    ],
)
def test_oddities_are_sent_as_the_files_have_them(
    events: dict[str, list[Event]], order: str, types: list[str]
) -> None:
    assert [event.type for event in events[order]] == types


def test_unknown_hand_over_is_just_before_the_arrival(events: dict[str, list[Event]]) -> None:
    *_, created, delivered = events["hand-over-unknown"]
    assert (created.type, delivered.type) == ("shipment.created", "shipment.delivered")
    assert delivered.at - created.at == timedelta(seconds=1)


def test_total_is_what_was_paid_and_the_means_the_one_that_paid_most(
    events: dict[str, list[Event]],
) -> None:
    order = placed(events["several-payments"])
    assert order["totals"]["total"] == "57.88"
    assert order["payment"] == {"kind": "credit_card", "label": "Voucher + credit card"}
    assert "payment" not in placed(events["never-paid"])
    assert placed(events["under-way"])["totals"] == {"items": "40.00", "shipping": "7.00", "total": "47.00"}


def test_titles_name_the_category_where_there_is_one(events: dict[str, list[Event]]) -> None:
    titles = [item["title"] for item in placed(events["two-sellers"])["items"]]
    assert titles == ["Health & beauty, no. p1", "Article, no. p2", "Health & beauty, no. p1"]
    assert placed(events["invoiced"])["items"][0]["title"] == "Novidades, no. p3"


def test_stores_have_names_of_their_own_with_their_city() -> None:
    rows = [{"seller_id": f"s{n}", "seller_city": "ribeirao das neves"} for n in range(700)]
    names = store_names(rows)
    assert len(set(names.values())) == 700
    assert all(", Ribeirao das Neves" in name for name in names.values())
    assert store_names(reversed(rows)) == names


def test_missing_file_and_column_are_named(tmp_path: Path) -> None:
    with pytest.raises(CsvFolderError, match=r"olist_orders_dataset\.csv"):
        read_tables(tmp_path)
    folder = odd_folder(tmp_path)
    (folder / "olist_sellers_dataset.csv").write_text("who,where\n1,2\n")
    with pytest.raises(CsvFolderError, match="seller_id"):
        read_tables(folder)


def test_every_real_row_becomes_events_that_the_server_takes() -> None:
    if not REAL.is_dir():
        pytest.skip("the public order files lie in ../shared/data, which is not here")
    events = order_events(read_tables(REAL))
    assert len({event.id for event in events}) == len(events)
    now = datetime(2026, 11, 22, tzinfo=UTC)
    for event in events:
        body = json.loads(event.body())
        validate_event(body)
        check_event(body, now=now)
    assert [event.at for event in events] == sorted(event.at for event in events)
