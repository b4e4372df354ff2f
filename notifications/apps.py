from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.duties import Duty, DutyPermissions


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = _("Notices and announcements")
    duty_permissions: ClassVar[DutyPermissions] = {
        Duty.STAFF: [
            "view_notice",
            "change_notice",  # replays a dead one
            "view_announcement",
            "add_announcement",
            "change_announcement",
            "delete_announcement",
            "send_announcement",
        ],
    }

    def ready(self) -> None:
        from allauth.account.signals import user_signed_up

        from messagecenter.inbox.models import Source
        from messagecenter.inbox.sources import register_presenter
        from notifications.outbox import record_milestones
        from notifications.presenters import NoticePresenter, OrderPresenter
        from notifications.welcome import welcome_person
        from orders.signals import order_event_recorded

        order_event_recorded.connect(record_milestones, dispatch_uid="record_milestones")
        user_signed_up.connect(welcome_person, dispatch_uid="welcome_person")
        register_presenter(Source.ORDER, OrderPresenter())
        register_presenter(Source.NOTICE, NoticePresenter())
