"""What a person does to rows of his mailbox, and its undoing.

A row is changed only in its own mailbox: the other side's copy stays as it is (IN-7).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction

from messagecenter.inbox.models import Entry, EntryQuerySet, State
from messagecenter.inbox.paging import BIGINT_MAX
from messagecenter.signals import entries_changed


class Action(StrEnum):
    ARCHIVE = "archive"
    TRASH = "trash"
    INBOX = "inbox"  # back from archive or trash
    READ = "read"
    UNREAD = "unread"


# Each sets one field to one value.
EFFECTS: Mapping[Action, tuple[str, int]] = {
    Action.ARCHIVE: ("state", State.ARCHIVED),
    Action.TRASH: ("state", State.TRASHED),
    Action.INBOX: ("state", State.INBOX),
    Action.READ: ("unread", False),
    Action.UNREAD: ("unread", True),
}


@dataclass(frozen=True, slots=True)
class Done:
    """What an action did. `found` rows were the mailbox's own; `before` holds, by row, what the action's
    field was in those that it changed."""

    action: Action
    found: int
    before: Mapping[int, int]


@transaction.atomic
def act_on_entries(*, mailbox_id: int, action: Action, entry_ids: Sequence[int]) -> Done:
    """Archives, deletes, restores or marks these rows; ids that are not this mailbox's are not found."""
    field, value = EFFECTS[action]
    found = dict(_lock(mailbox_id, entry_ids).values_list("id", field))
    before = {entry_id: int(was) for entry_id, was in found.items() if was != value}
    if before:
        Entry.objects.for_mailbox(mailbox_id).filter(id__in=before).update(**{field: value})
        entries_changed.send(act_on_entries, mailbox_ids=[mailbox_id])
    return Done(action, len(found), before)


@transaction.atomic
def undo_action(*, mailbox_id: int, action: Action, before: Mapping[int, int]) -> list[int]:
    """Puts rows back to what they were before `action`; returns the ids of those restored.

    A row that is no longer what the action made of it is left alone: it was undone already, somebody of the
    team has since done something else with it, or something new has happened to it.
    """
    field, value = EFFECTS[action]
    made_by_action = _lock(mailbox_id, list(before)).filter(**{field: value})
    restored = list(made_by_action.values_list("id", flat=True))
    for was in {before[entry_id] for entry_id in restored}:
        ids = [entry_id for entry_id in restored if before[entry_id] == was]
        Entry.objects.for_mailbox(mailbox_id).filter(id__in=ids).update(**{field: was})
    if restored:
        entries_changed.send(undo_action, mailbox_ids=[mailbox_id])
    return restored


@transaction.atomic
def mark_opened(*, mailbox_id: int, entry_id: int) -> bool:
    """Marks one row read because it is being read. False where it was read already."""
    changed = Entry.objects.for_mailbox(mailbox_id).filter(id=entry_id, unread=True).update(unread=False)
    if changed:
        entries_changed.send(mark_opened, mailbox_ids=[mailbox_id])
    return bool(changed)


def _lock(mailbox_id: int, entry_ids: Sequence[int]) -> EntryQuerySet:
    """Locks in the order of the ids, as whatever locks several rows must: two of a store's team who act at
    once wait for each other instead of dying of a deadlock."""
    askable = {entry_id for entry_id in entry_ids if 0 < entry_id <= BIGINT_MAX}
    return Entry.objects.for_mailbox(mailbox_id).filter(id__in=askable).select_for_update().order_by("id")
