"""The way back from an action: a signed token that holds what every row was before."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise

from django.conf import settings
from django.core import signing

from messagecenter.inbox.actions import Action, Done

# The page lets the button wait while it is pointed at, focused or out of sight, and the request itself takes
# its time: the server honours the token somewhat longer than the page shows it.
GRACE_SECONDS = 30
SALT = "messagecenter.inbox.undo"


class UndoExpiredError(Exception):
    """The token is too old, or not one of this mailbox's."""


@dataclass(frozen=True, slots=True)
class Undoable:
    action: Action
    before: dict[int, int]


def undo_token(mailbox_id: int, done: Done) -> str:
    """About 2 bytes a row where ids are near each other; a page of 50 stays under 1 kB."""
    by_value: dict[int, list[int]] = {}
    for entry_id, was in sorted(done.before.items()):
        by_value.setdefault(was, []).append(entry_id)
    value = [mailbox_id, done.action, [[was, ids[0], _steps(ids)] for was, ids in by_value.items()]]
    return signing.dumps(value, salt=SALT, compress=True)


def read_undo_token(mailbox_id: int, token: str) -> Undoable:
    """Raises UndoExpiredError."""
    try:
        owner, action, groups = signing.loads(token, salt=SALT, max_age=settings.UNDO_SECONDS + GRACE_SECONDS)
    except signing.BadSignature as error:  # SignatureExpired is one
        raise UndoExpiredError from error
    if owner != mailbox_id:
        raise UndoExpiredError
    before = {}
    for was, entry_id, steps in groups:
        before.update(dict.fromkeys(accumulate([entry_id, *steps]), was))
    return Undoable(Action(action), before)


def _steps(ids: list[int]) -> list[int]:
    return [after - before for before, after in pairwise(ids)]
