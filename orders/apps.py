from typing import ClassVar

from django.apps import AppConfig

from accounts.duties import Duty, DutyPermissions


class OrdersConfig(AppConfig):
    name = "orders"
    duty_permissions: ClassVar[DutyPermissions] = {
        Duty.MODERATORS: ["view_order", "view_item"],
        Duty.SERVICE: [
            f"view_{model}"
            for model in (
                "order",
                "item",
                "shipment",
                "shipmentline",
                "trackingevent",
                "return",
                "refund",
                "claim",
            )
        ],
        Duty.STAFF: ["view_orderevent", "change_orderevent"],  # change: replays a dead one
    }

    def ready(self) -> None:
        from orders.intake.secrets import event_secrets  # settings are read only now

        event_secrets()  # a secret that is wrong stops the start, not the first event
