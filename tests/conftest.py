"""The fixed cast (STYLE, Tests), and what every test stands on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from django.test import Client
from pytest_django import Settings

from accounts.models import Store, User
from tests.browser import browse, chromium  # noqa: F401  fixtures of the page tests
from tests.cast import make_person, make_store


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """Slow hashing is right for people and wrong for a thousand sign-ins of a test run."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """Sessions and rate limits of one test must not be felt by the next.

    Only the cache's own keys: the same Redis may serve a demo, and the tests' worker its queue.
    """
    yield
    redis = cast("RedisCache", caches["default"])._cache.get_client(write=True)
    stale = list(redis.scan_iter(f"{settings.CACHES['default']['KEY_PREFIX']}:1:*", count=1000))
    if stale:
        redis.delete(*stale)


@pytest.fixture
def alice(db: None) -> User:
    """Buys."""
    return make_person("Alice Arnaud", marketplace_id="customer-alice")


@pytest.fixture
def bob(db: None) -> User:
    """Sells: see `store`."""
    return make_person("Bob Brand")


@pytest.fixture
def carol(db: None) -> User:
    """A stranger to everybody else: always 404."""
    return make_person("Carol Cole", marketplace_id="customer-carol")


@pytest.fixture
def mo(db: None) -> User:
    """Moderates."""
    return make_person("Mo Meyer", group="Moderators")


@pytest.fixture
def sam(db: None) -> User:
    """Customer service."""
    return make_person("Sam Silva", group="Customer service")


@pytest.fixture
def superuser(db: None) -> User:
    return make_person("Root Regis", is_staff=True, is_superuser=True)


@pytest.fixture
def store(bob: User) -> Store:
    """ "Bob's Books", of which bob is the owner."""
    return make_store("Bob's Books", owner=bob)


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """`signed_in(alice).get(…)`: a browser of that person's own."""

    def sign_in(user: User) -> Client:
        browser = Client()
        browser.force_login(user)
        return browser

    return sign_in
