from typing import ClassVar

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from accounts.duties import Duty, DutyPermissions, grant_permissions


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People and stores")
    duty_permissions: ClassVar[DutyPermissions] = {
        Duty.MODERATORS: ["view_user", "view_store", "view_membership"],
        Duty.SERVICE: ["view_user", "view_store", "view_membership"],
        Duty.STAFF: ["view_store"],
    }

    def ready(self) -> None:
        # Models, which must not be imported before all apps are known.
        from allauth.account.signals import password_changed, password_reset, password_set
        from allauth.mfa.signals import authenticator_added

        from accounts import receivers

        password_reset.connect(receivers.verify_address_by_reset)
        password_changed.connect(receivers.end_other_sessions)
        password_set.connect(receivers.end_other_sessions)
        authenticator_added.connect(receivers.trust_only_this_session)
        post_migrate.connect(grant_permissions, dispatch_uid="accounts.grant_permissions")
