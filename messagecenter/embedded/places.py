"""Where the embedded servers of one checkout keep their things."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from messagecenter.embedded.errors import EmbeddedServersError

# A Unix socket's path holds at most 107 bytes (104 on macOS), and a checkout may lie deeper than that.
# The same for every client, so neither $TMPDIR nor $XDG_RUNTIME_DIR: those differ between sessions.
_SOCKET_PARENTS = (Path("/tmp"), Path("/var/tmp"))  # noqa: S108 - the directory made there is checked
_LOG_LIMIT = 10_000_000  # bytes


def open_own(path: Path, flags: int) -> int:
    """A close-on-exec descriptor of `path`, made where it is missing.

    What root makes in another's directory belongs to that other, who could not start here again otherwise.
    """
    fd = os.open(path, flags | os.O_CREAT | os.O_CLOEXEC, 0o600)
    if os.geteuid() == 0:
        above = path.parent.stat()
        os.fchown(fd, above.st_uid, above.st_gid)
    return fd


def _make_directory(path: Path) -> None:
    if path.is_dir():
        return
    _make_directory(path.parent)
    path.mkdir(exist_ok=True)
    if os.geteuid() == 0:
        above = path.parent.stat()
        os.chown(path, above.st_uid, above.st_gid)


@dataclass(frozen=True)
class Places:
    """The paths under `.local/`, for all who share one pair of servers."""

    state: Path

    @classmethod
    def of(cls, root: Path, *, fast: bool) -> Places:
        """`fast` servers are a pair of their own: tests must never empty the Redis of a running demo."""
        local = root.resolve() / ".local"
        return cls(local / "fast" if fast else local)

    @property
    def locks(self) -> Path:
        return self.state / "embedded"

    def lock(self, server: str, purpose: str) -> Path:
        return self.locks / f"{server}.{purpose}.lock"

    def status(self, server: str) -> Path:
        return self.locks / f"{server}.json"

    def log(self, server: str) -> Path:
        return self.state / "log" / f"{server}.log"

    def postgres(self, version: str) -> Path:
        return self.state / "postgres" / version

    def make(self) -> None:
        """Make the directories.

        Raises:
            EmbeddedServersError: they cannot be made or written.
        """
        for directory in (self.locks, self.state / "log", self.state / "postgres"):
            try:
                _make_directory(directory)
            except OSError as error:
                message = f"Cannot make {directory}: {error.strerror}. Embedded servers live in the checkout."
                raise EmbeddedServersError(message) from error
            if not os.access(directory, os.W_OK | os.X_OK):
                owner = directory.stat().st_uid
                raise EmbeddedServersError(
                    f"{directory} cannot be written: it belongs to user {owner}. "
                    "Start as that user, or remove `.local/` and start again."
                )

    def open_log(self, server: str) -> int:
        """A descriptor that appends to the server's log; a log grown too long begins anew."""
        fd = open_own(self.log(server), os.O_WRONLY | os.O_APPEND)
        if os.fstat(fd).st_size > _LOG_LIMIT:
            os.ftruncate(fd, 0)
        return fd

    def make_sockets(self, server: str, owner: tuple[int, int] | None) -> Path:
        """The directory of the server's socket, mode 700; `owner`'s (uid, gid) where root starts it.

        Its name is known beforehand and `/tmp` is everybody's, so one that another user made is refused.

        Raises:
            EmbeddedServersError: it cannot be made, or is not ours.
        """
        digest = hashlib.sha256(os.fsencode(self.state / server)).hexdigest()[:12]
        for parent in _SOCKET_PARENTS:
            path = parent / f"mc-{digest}-{os.geteuid()}"
            try:
                path.mkdir(mode=0o700)
            except FileExistsError:
                pass
            except OSError:
                continue
            found = path.lstat()
            ours = {os.geteuid()} | ({owner[0]} if owner else set())
            if not stat.S_ISDIR(found.st_mode) or found.st_uid not in ours:
                raise EmbeddedServersError(f"{path} was made by somebody else: remove it, then start again.")
            path.chmod(0o700)
            if owner:
                os.chown(path, *owner)
            return path
        raise EmbeddedServersError(
            "Neither /tmp nor /var/tmp can be written: the server's socket goes there."
        )
