"""What colleagues do for the marketplace: groups, and what each may see and do in the administration.

Every app says on its AppConfig what its own models mean to whom:

    class OrdersConfig(AppConfig):
        name = "orders"
        duty_permissions = {Duty.SERVICE: ["view_order", "view_shipment"]}

After each `migrate` the groups exist and hold at least that. Further permissions that a superuser gives
them stay; one that is listed and was taken away comes back (make a group of your own instead).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed_apps
from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions

DutyPermissions = Mapping["Duty", Sequence[str]]


class Duty(StrEnum):
    """The group's name."""

    MODERATORS = "Moderators"
    SERVICE = "Customer service"
    STAFF = "Staff"  # campaigns, announcements, order events


def grant_permissions(sender: AppConfig, *, using: str, apps: Apps = installed_apps, **_signal: Any) -> None:
    """Receives `post_migrate`, once for each app; doing it again changes nothing.

    A migration of data would not do: permissions are made after the migrations, and the tests empty
    all tables between them.
    """
    wanted: DutyPermissions = getattr(sender, "duty_permissions", {})
    if not wanted:
        return
    try:
        group_model = apps.get_model("auth", "Group")
        permission_model = apps.get_model("auth", "Permission")
    except LookupError:  # a run of migrate that stopped before Django's own tables
        return
    create_permissions(sender, verbosity=0, using=using, apps=apps)
    for duty, codenames in wanted.items():
        group, _made = group_model._default_manager.using(using).get_or_create(name=str(duty))
        found = permission_model._default_manager.using(using).filter(
            content_type__app_label=sender.label, codename__in=codenames
        )
        group.permissions.add(*found)
