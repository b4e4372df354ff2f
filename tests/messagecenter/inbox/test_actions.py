from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from messagecenter.inbox.actions import Action, Done, act_on_entries, mark_opened, undo_action
from messagecenter.inbox.models import Entry, Mailbox, State
from messagecenter.inbox.undo import GRACE_SECONDS, UndoExpiredError, read_undo_token, undo_token
from messagecenter.signals import entries_changed
from tests.messagecenter.inbox.samples import deliver


def states(mailbox: Mailbox) -> dict[int, tuple[int, bool]]:
    rows = Entry.objects.for_mailbox(mailbox.id).values_list("id", "state", "unread")
    return {entry_id: (state, unread) for entry_id, state, unread in rows}


@pytest.fixture
def changed() -> Iterator[list[list[int]]]:
    """What `entries_changed` told."""
    told: list[list[int]] = []

    def hear(sender: object, mailbox_ids: list[int], **_: object) -> None:
        told.append(mailbox_ids)

    entries_changed.connect(hear)
    yield told
    entries_changed.disconnect(hear)


def act(mailbox: Mailbox, action: Action, *entries: Entry) -> Done:
    return act_on_entries(mailbox_id=mailbox.id, action=action, entry_ids=[entry.id for entry in entries])


@pytest.mark.parametrize(
    ("action", "state", "unread"),
    [
        (Action.ARCHIVE, State.ARCHIVED, True),
        (Action.TRASH, State.TRASHED, True),
        (Action.READ, State.INBOX, False),
    ],
)
def test_an_action_changes_the_rows_it_names_and_no_other(
    inbox: Mailbox, changed: list[list[int]], action: Action, state: State, unread: bool
) -> None:
    one, other = deliver(inbox), deliver(inbox)
    done = act(inbox, action, one)
    assert (done.found, list(done.before)) == (1, [one.id])
    assert states(inbox) == {one.id: (state, unread), other.id: (State.INBOX, True)}
    assert changed == [[inbox.id]]


def test_rows_come_back_to_the_inbox_and_become_unread_again(inbox: Mailbox) -> None:
    filed, gone = deliver(inbox, state=State.ARCHIVED), deliver(inbox, state=State.TRASHED, unread=False)
    act(inbox, Action.INBOX, filed, gone)
    act(inbox, Action.UNREAD, gone)
    assert states(inbox) == {filed.id: (State.INBOX, True), gone.id: (State.INBOX, True)}


def test_what_is_so_already_is_found_but_not_changed(inbox: Mailbox, changed: list[list[int]]) -> None:
    entry = deliver(inbox, unread=False)
    done = act(inbox, Action.READ, entry)
    assert (done.found, done.before) == (1, {})
    assert changed == []


def test_nobody_touches_a_row_of_another_mailbox(inbox: Mailbox, store_inbox: Mailbox) -> None:
    theirs = deliver(store_inbox)
    assert act(inbox, Action.TRASH, theirs).found == 0
    assert states(store_inbox) == {theirs.id: (State.INBOX, True)}


def test_ids_that_no_row_can_have_are_not_found(inbox: Mailbox) -> None:
    done = act_on_entries(mailbox_id=inbox.id, action=Action.READ, entry_ids=[0, -1, 2**63, 10**30])
    assert done.found == 0


def test_undo_restores_each_row_to_what_it_was(inbox: Mailbox, changed: list[list[int]]) -> None:
    entries = [
        deliver(inbox, state=State.INBOX, unread=True),
        deliver(inbox, state=State.ARCHIVED, unread=False),
        deliver(inbox, state=State.TRASHED),  # not changed by the action, nor by its undoing
    ]
    before = states(inbox)
    done = act(inbox, Action.TRASH, *entries)
    undoable = read_undo_token(inbox.id, undo_token(inbox.id, done))
    restored = undo_action(mailbox_id=inbox.id, action=undoable.action, before=undoable.before)
    assert states(inbox) == before
    assert restored == [entries[0].id, entries[1].id]
    assert len(changed) == 2


def test_undo_restores_marks(inbox: Mailbox) -> None:
    read, unread = deliver(inbox, unread=False), deliver(inbox)
    before = states(inbox)
    done = act(inbox, Action.READ, read, unread)
    assert undo_action(mailbox_id=inbox.id, action=done.action, before=done.before) == [unread.id]
    assert states(inbox) == before


def test_a_second_undo_finds_nothing_left(inbox: Mailbox) -> None:
    done = act(inbox, Action.ARCHIVE, deliver(inbox))
    assert undo_action(mailbox_id=inbox.id, action=done.action, before=done.before) != []
    assert undo_action(mailbox_id=inbox.id, action=done.action, before=done.before) == []


def test_undo_leaves_alone_what_has_changed_since(inbox: Mailbox) -> None:
    one, other = deliver(inbox), deliver(inbox)
    done = act(inbox, Action.ARCHIVE, one, other)
    act(inbox, Action.TRASH, other)
    assert undo_action(mailbox_id=inbox.id, action=done.action, before=done.before) == [one.id]
    assert states(inbox) == {one.id: (State.INBOX, True), other.id: (State.TRASHED, True)}


def test_a_token_is_good_for_its_time_and_its_mailbox_only(
    inbox: Mailbox, store_inbox: Mailbox, settings: pytest.FixtureRequest
) -> None:
    done = act(inbox, Action.ARCHIVE, *(deliver(inbox) for _ in range(60)))
    with time_machine.travel("2026-11-22T12:00:00Z", tick=False) as clock:
        token = undo_token(inbox.id, done)
        assert read_undo_token(inbox.id, token).before == done.before
        for mailbox_id, text in ((store_inbox.id, token), (inbox.id, token[:-1]), (inbox.id, "")):
            with pytest.raises(UndoExpiredError):
                read_undo_token(mailbox_id, text)
        clock.shift(settings.UNDO_SECONDS + GRACE_SECONDS)  # type: ignore[attr-defined]
        assert read_undo_token(inbox.id, token).action == Action.ARCHIVE
        clock.shift(2)
        with pytest.raises(UndoExpiredError):
            read_undo_token(inbox.id, token)
    assert len(token) < 1000  # it travels in a cookie where no script runs


def test_opening_marks_read_once(inbox: Mailbox, changed: list[list[int]]) -> None:
    entry = deliver(inbox)
    assert mark_opened(mailbox_id=inbox.id, entry_id=entry.id)
    assert not mark_opened(mailbox_id=inbox.id, entry_id=entry.id)
    assert changed == [[inbox.id]]
