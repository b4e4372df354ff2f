"""What goes wrong with embedded servers, in sentences that say what to do."""

from __future__ import annotations

from pathlib import Path

_TAIL_LINES = 12

# What the servers and the system print, and the advice that fits. First match wins.
_ADVICE = (
    ("No space left on device", "The disk is full: free some space and try again."),
    ("Disk quota exceeded", "The disk quota is used up: free some space and try again."),
    (
        "Read-only file system",
        "The checkout lies on a read-only file system: move it to one that can be written.",
    ),
    (
        "database files are incompatible",
        "The data was made by another PostgreSQL: `make clean` removes it, then start again.",
    ),
    (
        "could not look up effective user ID",
        "This user has no entry in /etc/passwd; PostgreSQL asks for one.",
    ),
    (
        "has wrong ownership",
        "The data belongs to another user: start as that user, or `make clean` and start again.",
    ),
    (
        "error while loading shared libraries",
        "A system library is missing: install the one that is named above.",
    ),
    (
        "could not create shared memory segment",
        "The system's limit of shared memory is too small for PostgreSQL.",
    ),
    ("Permission denied", "Check who owns `.local/`; `make clean` removes it."),
)


class EmbeddedServersError(RuntimeError):
    """An embedded server cannot run. The text says what is wrong and what to do."""


def log_tail(log: Path, offset: int = 0) -> str:
    """The last lines of `log` behind byte `offset`, or nothing where there is no log."""
    try:
        with log.open("rb") as stream:
            stream.seek(offset)
            lines = stream.read().decode("utf-8", "replace").strip().splitlines()
    except OSError:
        return ""
    return "\n".join(f"  | {line}" for line in lines[-_TAIL_LINES:])


def explain(what: str, output: str, log: Path) -> EmbeddedServersError:
    """An error of `what` happened, what the program said about it, and the advice that fits."""
    advice = next((advice for needle, advice in _ADVICE if needle in output), "")
    parts = [what, output, advice, f"The whole log: {log}"]
    return EmbeddedServersError("\n".join(part for part in parts if part))
