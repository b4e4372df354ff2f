"""The administration's pages of this app; Django's autodiscovery imports this package."""

from orders.admin import claims, events, orders

__all__ = ["claims", "events", "orders"]
