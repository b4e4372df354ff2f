"""One notice of every kind, with parameters as the intake gives them."""

from __future__ import annotations

from typing import Any

from tests.notifications.story import at, parcel

WINDOW = {"estimate_from": at(96).isoformat(), "estimate_to": at(144).isoformat()}
EXCEPTIONS = ("failed_attempt", "wrong_address", "customs", "weather", "lost", "damaged", "other")

Sample = tuple[str, str, float, dict[str, Any]]  # kind, key, hours after the order, params

SAMPLES: list[Sample] = [
    ("order_placed", "placed", 0, {"item_count": 2, "total": "45.00", "currency": "EUR"}),
    ("shipped", "shipped:S1", 20, parcel(items=["1", "2"], description="", **WINDOW)),
    ("in_transit", "in_transit:S1", 30, parcel(items=["1"], place="Lyon", description="Sorted", **WINDOW)),
    ("out_for_delivery", "out_for_delivery:S1", 92, parcel(items=["1"], **WINDOW)),
    (
        "ready_for_pickup",
        "ready_for_pickup:S1",
        95,
        parcel(items=["1"], place="Kiosk, 3 rue Neuve", until=at(200).isoformat()),
    ),
    ("returning", "returning:S1", 240, parcel(items=["1"])),
    (
        "delivered",
        "delivered:S2",
        96,
        parcel("S2", ["2"], where="Parcel locker 12", signed_by="A. Arnaud", place="Lyon", **WINDOW),
    ),
    (
        "estimate_changed",
        "estimate:S1:m/1",
        50,
        parcel(items=["1"], old_from=at(72).isoformat(), old_to=at(74).isoformat(), **WINDOW),
    ),
    *(
        (
            "delivery_exception",
            f"exception:S1:m/{problem}",
            90 + position,
            parcel(items=["1"], problem=problem, description="Not possible", next_steps=[], **WINDOW),
        )
        for position, problem in enumerate(EXCEPTIONS)
    ),
    (
        "order_cancelled",
        "cancelled",
        5,
        {"reason": "out_of_stock", "by": "seller", "note": "Sorry, sold out.", "items": ["1", "2"]},
    ),
    ("items_cancelled", "cancelled:m/2", 6, {"reason": "price_error", "by": "marketplace", "items": ["1"]}),
    (
        "refund_issued",
        "refund:R1",
        300,
        {
            "refund": "R1",
            "amount": "20.00",
            "currency": "EUR",
            "method": {"kind": "card", "label": "Visa", "last4": "4242"},
            "expected_by": at(400).isoformat(),
            "reason": "damaged",
            "items": ["1"],
        },
    ),
    (
        "return_authorised",
        "return:T1",
        250,
        {
            "return": "T1",
            "items": ["1"],
            "instructions": "Put the lamp into its box.",
            "label_url": "https://labels.example/T1.pdf",
            "deadline": at(600).isoformat(),
            "address": {
                "name": "Returns",
                "lines": ["1 Dock Road"],
                "postal_code": "69001",
                "city": "Lyon",
                "country": "FR",
            },
        },
    ),
]

# As poor as an event may be: everything optional is absent or null.
BARE: list[Sample] = [
    (
        kind,
        key,
        hours,
        {name: value for name, value in params.items() if name in ("shipment", "refund", "return")},
    )
    for kind, key, hours, params in SAMPLES
]
