"""The markup of rows that were shown lately, kept by this process for a short while.

Opening, wording and rendering 50 rows takes 2 ms, and a mail program's list is looked at over and over: on
every way back from a message, at every action, at every poke. The key holds the sealed row itself, which only
who may read the mailbox can bring; so nothing is ever shown to somebody else, and nothing that is old.

It never leaves the process' memory: in Redis it would lie in the clear (SE-1).
"""

from __future__ import annotations

from collections.abc import Hashable
from time import monotonic

from django.utils.safestring import SafeString

MOST = 4000  # rows, about 1.5 kB each
SECONDS = 300


class RecentRows:
    """Forgets everything every few minutes, and the oldest where there are too many."""

    def __init__(self) -> None:
        self._rows: dict[Hashable, SafeString] = {}
        self._until = 0.0

    def get(self, key: Hashable) -> SafeString | None:
        return self._rows.get(key)

    def keep(self, key: Hashable, markup: SafeString) -> None:
        if len(self._rows) >= MOST:
            del self._rows[next(iter(self._rows))]
        self._rows[key] = markup

    def forget_old(self) -> None:
        """To be called before a page is made."""
        if monotonic() > self._until:
            self._rows.clear()
            self._until = monotonic() + SECONDS
