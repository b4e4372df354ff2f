"""Limits against guessing: alike for known and unknown addresses, and readable where they bite."""

from __future__ import annotations

import pytest
from allauth.account.adapter import get_adapter
from django.core.mail import EmailMessage
from django.test import Client, RequestFactory
from pytest_django import Settings

from accounts.models import User
from tests.cast import PASSWORD

LOGIN, RESET = "/account/login/", "/account/password/reset/"


def attempt(
    email: str, password: str = "wrong", *, ip: str = "192.0.2.1", forwarded: str = ""
) -> tuple[int, str]:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    answer = Client(REMOTE_ADDR=ip, headers=headers).post(LOGIN, {"login": email, "password": password})
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("email", ["alice@example.org", "nobody@example.org"])
def test_five_wrong_passwords_close_an_address_known_or_not(alice: User, email: str) -> None:
    for turn in range(5):
        assert "is not right" in attempt(email, ip=f"192.0.2.{turn}")[1]
    status, page = attempt(email, PASSWORD, ip="192.0.2.99")
    assert status == 200
    assert "Too many attempts that failed" in page
    assert "is not right" in attempt("bob@example.org")[1]  # others are not affected


def test_a_right_password_does_not_count_as_an_attempt(alice: User) -> None:
    for _turn in range(8):
        assert attempt(alice.email, PASSWORD)[0] == 302


def test_a_reset_opens_a_closed_address_again(alice: User, mailoutbox: list[EmailMessage]) -> None:
    import re

    for turn in range(6):
        attempt(alice.email, ip=f"192.0.2.{turn}")
    browser = Client()
    browser.post(RESET, {"email": alice.email})
    link = re.search(r"http://testserver(/account/password/reset/key/\S+)", str(mailoutbox[0].body))
    assert link
    form = browser.get(link[1], follow=True).redirect_chain[-1][0]
    browser.post(form, {"password1": "quite-Another-91", "password2": "quite-Another-91"})
    assert attempt(alice.email, "quite-Another-91")[0] == 302


@pytest.mark.django_db
def test_one_visitor_tries_ten_addresses_a_minute(settings: Settings) -> None:
    for turn in range(10):
        assert "is not right" in attempt(f"person{turn}@example.org")[1]
    assert "Too many attempts that failed" in attempt("person10@example.org")[1]
    assert "is not right" in attempt("person11@example.org", ip="192.0.2.2")[1]


@pytest.mark.parametrize(("language", "words"), [("en", "Too many"), ("fr", "Trop de")])
def test_the_page_of_too_many_requests_is_readable(alice: User, language: str, words: str) -> None:
    for _turn in range(3):
        assert Client().post(RESET, {"email": alice.email}).status_code == 302
    answer = Client().post(RESET, {"email": alice.email}, headers={"accept-language": language})
    assert answer.status_code == 429
    assert words in answer.content.decode()
    assert "<main" in answer.content.decode()


@pytest.mark.django_db
def test_reset_mails_are_limited_alike_for_an_unknown_address(mailoutbox: list[EmailMessage]) -> None:
    answers = [Client().post(RESET, {"email": "nobody@example.org"}).status_code for _turn in range(4)]
    assert answers == [302, 302, 302, 429]
    assert len(mailoutbox) == 3


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "10.0.0.1"),  # nobody told of a proxy: what the visitor writes counts for nothing
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.1.1.1, 203.0.113.9", "203.0.113.9"),  # only what our own proxy added
        (2, "1.1.1.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (1, "", "10.0.0.1"),
    ],
)
def test_the_visitors_address_behind_a_proxy(
    settings: Settings, proxies: int, forwarded: str, address: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers=headers)
    assert get_adapter().get_client_ip(request) == address


@pytest.mark.django_db
def test_behind_a_proxy_one_visitors_limit_does_not_bite_another(settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    pages = [
        attempt(f"person{turn}@example.org", ip="10.0.0.1", forwarded="203.0.113.9")[1] for turn in range(11)
    ]
    assert "Too many attempts that failed" in pages[-1]
    other = attempt("other@example.org", ip="10.0.0.1", forwarded="203.0.113.10")[1]
    assert "is not right" in other
