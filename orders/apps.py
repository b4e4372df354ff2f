from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.duties import Duty, DutyPermissions

_VIEW_ORDERS = [
    f"view_{model}"
    for model in (
        "order",
        "item",
        "milestone",
        "shipment",
        "shipmentline",
        "trackingevent",
        "return",
        "refund",
    )
]


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = _("Orders")
    duty_permissions: ClassVar[DutyPermissions] = {
        Duty.MODERATORS: ["view_order", "view_item"],
        Duty.SERVICE: [*_VIEW_ORDERS, "view_claim", "change_claim"],  # change: answers it
        Duty.STAFF: [*_VIEW_ORDERS, "view_orderevent", "replay_orderevent"],
    }

    def ready(self) -> None:
        from orders.intake.secrets import event_secrets  # settings are read only now

        event_secrets()  # a secret that is wrong stops the start, not the first event
