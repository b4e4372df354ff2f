from orders.after_sales import Claim, Refund, Return
from orders.events import OrderEvent
from orders.order import Item, Milestone, Order
from orders.shipments import Shipment, ShipmentLine, TrackingEvent

__all__ = [
    "Claim",
    "Item",
    "Milestone",
    "Order",
    "OrderEvent",
    "Refund",
    "Return",
    "Shipment",
    "ShipmentLine",
    "TrackingEvent",
]
