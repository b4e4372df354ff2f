"""People, stores and groups in the administration: what a colleague may not give himself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group, Permission
from django.test import Client

from accounts.models import Membership, Role, Store, User
from tests.cast import PASSWORD, join_team, make_person, set_up_totp

PEOPLE, STORES = "/admin/accounts/user/", "/admin/accounts/store/"
SignedIn = Callable[[User], Client]


@pytest.fixture
def clerk(db: None) -> User:
    """A colleague who may change people, as far as that goes, and everything of groups and sign-in."""
    user = make_person("Clara Clerk", is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label__in=("accounts", "auth", "account", "mfa"))
    )
    return user


def form_of(user: User, **changes: Any) -> dict[str, Any]:
    fields = ("email", "first_name", "last_name", "language", "time_zone")
    return {
        **{name: getattr(user, name) for name in fields},
        "marketplace_id": user.marketplace_id or "",
        "is_active": "on",
    } | changes


def test_a_clerk_changes_a_name_but_no_address_and_no_rights(
    clerk: User, alice: User, signed_in: SignedIn
) -> None:
    group = Group.objects.first()
    assert group
    wanted = {"email": "mine@example.org", "is_staff": "on", "is_superuser": "on", "groups": [group.pk]}
    answer = signed_in(clerk).post(
        f"{PEOPLE}{alice.pk}/change/", form_of(alice, first_name="Alicia", **wanted)
    )
    assert answer.status_code == 302
    alice.refresh_from_db()
    assert alice.first_name == "Alicia"
    assert (alice.email, alice.is_staff, alice.is_superuser) == ("alice@example.org", False, False)
    assert not alice.groups.exists()


@pytest.mark.parametrize("who", ["himself", "a superuser", "another colleague"])
def test_a_clerk_changes_no_colleague(
    clerk: User, superuser: User, sam: User, signed_in: SignedIn, who: str
) -> None:
    target = {"himself": clerk, "a superuser": superuser, "another colleague": sam}[who]
    browser = signed_in(clerk)
    assert browser.post(f"{PEOPLE}{target.pk}/change/", form_of(target, first_name="X")).status_code == 403
    assert (
        browser.post(f"{PEOPLE}{target.pk}/password/", {"password1": "x", "password2": "x"}).status_code
        == 403
    )
    assert browser.post(f"{PEOPLE}{target.pk}/delete/", {"post": "yes"}).status_code == 403
    target.refresh_from_db()
    assert target.first_name != "X"
    assert target.check_password(PASSWORD)


def test_a_clerk_sets_nobodys_password(clerk: User, alice: User, signed_in: SignedIn) -> None:
    new = {"password1": "quite-Another-91", "password2": "quite-Another-91", "usable_password": "true"}
    assert signed_in(clerk).post(f"{PEOPLE}{alice.pk}/password/", new).status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        "/admin/auth/group/",
        "/admin/auth/group/1/change/",
        "/admin/account/emailaddress/",
        "/admin/mfa/authenticator/",
    ],
)
def test_a_clerk_reaches_no_group_address_or_factor(clerk: User, signed_in: SignedIn, address: str) -> None:
    assert signed_in(clerk).get(address).status_code in (403, 404)


def test_a_clerks_actions_spare_colleagues(
    clerk: User, superuser: User, alice: User, signed_in: SignedIn
) -> None:
    theirs, hers = Client(), Client()
    theirs.post("/account/login/", {"login": superuser.email, "password": PASSWORD})
    hers.post("/account/login/", {"login": alice.email, "password": PASSWORD})
    set_up_totp(superuser)
    for action in ("sign_out_everywhere", "remove_second_factors"):
        signed_in(clerk).post(PEOPLE, {"action": action, "_selected_action": [superuser.pk, alice.pk]})
    assert theirs.get("/account/profile/").status_code == 200
    assert hers.get("/account/profile/").status_code == 302
    assert Authenticator.objects.filter(user=superuser).exists()


def test_no_page_shows_a_password_hash(
    superuser: User, alice: User, clerk: User, signed_in: SignedIn
) -> None:
    for user in (superuser, clerk):
        page = signed_in(user).get(f"{PEOPLE}{alice.pk}/change/").content.decode()
        for part in alice.password.split("$"):
            assert len(part) < 6 or part not in page
    found = signed_in(superuser).get(PEOPLE, {"password__startswith": "md5"})
    assert found.status_code in (302, 400)  # nor can it be searched for


def test_a_superuser_sets_a_password_and_the_sessions_end(
    superuser: User, alice: User, signed_in: SignedIn
) -> None:
    hers = Client()
    hers.post("/account/login/", {"login": alice.email, "password": PASSWORD})
    new = {"password1": "quite-Another-91", "password2": "quite-Another-91", "usable_password": "true"}
    assert signed_in(superuser).post(f"{PEOPLE}{alice.pk}/password/", new).status_code == 302
    alice.refresh_from_db()
    assert alice.check_password("quite-Another-91")
    assert hers.get("/account/profile/").status_code == 302
    assert not UserSession.objects.filter(user=alice).exists()


def test_a_new_address_is_not_verified_until_its_mail_is_opened(
    superuser: User, alice: User, signed_in: SignedIn
) -> None:
    answer = signed_in(superuser).post(f"{PEOPLE}{alice.pk}/change/", form_of(alice, email="New@Example.org"))
    assert answer.status_code == 302
    assert list(EmailAddress.objects.filter(user=alice).values_list("email", "verified")) == [
        ("new@example.org", False)
    ]


def test_a_person_added_chooses_the_password_himself(superuser: User, signed_in: SignedIn) -> None:
    data = {
        "email": "New@Example.org",
        "first_name": "Ned",
        "last_name": "",
        "language": "fr",
        "time_zone": "UTC",
    }
    answer = signed_in(superuser).post(f"{PEOPLE}add/", data)
    assert answer.status_code == 302, answer.content.decode()
    user = User.objects.get(email="new@example.org")
    assert not user.has_usable_password()
    assert not EmailAddress.objects.get(user=user).verified


@pytest.mark.parametrize("words", ["alice@", "Arnaud", "customer-alice"])
def test_people_are_found(sam: User, alice: User, carol: User, signed_in: SignedIn, words: str) -> None:
    page = signed_in(sam).get(PEOPLE, {"q": words}).content.decode()
    assert alice.email in page
    assert carol.email not in page


def test_customer_service_sees_people_and_changes_none(sam: User, alice: User, signed_in: SignedIn) -> None:
    browser = signed_in(sam)
    page = browser.get(f"{PEOPLE}{alice.pk}/change/")
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert browser.post(f"{PEOPLE}{alice.pk}/change/", form_of(alice, first_name="X")).status_code == 403


def test_who_leaves_a_team_is_out_at_once(
    superuser: User, store: Store, carol: User, signed_in: SignedIn
) -> None:
    membership = join_team(store, carol)
    hers = Client()
    hers.post("/account/login/", {"login": carol.email, "password": PASSWORD})
    owner = Membership.objects.get(store=store, role=Role.OWNER)
    data = {
        "name": store.name,
        "slug": store.slug,
        "marketplace_id": store.marketplace_id,
        "memberships-TOTAL_FORMS": "2",
        "memberships-INITIAL_FORMS": "2",
        **{
            f"memberships-0-{name}": value
            for name, value in (
                ("id", owner.pk),
                ("store", store.pk),
                ("user", owner.user_id),
                ("role", "owner"),
            )
        },
        **{
            f"memberships-1-{name}": value
            for name, value in (
                ("id", membership.pk),
                ("store", store.pk),
                ("user", carol.pk),
                ("role", "agent"),
                ("DELETE", "on"),
            )
        },
    }
    answer = signed_in(superuser).post(f"{STORES}{store.pk}/change/", data)
    assert answer.status_code == 302, answer.content.decode()
    assert not Membership.objects.filter(user=carol).exists()
    assert hers.get("/account/profile/").status_code == 302
