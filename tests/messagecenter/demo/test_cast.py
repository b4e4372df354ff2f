from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Role, Store, User
from messagecenter.demo.cast import settle_people
from messagecenter.demo.catalogue import STORES
from messagecenter.demo.people import CAST, TEAMS, buyers

PASSWORD = "amber-otter-lantern-fjord"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

pytestmark = pytest.mark.django_db


def test_people_stores_and_teams_are_made_once() -> None:
    everybody = len(CAST) + len(TEAMS) + len(buyers())
    assert settle_people(password=PASSWORD, totp_secret=SECRET) == everybody
    memberships = Membership.objects.count()
    assert settle_people(password="another-one-altogether", totp_secret=SECRET) == 0
    assert User.objects.count() == everybody
    assert Store.objects.count() == len(STORES)
    assert Membership.objects.count() == memberships
    assert not EmailAddress.objects.filter(verified=False).exists()


def test_who_was_removed_comes_back_with_his_place_in_the_team() -> None:
    settle_people(password=PASSWORD, totp_secret=SECRET)
    User.objects.get(email="bob@example.com").delete()
    assert settle_people(password=PASSWORD, totp_secret=SECRET) == 1
    bob = User.objects.get(email="bob@example.com")
    assert Membership.objects.get(user=bob).role == Role.OWNER
    assert bob.check_password(PASSWORD)


def test_every_store_has_an_owner_and_bob_a_whole_team() -> None:
    settle_people(password=PASSWORD, totp_secret=SECRET)
    for store in Store.objects.all():
        assert store.memberships.filter(role=Role.OWNER).exists(), store
    team = Membership.objects.filter(store__marketplace_id=STORES[0].id)
    assert set(team.values_list("role", flat=True)) == set(Role.values)


def test_colleagues_have_their_duties_and_a_second_factor() -> None:
    settle_people(password=PASSWORD, totp_secret=SECRET)
    for email, group in (("mo@example.com", "Moderators"), ("sam@example.com", "Customer service")):
        user = User.objects.get(email=email)
        assert user.is_staff
        assert list(user.groups.all()) == [Group.objects.get(name=group)]
        assert Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
    assert User.objects.get(email="admin@example.com").is_superuser
    assert not Authenticator.objects.filter(user__is_staff=False).exists()


def test_alice_signs_in_with_the_password_of_the_welcome(client: Client) -> None:
    settle_people(password=PASSWORD, totp_secret=SECRET)
    answer = client.post(reverse("account_login"), {"login": "alice@example.com", "password": PASSWORD})
    assert answer.status_code == 302
    assert "_auth_user_id" in client.session
