"""Celery's entrances, each a line. Names are fixed: the beat schedule in the settings calls them."""

from celery import shared_task

from notifications import fanout


@shared_task(name="notifications.fan_out")
def fan_out(notice_id: int) -> None:
    fanout.fan_out_notice(notice_id)


@shared_task(name="notifications.sweep_notices")
def sweep_notices() -> None:
    fanout.sweep_notices()
