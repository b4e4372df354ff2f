from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from accounts.models import Store
from tests.cast import make_person, make_store
from tests.orders.pages.told import NOW


@pytest.fixture(autouse=True)
def sunday() -> Iterator[None]:
    """It is Sunday, 22 November 2026, three in the afternoon."""
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def brume(db: None) -> Store:
    """A second seller."""
    return make_store("Atelier Brume", owner=make_person("Dora Dune"))
