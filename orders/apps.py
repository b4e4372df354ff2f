from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "orders"

    def ready(self) -> None:
        from orders.intake.secrets import event_secrets  # settings are read only now

        event_secrets()  # a secret that is wrong stops the start, not the first event
