"""Two-step sign-in: an app's code, a recovery code, and what is sealed of them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.mail import EmailMessage
from django.test import Client

from accounts.models import User
from messagecenter.sealing import SealingError
from messagecenter.second_factors import SecondFactorAdapter
from tests.cast import PASSWORD, set_up_totp

LOGIN, SECOND = "/account/login/", "/account/2fa/authenticate/"


def code_of(secret: str, at: dt.datetime) -> str:
    return str(format_hotp_value(hotp_value(secret, int(at.timestamp()) // 30)))


def begin(user: User) -> Client:
    browser = Client()
    answer = browser.post(LOGIN, {"login": user.email, "password": PASSWORD})
    assert answer["Location"].startswith(SECOND)
    assert not is_signed_in(browser)
    return browser


def is_signed_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


def test_the_password_alone_opens_nothing(alice: User) -> None:
    secret = set_up_totp(alice)
    with time_machine.travel(NOON, tick=False):
        browser = begin(alice)
        assert browser.get("/account/profile/").status_code == 302
        assert browser.post(SECOND, {"code": "000000"}).status_code == 200
        assert not is_signed_in(browser)
        browser.post(SECOND, {"code": code_of(secret, NOON)})
        assert is_signed_in(browser)


def test_a_code_counts_once_though_the_clock_would_still_accept_it(alice: User) -> None:
    secret = set_up_totp(alice)
    with time_machine.travel(NOON, tick=False) as clock:
        code = code_of(secret, NOON)
        begin(alice).post(SECOND, {"code": code})
        clock.move_to(NOON + dt.timedelta(seconds=45))  # allauth has forgotten it; tolerance takes it
        second = begin(alice)
        page = second.post(SECOND, {"code": code})
        assert not is_signed_in(second)
        assert "was used already" in page.content.decode()


@pytest.mark.parametrize(("seconds", "right"), [(-30, True), (45, True), (-45, False), (75, False)])
def test_a_phones_clock_may_be_half_a_minute_off(alice: User, seconds: int, right: bool) -> None:
    secret = set_up_totp(alice)
    with time_machine.travel(NOON, tick=False):
        browser = begin(alice)
        browser.post(SECOND, {"code": code_of(secret, NOON + dt.timedelta(seconds=seconds))})
        assert is_signed_in(browser) is right


def test_guessing_stops_after_five_codes(alice: User) -> None:
    secret = set_up_totp(alice)
    with time_machine.travel(NOON, tick=False):
        browser = begin(alice)
        for guess in range(5):
            browser.post(SECOND, {"code": f"00000{guess}"})
        page = browser.post(SECOND, {"code": code_of(secret, NOON)})
        assert "Too many attempts" in page.content.decode()
        assert not is_signed_in(browser)


@pytest.mark.django_db(transaction=True)  # what follows the setting up, follows its commit
def test_setting_it_up_asks_who_one_is_gives_recovery_codes_and_ends_other_sessions(
    alice: User, mailoutbox: list[EmailMessage]
) -> None:
    here, elsewhere = Client(), Client()
    for browser in (here, elsewhere):
        browser.post(LOGIN, {"login": alice.email, "password": PASSWORD})
    asked = here.get("/account/2fa/totp/activate/")
    assert asked["Location"].startswith("/account/reauthenticate/")
    here.post(asked["Location"], {"password": PASSWORD})
    page = here.get("/account/2fa/totp/activate/")
    secret = here.session["mfa.totp.secret"]
    assert secret in page.content.decode().replace(" ", "")
    now = dt.datetime.now(dt.UTC)
    answer = here.post("/account/2fa/totp/activate/", {"code": code_of(secret, now)})
    assert answer["Location"] == "/account/2fa/recovery-codes/"
    codes = re.findall(r"\b\d{8}\b", here.get(answer["Location"]).content.decode())
    assert len(set(codes)) == 10
    assert elsewhere.get("/account/profile/").status_code == 302
    assert [mail.to for mail in mailoutbox] == [[alice.email]]

    lost = begin(alice)
    lost.post(SECOND, {"code": codes[0]})
    assert is_signed_in(lost)
    again = begin(alice)
    again.post(SECOND, {"code": codes[0]})
    assert not is_signed_in(again)


def test_turning_it_off_asks_who_one_is(alice: User, signed_in: Callable[[User], Client]) -> None:
    set_up_totp(alice)
    answer = signed_in(alice).post("/account/2fa/totp/deactivate/")
    assert "reauthenticate" in answer["Location"]
    assert Authenticator.objects.filter(user=alice, type="totp").exists()


def test_the_reset_of_a_password_does_not_pass_the_second_step(
    alice: User, mailoutbox: list[EmailMessage]
) -> None:
    set_up_totp(alice)
    browser = Client()
    browser.post("/account/password/reset/", {"email": alice.email})
    link = re.search(r"http://testserver(/account/password/reset/key/\S+)", str(mailoutbox[0].body))
    assert link
    form = browser.get(link[1], follow=True).redirect_chain[-1][0]
    answer = browser.post(form, {"password1": "quite-Another-91", "password2": "quite-Another-91"})
    assert answer["Location"].startswith(SECOND)
    assert not is_signed_in(browser)


def test_the_secret_lies_sealed_in_the_database(alice: User) -> None:
    secret = set_up_totp(alice)
    stored = Authenticator.objects.get(user=alice, type="totp").data["secret"]
    assert secret not in stored
    adapter = SecondFactorAdapter()
    assert adapter.decrypt(stored) == secret
    assert adapter.encrypt(secret) != stored
    with pytest.raises(SealingError):
        adapter.decrypt(stored[:-6] + "AAAA==")
    with pytest.raises(SealingError):
        adapter.decrypt(secret)


def test_a_second_factor_is_not_for_an_address_that_nobody_verified(
    alice: User, signed_in: Callable[[User], Client]
) -> None:
    EmailAddress.objects.filter(user=alice).update(verified=False)
    answer = signed_in(alice).get("/account/2fa/totp/activate/")
    assert answer["Location"] == "/account/2fa/"
