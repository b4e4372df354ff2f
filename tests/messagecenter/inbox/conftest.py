from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.template import Engine
from django.test import Client

from accounts.models import Store, User
from messagecenter.inbox import rows, shell
from messagecenter.inbox.models import Mailbox
from tests.messagecenter.inbox.samples import sample_presenter


@pytest.fixture(autouse=True)
def presenter() -> Iterator[None]:
    yield from sample_presenter()


@pytest.fixture(autouse=True)
def sample_templates() -> Iterator[None]:
    folder = str(Path(__file__).parent / "templates")
    dirs = Engine.get_default().dirs
    dirs.append(folder)
    yield
    dirs.remove(folder)


@pytest.fixture(autouse=True)
def nothing_recent() -> None:
    """Ids begin anew in another test's database: what was kept there must not be found here."""
    rows._recent._kept.clear()
    shell._recent._kept.clear()


@pytest.fixture
def inbox(alice: User) -> Mailbox:
    """Alice's."""
    return Mailbox.objects.of(user=alice)  # type: ignore[no-any-return]


@pytest.fixture
def store_inbox(store: Store) -> Mailbox:
    """Of bob's store."""
    return Mailbox.objects.of(store=store)  # type: ignore[no-any-return]


@pytest.fixture
def browser(signed_in: Callable[[User], Client], alice: User) -> Client:
    return signed_in(alice)
