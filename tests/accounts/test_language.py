"""Each request speaks its reader's language (CH-5), and caches are told what it depends on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User

LANGUAGE, LOGIN = "/account/language/", "/account/login/"


def language_of(browser: Client, address: str = LOGIN, **headers: str) -> str:
    answer = browser.get(address, headers=headers)
    assert answer.status_code == 200
    language = answer["Content-Language"]
    assert f'<html lang="{language}"' in answer.content.decode()
    return str(language)


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        ("fr", "fr"),
        ("fr-CA,fr;q=0.9,en;q=0.5", "fr"),
        ("de,en;q=0.5", "en"),
        ("de", "en"),
        ("", "en"),
        ("%%", "en"),
    ],
)
@pytest.mark.django_db
def test_a_visitor_is_spoken_to_as_his_browser_asks(asked: str, spoken: str) -> None:
    assert language_of(Client(), **{"accept-language": asked}) == spoken


@pytest.mark.django_db
def test_a_visitors_choice_counts_more_than_his_browser() -> None:
    browser = Client()
    answer = browser.post(LANGUAGE, {"language": "fr", "next": LOGIN})
    assert answer["Location"] == LOGIN
    assert language_of(browser, **{"accept-language": "en"}) == "fr"


def test_a_persons_choice_is_kept_in_the_account(alice: User, signed_in: Callable[[User], Client]) -> None:
    browser = signed_in(alice)
    assert language_of(browser, "/account/profile/", **{"accept-language": "fr"}) == "en"
    browser.post(LANGUAGE, {"language": "fr"})
    alice.refresh_from_db()
    assert alice.language == "fr"
    assert language_of(signed_in(alice), "/account/profile/") == "fr"
    browser.post("/account/logout/")
    assert language_of(browser) == "fr"


@pytest.mark.parametrize(
    ("asked", "target"),
    [
        ("/orders/?page=2", "/orders/?page=2"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
@pytest.mark.django_db
def test_the_way_back_stays_on_this_site(asked: str, target: str) -> None:
    assert Client().post(LANGUAGE, {"language": "fr", "next": asked})["Location"] == target


@pytest.mark.django_db
def test_an_unknown_language_is_refused_and_a_get_changes_nothing() -> None:
    assert Client().post(LANGUAGE, {"language": "de"}).status_code == 400
    assert Client().get(LANGUAGE, {"language": "fr"}).status_code == 405


def test_vary_names_what_the_language_depends_on(alice: User, signed_in: Callable[[User], Client]) -> None:
    visitor = {part.strip() for part in Client().get(LOGIN)["Vary"].split(",")}
    assert {"Accept-Language", "Cookie"} <= visitor
    own = {part.strip() for part in signed_in(alice).get("/account/profile/")["Vary"].split(",")}
    assert "Cookie" in own
    assert "Accept-Language" not in own


def test_a_language_or_zone_that_is_gone_does_not_break_the_pages(
    alice: User, signed_in: Callable[[User], Client]
) -> None:
    User.objects.filter(pk=alice.pk).update(language="xx", time_zone="Mars/Olympus")
    assert signed_in(alice).get("/account/2fa/").status_code == 200
