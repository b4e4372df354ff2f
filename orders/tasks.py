"""The orders app's Celery tasks: each one line, named like the service that it runs."""

from celery import shared_task

from orders.intake import waiting


@shared_task(name="orders.sweep_waiting_events")
def sweep_waiting_events() -> None:
    waiting.sweep_waiting_events()
