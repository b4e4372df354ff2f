"""Sessions: listed in words, ended at once, seen without a statement."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.cache.backends.redis import RedisCache
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from redis.exceptions import ConnectionError as Unreachable

from accounts.models import User
from accounts.session_store import SessionStore
from accounts.sessions import end_sessions, forget_expired_sessions, list_sessions
from tests.cast import PASSWORD

SESSIONS = "/account/sessions/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1"
)


def sign_in(user: User, agent: str = FIREFOX, ip: str = "192.0.2.1") -> Client:
    browser = Client(HTTP_USER_AGENT=agent, REMOTE_ADDR=ip)
    answer = browser.post("/account/login/", {"login": user.email, "password": PASSWORD, "remember": "on"})
    assert answer.status_code == 302, answer.content.decode()
    return browser


def is_out(browser: Client) -> bool:
    return browser.get("/account/profile/").status_code == 302


def test_the_page_tells_device_address_and_which_is_this_one(alice: User) -> None:
    here = sign_in(alice)
    sign_in(alice, IPHONE, "198.51.100.7")
    page = here.get(SESSIONS).content.decode()
    assert page.index("Firefox on Linux") < page.index("Safari on iPhone")
    assert "192.0.2.1" in page
    assert "198.51.100.7" in page
    assert page.count("This device") == 1


def test_one_session_ends_and_is_out_at_its_next_request(alice: User) -> None:
    here, phone = sign_in(alice), sign_in(alice, IPHONE)
    assert not is_out(phone)
    row = UserSession.objects.get(session_key=phone.session.session_key)
    assert here.post(f"{SESSIONS}{row.pk}/end/")["Location"] == SESSIONS
    assert is_out(phone)
    assert not is_out(here)


def test_nobody_ends_anothers_session(alice: User, carol: User) -> None:
    row = UserSession.objects.get(session_key=sign_in(alice).session.session_key)
    assert sign_in(carol).post(f"{SESSIONS}{row.pk}/end/").status_code == 404
    assert UserSession.objects.filter(pk=row.pk).exists()


def test_sign_out_everywhere_else_keeps_this_one(alice: User, bob: User) -> None:
    here, others, bobs = sign_in(alice), [sign_in(alice), sign_in(alice, IPHONE)], sign_in(bob)
    here.post(SESSIONS)
    assert [is_out(browser) for browser in others] == [True, True]
    assert not is_out(here)
    assert not is_out(bobs)


def test_sign_out_everywhere_here_too(alice: User) -> None:
    here, other = sign_in(alice), sign_in(alice)
    assert here.post(SESSIONS, {"this_too": ""})["Location"] == "/account/login/"
    assert is_out(here)
    assert is_out(other)
    assert not UserSession.objects.filter(user=alice).exists()


def test_end_sessions_counts_them_and_spares_one(alice: User) -> None:
    spared, _second, _third = sign_in(alice), sign_in(alice), sign_in(alice)
    assert end_sessions(user=alice, except_session=spared.session.session_key) == 2
    assert not is_out(spared)
    assert end_sessions(user=alice) == 1
    assert is_out(spared)


def test_a_view_costs_the_session_no_statement(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = sign_in(alice)
    browser.get("/account/2fa/")
    with django_assert_num_queries(1) as seen:  # the person himself; team pages and the like add their own
        browser.get("/account/language/")
    assert "accounts_user" in seen.captured_queries[0]["sql"]


def test_last_seen_is_remembered_every_five_minutes_and_reaches_the_row_when_looked_at(alice: User) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC), tick=False) as clock:
        browser, watcher = sign_in(alice), sign_in(alice, IPHONE)
        key = browser.session.session_key

        def seen() -> dt.datetime:
            current = watcher.session.session_key
            return next(
                one for one in list_sessions(user=alice, current_key=current) if not one.is_this_one
            ).last_seen_at

        for minutes, expected in ((3, 0), (6, 6), (8, 6), (20, 20)):
            clock.move_to(dt.datetime(2026, 11, 22, 12, minutes, tzinfo=dt.UTC))
            browser.get("/account/language/")
            assert seen() == dt.datetime(2026, 11, 22, 12, expected, tzinfo=dt.UTC)
        cache.clear()
        assert seen().minute == 20
        assert UserSession.objects.get(session_key=key).last_seen_at.minute == 20


def test_an_emptied_cache_signs_nobody_out(alice: User) -> None:
    browser = sign_in(alice)
    cache.clear()
    assert not is_out(browser)


def test_a_copy_made_while_the_session_was_ended_does_not_revive_it(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request reads the row, another ends the session, the first puts its copy into the cache."""
    browser = sign_in(alice)
    key = browser.session.session_key
    assert key
    cache.clear()
    keep = SessionStore._keep_copy

    def end_first(store: SessionStore, data: dict[str, object], age: float) -> None:
        monkeypatch.setattr(SessionStore, "_keep_copy", keep)
        end_sessions(user=alice)
        keep(store, data, age)

    monkeypatch.setattr(SessionStore, "_keep_copy", end_first)
    assert SessionStore(key).load() == {}
    assert SessionStore(key).load() == {}
    assert is_out(browser)


def test_an_ended_session_is_not_written_back_by_a_request_under_way(alice: User) -> None:
    browser = sign_in(alice)
    store = SessionStore(browser.session.session_key)
    store["basket"] = 1
    end_sessions(user=alice)
    with pytest.raises(UpdateError):
        store.save()
    assert is_out(browser)


def test_the_row_serves_where_the_cache_does_not_answer(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = sign_in(alice)
    store = SessionStore(browser.session.session_key)

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise Unreachable

    monkeypatch.setattr(store._cache, "get", refuse)
    monkeypatch.setattr(store._cache, "set", refuse)
    assert store["_auth_user_id"] == str(alice.pk)


def test_pages_open_while_the_cache_does_not_answer(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = sign_in(alice)

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise Unreachable

    for method in ("get", "set", "get_many", "delete"):
        monkeypatch.setattr(RedisCache, method, refuse)
    assert browser.get("/account/email/").status_code == 200


def test_expired_sessions_are_forgotten(alice: User) -> None:
    sign_in(alice)
    with time_machine.travel(timezone.now() + dt.timedelta(days=10)):
        kept = sign_in(alice)
    with time_machine.travel(timezone.now() + dt.timedelta(days=15)):
        assert forget_expired_sessions() == 1
    assert [row.session_key for row in UserSession.objects.all()] == [kept.session.session_key]
    assert Session.objects.count() == 1
