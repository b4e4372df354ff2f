"""Olist files of our own for the tests: few rows, every oddity."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

REAL = Path(__file__).resolve().parents[4] / "shared/data/orders_olist"

_COLUMNS = {
    "olist_orders_dataset.csv": (
        "order_id customer_id order_status order_purchase_timestamp order_approved_at "
        "order_delivered_carrier_date order_delivered_customer_date order_estimated_delivery_date"
    ),
    "olist_order_items_dataset.csv": (
        "order_id order_item_id product_id seller_id shipping_limit_date price freight_value"
    ),
    "olist_order_payments_dataset.csv": (
        "order_id payment_sequential payment_type payment_installments payment_value"
    ),
    "olist_customers_dataset.csv": (
        "customer_id customer_unique_id customer_zip_code_prefix customer_city customer_state"
    ),
    "olist_sellers_dataset.csv": "seller_id seller_zip_code_prefix seller_city seller_state",
    "olist_products_dataset.csv": "product_id product_category_name",
    "product_category_name_translation.csv": "product_category_name product_category_name_english",
}


class OlistFolder:
    """Rows are gathered with `add_order`; `write` makes the seven files."""

    def __init__(self) -> None:
        self._rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in _COLUMNS}
        self._rows["product_category_name_translation.csv"].append(("beleza_saude", "health_beauty"))
        for product, category in (("p1", "beleza_saude"), ("p2", ""), ("p3", "novidades")):
            self._rows["olist_products_dataset.csv"].append((product, category))
        for seller, city in (("s1", "sao paulo"), ("s2", "rio de janeiro"), ("s3", "sao paulo")):
            self._rows["olist_sellers_dataset.csv"].append((seller, "01000", city, "SP"))

    def add_order(
        self,
        number: str,
        status: str,
        *times: str,
        items: tuple[tuple[str, str, str, str], ...] = (("p1", "s1", "39.95", "17.93"),),
        payments: tuple[tuple[str, str], ...] = (("credit_card", "57.88"),),
        buyer: str = "",
        estimate: str = "2018-03-01 00:00:00",
    ) -> None:
        """`times`: purchase, approval, hand-over, delivery. An item: product, seller, price, freight."""
        padded = (*times, "", "", "", "")[:4]
        add = self._rows
        add["olist_orders_dataset.csv"].append((number, f"c-{number}", status, *padded, estimate))
        person = (f"c-{number}", buyer or f"u-{number}", "78135", "varzea grande", "MT")
        add["olist_customers_dataset.csv"].append(person)
        for place, (product, seller, price, freight) in enumerate(items, start=1):
            row = (number, place, product, seller, times[0], price, freight)
            add["olist_order_items_dataset.csv"].append(row)
        # Not in sequence, as in the real files.
        for place, (kind, value) in reversed(list(enumerate(payments, start=1))):
            add["olist_order_payments_dataset.csv"].append((number, place, kind, 1, value))

    def write(self, folder: Path) -> Path:
        for name, columns in _COLUMNS.items():
            with (folder / name).open("w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file)
                writer.writerow(columns.split())
                writer.writerows(self._rows[name])
        return folder


def odd_folder(folder: Path) -> Path:
    """Every status, and every oddity that the real files have somewhere."""
    made = OlistFolder()
    two = (("p1", "s1", "10.00", "2.00"), ("p2", "s2", "20.00", "3.00"), ("p1", "s1", "10.00", "2.00"))
    placed, paid = "2018-02-01 10:00:00", "2018-02-01 10:30:00"
    sent, arrived = "2018-02-02 14:00:00", "2018-02-07 16:45:10"
    made.add_order("plain", "delivered", placed, paid, sent, arrived)
    made.add_order("again", "delivered", "2018-02-03 09:00:00", paid, sent, arrived, buyer="u-plain")
    made.add_order("two-sellers", "delivered", placed, paid, sent, arrived, items=two)
    made.add_order("under-way", "shipped", placed, paid, sent, items=two, payments=())
    made.add_order("paid", "processing", placed, paid)
    made.add_order("invoiced", "invoiced", placed, paid, items=(("p3", "s3", "5.00", "0.00"),))
    made.add_order("unpaid", "created", placed)
    made.add_order("never-paid", "canceled", placed, items=(), payments=(("not_defined", "0.00"),))
    made.add_order("no-stock", "unavailable", placed, paid, items=())
    made.add_order("no-stock-of-one", "unavailable", placed, paid)
    made.add_order("stopped-late", "canceled", placed, paid, sent, items=two)
    made.add_order("arrived-and-cancelled", "canceled", placed, paid, sent, arrived)
    made.add_order("sent-before-paid", "delivered", placed, "2018-02-03 08:00:00", sent, arrived)
    made.add_order("sent-before-bought", "delivered", placed, paid, "2018-01-31 14:00:00", arrived)
    made.add_order("arrived-before-sent", "delivered", placed, paid, "2018-02-08 14:00:00", arrived)
    made.add_order("never-approved", "delivered", placed, "", sent, arrived)
    made.add_order("hand-over-unknown", "delivered", placed, paid, "", arrived)
    made.add_order("arrival-unknown", "delivered", placed, paid, sent)
    made.add_order("all-at-once", "delivered", placed, placed, placed, placed)
    made.add_order("sent-without-items", "shipped", placed, paid, sent, items=())
    vouchers = (("voucher", "10.00"), ("credit_card", "30.00"), ("voucher", "17.88"))
    made.add_order("several-payments", "delivered", placed, paid, sent, arrived, payments=vouchers)
    return made.write(folder)
