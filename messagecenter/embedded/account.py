"""Under which account a server runs. PostgreSQL refuses root, so root lends it a system user."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from messagecenter.embedded.errors import EmbeddedServersError

SYSTEM_USER = "messagecenter-dev"
# For root alone, and only where the checkout lies in a directory that the system user cannot enter (/root).
_OUTSIDE = Path("/var/lib/messagecenter-embedded")


@dataclass(frozen=True)
class Account:
    """The user that root starts servers as; `uid` and `gid` are numbers of the system."""

    uid: int
    gid: int

    @property
    def owner(self) -> tuple[int, int]:
        return self.uid, self.gid

    def can(self, *test: str) -> bool:
        """Ask `test` of the system (as in `test -x PATH`) as this user: rights are more than mode bits."""
        return self._succeeds("/usr/bin/env", "test", *test)

    def can_run(self, program: Path) -> bool:
        return self._succeeds(str(program), "--version")

    def _succeeds(self, *command: str) -> bool:
        try:
            done = subprocess.run(
                command, capture_output=True, check=False, cwd="/", timeout=20, **as_account(self)
            )
        except (PermissionError, FileNotFoundError):
            return False
        return done.returncode == 0


def as_account(account: Account | None) -> dict[str, Any]:
    """The arguments that make `subprocess` start a program as `account`; None starts it as ourselves."""
    return {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}


def account_for(state: Path) -> Account | None:
    """Whom to start servers as, or None to start them as ourselves.

    Root takes the owner of `state` where an ordinary user started here before, otherwise a system user made
    for it, without a password, a home or a shell.

    Raises:
        EmbeddedServersError: root cannot make the user or may not change to it.
    """
    if os.geteuid() != 0:
        return None
    entry = _entry(state.stat().st_uid) or _system_user()
    account = Account(entry.pw_uid, entry.pw_gid)
    try:
        subprocess.run(["/usr/bin/env", "true"], check=True, cwd="/", **as_account(account))
    except (PermissionError, subprocess.SubprocessError) as error:
        raise EmbeddedServersError(
            f"Root may not change to user {entry.pw_name} here (a container without CAP_SETUID?), and "
            "PostgreSQL refuses to run as root: start as an ordinary user, or set DATABASE_URL and REDIS_URL."
        ) from error
    return account


def _entry(uid: int) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwuid(uid) if uid else None
    except KeyError:
        return None


def _system_user() -> pwd.struct_passwd:
    commands = (
        "useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin",
        "adduser -S -D -H -h /nonexistent -s /sbin/nologin",  # BusyBox
    )
    said = "neither useradd nor adduser was found"
    for _ in range(3):  # another checkout may be making it now, with /etc/passwd locked
        for command in commands:
            try:
                return pwd.getpwnam(SYSTEM_USER)
            except KeyError:
                pass
            name, *options = command.split()
            program = shutil.which(name, path="/usr/sbin:/sbin:/usr/bin:/bin")
            if program:
                done = subprocess.run(
                    [program, *options, SYSTEM_USER], capture_output=True, text=True, check=False
                )
                said = done.stderr.strip() or said
        time.sleep(0.3)
    raise EmbeddedServersError(
        f"PostgreSQL refuses to run as root, and the system user {SYSTEM_USER} cannot be made: {said}. "
        "Start as an ordinary user, or set DATABASE_URL and REDIS_URL."
    )


def open_to(account: Account, directories: Sequence[Path]) -> None:
    """Let `account` pass through directories that are ours; it cannot list them."""
    for directory in directories:
        directory.chmod(directory.stat().st_mode | 0o011)


def reachable_programs(
    account: Account | None, base: Path, program: str, *, parts: Sequence[str], leave: Sequence[str] = ()
) -> Path:
    """`base`, or a copy of it from which `account` can run `program`.

    Args:
        account: who is to run it.
        base: the directory that all paths are relative to.
        program: the program's path.
        parts: paths of the files and directories that it needs, itself among them.
        leave: patterns of names below them that need not be copied.

    Raises:
        EmbeddedServersError: not even the copy can be run.
    """
    if account is None or account.can_run(base / program):
        return base
    content = hashlib.sha256((base / program).read_bytes()).hexdigest()[:16]
    copy = _OUTSIDE / "programs" / content
    if not copy.exists():
        for directory in (_OUTSIDE, copy.parent):
            _make_open(directory)
        with tempfile.TemporaryDirectory(dir=copy.parent) as scratch:
            new = Path(scratch) / copy.name
            for part in parts:
                _copy_open(base, new, part, leave)
            with suppress(OSError):  # another checkout was faster
                new.rename(copy)
    if not account.can_run(copy / program):
        raise EmbeddedServersError(
            f"User {account.uid} can run neither {base / program} nor its copy in {copy}: "
            "move the checkout out of root's home directory, or set DATABASE_URL and REDIS_URL."
        )
    return copy


def _copy_open(base: Path, new: Path, part: str, leave: Sequence[str]) -> None:
    for directory in reversed([new, *(new / above for above in Path(part).parents)]):
        _make_open(directory)
    if (base / part).is_dir():
        shutil.copytree(base / part, new / part, symlinks=True, ignore=shutil.ignore_patterns(*leave))
    else:
        shutil.copy2(base / part, new / part)


def reachable_data(account: Account | None, data: Path) -> Path:
    """A place for `data` that `account` can reach: itself wherever possible, else where it then links to."""
    if account is None:
        return data
    if data.is_symlink():
        home = outside_home(data)
        if home:
            return home / data.name
        data.unlink()  # a copied checkout: the data belongs to the one that it was copied from
    if account.can("-x", str(data.parent)):
        return data
    _make_open(_OUTSIDE)
    home = Path(tempfile.mkdtemp(dir=_OUTSIDE, prefix="data-"))
    home.chmod(0o711)
    home.joinpath("belongs-to").write_text(os.fspath(data), encoding="utf-8")
    data.symlink_to(home / data.name)
    return home / data.name


def _make_open(directory: Path) -> None:
    directory.mkdir(exist_ok=True)
    directory.chmod(0o755)  # whatever root's umask


def outside_home(data: Path) -> Path | None:
    """The directory outside the checkout that holds `data`; None where there is none made for this one."""
    if not data.is_symlink():
        return None
    home = data.resolve().parent
    try:
        mark = home.joinpath("belongs-to").read_text(encoding="utf-8")
    except OSError:
        return None
    return home if mark == os.fspath(data) else None
