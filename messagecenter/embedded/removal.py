"""`python -m messagecenter.embedded.removal`: removes the servers' data, if nobody uses it."""

from __future__ import annotations

import shutil
import sys
from contextlib import ExitStack
from pathlib import Path

from messagecenter.embedded.account import outside_home
from messagecenter.embedded.errors import EmbeddedServersError
from messagecenter.embedded.keeper import SERVERS
from messagecenter.embedded.locks import Lock
from messagecenter.embedded.places import Places
from messagecenter.embedded.postgresql import VERSION

_PATIENCE = 10.0  # seconds; a keeper may be just stopping its server


def remove_data(root: Path) -> None:
    """Remove what PostgreSQL keeps for the checkout `root`, wherever it lies.

    Raises:
        EmbeddedServersError: a process still uses the servers.
    """
    for fast in (False, True):
        places = Places.of(root, fast=fast)
        if not places.locks.is_dir():
            continue
        with ExitStack() as held:
            for server in SERVERS:
                lock = held.enter_context(Lock(places.lock(server, "clients")))
                try:
                    lock.wait_exclusive(_PATIENCE)
                except EmbeddedServersError as error:
                    message = f"The servers in {places.state} are in use: stop the demo or the tests first."
                    raise EmbeddedServersError(message) from error
            data = places.postgres(VERSION)
            home = outside_home(data)
            shutil.rmtree(home or data, ignore_errors=True)


if __name__ == "__main__":
    try:
        remove_data(Path(__file__).parents[2])
    except EmbeddedServersError as error:
        sys.exit(str(error))
