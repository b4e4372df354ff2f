"""What a keeper tells its clients, in one small file that is replaced as a whole."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from messagecenter.embedded.places import open_own


@dataclass(frozen=True)
class Status:
    """`state` is starting, ready or failed; a failed one has a message for people."""

    state: str
    socket: str = ""
    pid: int = 0
    message: str = ""

    def write(self, path: Path) -> None:
        new = path.with_suffix(".new")
        with os.fdopen(open_own(new, os.O_WRONLY | os.O_TRUNC), "w", encoding="utf-8") as stream:
            json.dump(asdict(self), stream)
        new.replace(path)


def read_status(path: Path) -> Status | None:
    """The status at `path`, or None where no keeper has written one that can be read."""
    try:
        return Status(**json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None
