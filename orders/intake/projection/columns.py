"""Derived values under the names of their columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orders.intake.derive.state import (
    ItemState,
    MilestoneState,
    OrderState,
    RefundState,
    ReturnState,
    ShipmentState,
    TrackingState,
)

Columns = dict[str, Any]


def of_order(state: OrderState, buyer_id: int) -> Columns:
    return {
        "number": state.number,
        "buyer_id": buyer_id,
        "status": state.status,
        "placed_at": state.placed_at,
        "updated_at": state.updated_at,
        "currency": state.currency,
        "items_total": state.totals["items"],
        "shipping_total": state.totals["shipping"],
        "tax_total": state.totals["tax"],
        "discount_total": state.totals["discount"],
        "total": state.totals["total"],
        "estimate_from": state.promise[0],
        "estimate_to": state.promise[1],
        "shipping_address": state.shipping_address,
        "payment": state.payment,
    }


def of_item(item: ItemState, order_id: int, stores: Mapping[str, int]) -> Columns:
    return {
        "order_id": order_id,
        "line": item.line,
        "store_id": stores[item.seller],
        "product_id": item.product_id,
        "title": item.title,
        "quantity": item.quantity,
        "unit_price": item.unit_price,
        "picture_url": item.picture_url,
        "product_url": item.product_url,
        "position": item.position,
        "cancelled_at": item.cancelled_at,
        "cancel_reason": item.cancel_reason,
    }


def of_shipment(shipment: ShipmentState, order_id: int, stores: Mapping[str, int]) -> Columns:
    return {
        "order_id": order_id,
        "reference": shipment.reference,
        "store_id": stores[shipment.seller] if shipment.seller else None,
        "carrier": shipment.carrier,
        "carrier_name": shipment.carrier_name,
        "tracking_number": shipment.tracking_number,
        "tracking_url": shipment.tracking_url,
        "status": shipment.status,
        "problem": shipment.problem,
        "shipped_at": shipment.shipped_at,
        "estimate_from": shipment.promise[0],
        "estimate_to": shipment.promise[1],
        "delivered_at": shipment.delivered_at,
        "delivered_where": shipment.delivered_where,
        "signed_by": shipment.signed_by,
    }


def of_tracking(scan: TrackingState, shipment_id: int, event_id: int) -> Columns:
    return {
        "shipment_id": shipment_id,
        "event_id": event_id,
        "occurred_at": scan.event.occurred_at,
        "rank": scan.event.precedence,
        "status": scan.status,
        "problem": scan.problem,
        "description": scan.description,
        "place": scan.place,
    }


def of_return(told: ReturnState, order_id: int) -> Columns:
    return {
        "order_id": order_id,
        "reference": told.reference,
        "authorised_at": told.authorised_at,
        "deadline": told.deadline,
        "instructions": told.instructions,
        "label_url": told.label_url,
        "address": told.address,
    }


def of_refund(told: RefundState, order_id: int) -> Columns:
    return {
        "order_id": order_id,
        "reference": told.reference,
        "issued_at": told.issued_at,
        "amount": told.amount,
        "currency": told.currency,
        "method": told.method,
        "expected_by": told.expected_by,
        "reason": told.reason,
    }


def of_milestone(told: MilestoneState, order_id: int, stores: Mapping[str, int]) -> Columns:
    params = told.params
    if "shipment" in params:
        params = {**params, "store": stores[told.seller] if told.seller else None}
    return {
        "order_id": order_id,
        "key": told.key,
        "kind": told.kind,
        "occurred_at": told.occurred_at,
        "rank": told.rank,
        "params": params,
    }
