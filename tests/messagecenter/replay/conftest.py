from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.messagecenter.replay.stack import Servers, make_template, running_servers


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """PostgreSQL and Redis that may be killed, with a migrated database to copy."""
    with running_servers() as found:
        make_template(found)
        yield found
