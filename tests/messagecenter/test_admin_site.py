"""One way into the administration, and past the second factor none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from tests.cast import PASSWORD, set_up_totp

ADMIN = "/admin/"


@pytest.fixture
def mfa_required(settings: Settings) -> None:
    settings.REQUIRE_STAFF_MFA = True


def code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(dt.datetime.now(dt.UTC).timestamp()) // 30)))


def with_password(user: User) -> Client:
    browser = Client()
    browser.post("/account/login/", {"login": user.email, "password": PASSWORD})
    return browser


def with_second_factor(user: User, secret: str) -> Client:
    browser = with_password(user)
    browser.post("/account/2fa/authenticate/", {"code": code(secret)})
    return browser


def test_a_visitor_is_sent_to_the_one_sign_in(client: Client, db: None) -> None:
    for address in (ADMIN, "/admin/accounts/user/"):
        to_login = client.get(address)["Location"]
        assert client.get(to_login)["Location"] == f"/account/login/?next={address}"


def test_the_administrations_own_sign_in_takes_no_password(client: Client, superuser: User) -> None:
    answer = client.post("/admin/login/", {"username": superuser.email, "password": PASSWORD})
    assert answer["Location"].startswith("/account/login/")
    assert "_auth_user_id" not in client.session


def test_who_is_no_colleague_finds_nothing_there(alice: User, signed_in: Callable[[User], Client]) -> None:
    answer = signed_in(alice).get(ADMIN, follow=True)
    assert answer.status_code == 404


def test_without_the_requirement_a_password_suffices(sam: User) -> None:
    assert with_password(sam).get(ADMIN).status_code == 200


@pytest.mark.usefixtures("mfa_required")
class TestRequired:
    @pytest.mark.parametrize(
        "address", [ADMIN, "/admin/accounts/user/", "/admin/autocomplete/", "/admin/jsi18n/"]
    )
    def test_a_colleague_without_second_factor_is_led_to_set_one_up(
        self, superuser: User, address: str
    ) -> None:
        browser = with_password(superuser)
        answer = browser.get(address, follow=True)
        assert answer.redirect_chain[-1][0] == "/account/2fa/"
        assert "set up two-step sign-in first" in answer.content.decode()

    @pytest.mark.django_db(transaction=True)  # what follows the setting up, follows its commit
    def test_setting_it_up_opens_the_administration(self, sam: User) -> None:
        browser = with_password(sam)
        browser.post("/account/reauthenticate/", {"password": PASSWORD})
        browser.get("/account/2fa/totp/activate/")
        secret = browser.session["mfa.totp.secret"]
        assert browser.get(ADMIN).status_code == 302
        browser.post("/account/2fa/totp/activate/", {"code": code(secret)})
        assert browser.get(ADMIN).status_code == 200

    def test_signing_in_with_it_opens_the_administration(self, sam: User) -> None:
        assert with_second_factor(sam, set_up_totp(sam)).get(ADMIN).status_code == 200

    def test_a_session_from_before_must_prove_it_now(self, sam: User) -> None:
        browser = with_password(sam)
        secret = set_up_totp(sam)
        answer = browser.get(browser.get("/admin/orders/")["Location"])
        assert answer["Location"].startswith("/account/2fa/reauthenticate/?next=")
        answer = browser.post(answer["Location"], {"code": code(secret)})
        assert answer["Location"] == "/admin/orders/"
        assert browser.get(ADMIN).status_code == 200

    def test_the_password_once_more_does_not_stand_in_for_it(self, sam: User) -> None:
        browser = with_password(sam)
        set_up_totp(sam)
        browser.post("/account/reauthenticate/", {"password": PASSWORD})
        assert browser.get(ADMIN).status_code == 302

    def test_a_passkey_is_proven_where_passkeys_are(self, sam: User) -> None:
        browser = with_password(sam)
        Authenticator.objects.create(user=sam, type="webauthn", data={"name": "Key", "credential": {}})
        answer = browser.get(browser.get(ADMIN)["Location"])
        assert answer["Location"] == "/account/2fa/webauthn/reauthenticate/?next=%2Fadmin%2F"

    def test_a_removed_factor_closes_it_again(self, sam: User) -> None:
        browser = with_second_factor(sam, set_up_totp(sam))
        assert browser.get(ADMIN).status_code == 200
        Authenticator.objects.filter(user=sam).delete()
        assert browser.get(ADMIN).status_code == 302

    def test_the_last_factor_cannot_be_switched_off(self, sam: User, alice: User) -> None:
        for user, kept in ((sam, True), (alice, False)):
            secret = set_up_totp(user)
            browser = with_second_factor(user, secret)
            browser.post("/account/reauthenticate/", {"password": PASSWORD})
            browser.post("/account/2fa/totp/deactivate/")
            assert Authenticator.objects.filter(user=user, type="totp").exists() is kept

    def test_its_own_change_of_password_is_the_one_that_asks_who_one_is(self, sam: User) -> None:
        browser = with_second_factor(sam, set_up_totp(sam))
        answer = browser.post(
            "/admin/password_change/",
            {
                "old_password": PASSWORD,
                "new_password1": "quite-Another-91",
                "new_password2": "quite-Another-91",
            },
        )
        assert answer["Location"] == "/account/password/change/"
        sam.refresh_from_db()
        assert sam.check_password(PASSWORD)


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/orders/", "/admin/login/?next=/admin/login/"]
)
def test_the_way_back_leads_only_into_the_administration(sam: User, target: str) -> None:
    answer = with_password(sam).get("/admin/login/", {"next": target})
    assert answer["Location"] == ADMIN


def test_it_bears_the_marketplaces_name(
    superuser: User, settings: Settings, signed_in: Callable[[User], Client]
) -> None:
    assert settings.SITE_NAME in signed_in(superuser).get(ADMIN).content.decode()
