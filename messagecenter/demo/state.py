"""What the demo remembers between two starts, in `.local/demo/`."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from allauth.mfa.totp.internal.auth import generate_totp_secret

# Easy to read out and to type; the file next to this one.
_WORDS = (Path(__file__).parent / "words.txt").read_text().split()


@dataclass(slots=True)
class DemoState:
    """`anchor` is the end of the invented history, `static` the fingerprint of the static files that were
    last collected, `settled` whether what is older has been marked as read."""

    password: str
    totp_secret: str
    anchor: str = ""
    static: str = ""
    settled: bool = False

    def begin_history(self) -> None:
        """It ends now, and nobody has read any of it."""
        self.anchor = datetime.now(UTC).replace(microsecond=0).isoformat()
        self.settled = False

    @property
    def history_ends(self) -> datetime:
        return datetime.fromisoformat(self.anchor)


@dataclass(frozen=True, slots=True)
class DemoFolder:
    path: Path

    @property
    def public(self) -> Path:
        """Files that the demo serves at its site's root."""
        return self.path / "public"

    @property
    def running_file(self) -> Path:
        return self.path / "running.json"

    def load(self) -> DemoState:
        """The remembered state; made, with a password of its own, on the first start."""
        self.path.mkdir(parents=True, exist_ok=True)
        try:
            return DemoState(**json.loads(self._file.read_text()))
        except FileNotFoundError:
            made = DemoState(
                password="-".join(secrets.choice(_WORDS) for _ in range(4)),
                totp_secret=generate_totp_secret(),
            )
            self.save(made)
            return made

    def save(self, state: DemoState) -> None:
        handle = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(asdict(state), file, indent=1)

    def lock(self) -> IO[str] | None:
        """Held as long as the returned file is open; None where another demo of this checkout holds it."""
        self.path.mkdir(parents=True, exist_ok=True)
        file = (self.path / "lock").open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return None
        return file

    @property
    def _file(self) -> Path:
        return self.path / "demo.json"


def fingerprint_of(*folders: Path) -> str:
    """Changes when a file of the folders does: by names, sizes and times of change."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                about = path.stat()
                digest.update(f"{path.relative_to(folder)} {about.st_size} {about.st_mtime_ns}\n".encode())
    return digest.hexdigest()
