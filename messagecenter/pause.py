"""A rest after a failure, so that a service that is gone is not waited for again and again."""

from __future__ import annotations

from time import monotonic


class Pause:
    """Of one process. `seconds` after a failure nothing is tried; then one try decides anew."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._until = 0.0

    @property
    def is_on(self) -> bool:
        return monotonic() < self._until

    def begin(self) -> None:
        self._until = monotonic() + self.seconds
