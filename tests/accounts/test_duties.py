"""What colleagues may: groups that are there after each migrate, and cost buyers nothing."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries

from accounts.duties import Duty
from accounts.models import User


@pytest.mark.django_db
def test_the_groups_hold_what_the_apps_say() -> None:
    for duty in Duty:
        held = {
            f"{permission.content_type.app_label}.{permission.codename}"
            for permission in Group.objects.get(name=duty).permissions.select_related("content_type")
        }
        wanted = {
            f"{config.label}.{codename}"
            for config in apps.get_app_configs()
            for codename in getattr(config, "duty_permissions", {}).get(duty, ())
        }
        assert held == wanted
        assert wanted


@pytest.mark.django_db
def test_doing_it_again_changes_nothing_and_keeps_what_was_added() -> None:
    group = Group.objects.get(name=Duty.SERVICE)
    extra = Permission.objects.get(codename="change_store")
    group.permissions.add(extra)
    before = set(group.permissions.all())
    call_command("migrate", verbosity=0)
    assert set(group.permissions.all()) == before
    assert Group.objects.count() == len(Duty)


@pytest.mark.django_db
def test_no_duty_can_raise_itself() -> None:
    dangerous = Permission.objects.filter(
        content_type__app_label__in=("auth", "account", "mfa", "usersessions", "sessions")
    ) | Permission.objects.filter(
        codename__in=("change_user", "add_user", "delete_user", "change_membership")
    )
    assert not dangerous.filter(group__name__in=list(Duty)).exists()


def test_what_one_works_as(alice: User, mo: User, sam: User, superuser: User) -> None:
    assert [(user.is_moderator, user.is_service) for user in (alice, mo, sam, superuser)] == [
        (False, False),
        (True, False),
        (False, True),
        (True, True),
    ]


def test_asking_costs_a_buyer_nothing_and_a_colleague_one_statement(
    alice: User, mo: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    buyer, colleague = User.objects.get(pk=alice.pk), User.objects.get(pk=mo.pk)
    with django_assert_num_queries(0):
        assert not buyer.is_moderator
        assert not buyer.is_service
    with django_assert_num_queries(1):
        assert colleague.is_moderator
        assert not colleague.is_service


def test_a_group_without_the_administration_makes_no_moderator(alice: User) -> None:
    alice.groups.add(Group.objects.get(name=Duty.MODERATORS))
    assert not User.objects.get(pk=alice.pk).is_moderator
