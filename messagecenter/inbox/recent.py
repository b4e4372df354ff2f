"""Markup that was made lately, kept by this process for a short while.

A mail program's list is looked at over and over: on every way back from a message, at every action, at every
poke. Its rows take 2 ms to open, word and render, its frame another.

Nothing old is ever shown, nor anything to somebody else: a key holds everything that its markup was made of.
It never leaves the process' memory: in Redis it would lie in the clear (SE-1).
"""

from __future__ import annotations

from collections.abc import Hashable
from time import monotonic
from typing import Generic, TypeVar

Markup = TypeVar("Markup")


class Recent(Generic[Markup]):
    """At most so many pieces of markup, for at most so many seconds."""

    def __init__(self, *, most: int, seconds: float) -> None:
        self._most = most
        self._seconds = seconds
        self._until = 0.0
        self._kept: dict[Hashable, Markup] = {}

    def get(self, key: Hashable) -> Markup | None:
        return self._kept.get(key)

    def keep(self, key: Hashable, markup: Markup) -> None:
        if len(self._kept) >= self._most:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = markup

    def forget_old(self) -> None:
        """To be called before a page is made: everything goes at once, every so many seconds."""
        if monotonic() > self._until:
            self._kept.clear()
            self._until = monotonic() + self._seconds
