"""Work by the clock; what each does is in the service of its name."""

from celery import shared_task

from accounts import sessions


@shared_task(name="accounts.forget_expired_sessions")
def forget_expired_sessions() -> None:
    sessions.forget_expired_sessions()
