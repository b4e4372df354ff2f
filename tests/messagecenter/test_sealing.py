"""Sealed values open in their own place with their own key, and nowhere else."""

from __future__ import annotations

import base64
import json
import os
import pickle
import stat
import subprocess
import sys
import traceback
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from accounts.models import User
from messagecenter.datakeys import DataKey
from messagecenter.environment import development_secrets
from messagecenter.inbox.models import Mailbox, entry_place
from messagecenter.inbox.sources import open_payload
from messagecenter.sealing import (
    DataKeyBytes,
    KeyConfigurationError,
    Keyring,
    SealingError,
    new_data_key,
    parse_keys,
)

PLACE = entry_place(42, 1, 7)
SECRET = {"subject": "Étagère pour la chambre", "count": 3}


def some_key() -> DataKeyBytes:
    return DataKeyBytes(new_data_key())


def encoded(key: bytes | None = None) -> str:
    return base64.b64encode(key or new_data_key()).decode()


@given(
    st.dictionaries(
        st.text(), st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists), max_size=5
    ),
    st.text(max_size=40),
)
def test_what_was_sealed_is_opened(value: dict[str, object], place: str) -> None:
    key = some_key()
    assert key.open(key.seal(value, place=place), place=place) == value


def test_sealed_value_shows_nothing_and_is_never_the_same_twice() -> None:
    key = some_key()
    first, second = key.seal(SECRET, place=PLACE), key.seal(SECRET, place=PLACE)
    assert first != second
    assert b"chambre" not in first
    assert "Étagère".encode() not in first


@pytest.mark.parametrize(
    "place",
    [
        entry_place(43, 1, 7),  # another mailbox
        entry_place(42, 2, 7),  # another source
        entry_place(42, 1, 8),  # another row
        PLACE.replace("payload", "draft"),  # another field
        "",
    ],
)
def test_moved_value_is_an_error(place: str) -> None:
    key = some_key()
    with pytest.raises(SealingError):
        key.open(key.seal(SECRET, place=PLACE), place=place)


def test_places_of_different_rows_never_read_alike() -> None:
    """A separator that could be part of a number would let 1|23 stand for 12|3."""
    places = {entry_place(mailbox, 1, row) for mailbox in range(30) for row in range(30)}
    assert len(places) == 900


def test_another_mailboxes_key_is_an_error() -> None:
    with pytest.raises(SealingError):
        some_key().open(some_key().seal(SECRET, place=PLACE), place=PLACE)


def test_every_altered_byte_is_an_error() -> None:
    key = some_key()
    sealed = key.seal({"a": 1}, place=PLACE)
    for position in range(len(sealed)):
        altered = bytearray(sealed)
        altered[position] ^= 1
        with pytest.raises(SealingError):
            key.open(bytes(altered), place=PLACE)


@pytest.mark.parametrize("length", [0, 1, 12, 13, 20])
def test_cut_value_is_an_error(length: int) -> None:
    key = some_key()
    with pytest.raises(SealingError):
        key.open(key.seal(SECRET, place=PLACE)[:length], place=PLACE)


def test_error_tells_neither_text_nor_key_nor_row() -> None:
    key = some_key()
    with pytest.raises(SealingError) as caught:
        key.open(key.seal(SECRET, place=PLACE), place=entry_place(43, 1, 7))
    told = "".join(traceback.format_exception(caught.value))
    assert "chambre" not in told
    assert "43" not in told.splitlines()[-1]


def test_keys_stay_out_of_repr_and_pickle() -> None:
    raw = new_data_key()
    key, ring = DataKeyBytes(raw), Keyring({"k1": raw})
    for shown in (repr(key), str(key), repr(ring), str(ring), repr({"kept": [key, ring]})):
        assert repr(raw)[2:-1] not in shown
        assert encoded(raw) not in shown
        assert raw.hex() not in shown
    assert "k1" in repr(ring)
    with pytest.raises(TypeError):
        pickle.dumps(key)


def test_first_key_wraps_and_every_one_unwraps() -> None:
    old, new, data_key = new_data_key(), new_data_key(), new_data_key()
    before = Keyring({"old": old})
    key_id, wrapped = before.wrap(data_key, place="data-key:1")
    sealed = before.unwrap(wrapped, key_id=key_id, place="data-key:1").seal(SECRET, place=PLACE)

    rotated = parse_keys(f"new:{encoded(new)},old:{encoded(old)}")
    assert rotated.current_id == "new"
    assert rotated.unwrap(wrapped, key_id="old", place="data-key:1").open(sealed, place=PLACE) == SECRET
    key_id, rewrapped = rotated.wrap(data_key, place="data-key:1")
    assert key_id == "new"

    after = Keyring({"new": new})
    assert after.unwrap(rewrapped, key_id="new", place="data-key:1").open(sealed, place=PLACE) == SECRET
    with pytest.raises(SealingError, match="no key-encryption key named 'old'"):
        after.unwrap(wrapped, key_id="old", place="data-key:1")


def test_wrapped_key_of_another_row_is_an_error() -> None:
    ring = Keyring({"k": new_data_key()})
    _key_id, wrapped = ring.wrap(new_data_key(), place="data-key:1")
    with pytest.raises(SealingError):
        ring.unwrap(wrapped, key_id="k", place="data-key:2")


def test_wrapped_key_under_the_wrong_name_is_an_error() -> None:
    ring = Keyring({"a": new_data_key(), "b": new_data_key()})
    _key_id, wrapped = ring.wrap(new_data_key(), place="data-key:1")
    with pytest.raises(SealingError):
        ring.unwrap(wrapped, key_id="b", place="data-key:1")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no key-encryption key is configured"),
        (" , ,", "no key-encryption key is configured"),
        ("k1", "written id:base64"),
        ("k1:", "written id:base64"),
        (f":{encoded()}", "written id:base64"),
        (f"{'x' * 33}:{encoded()}", "written id:base64"),
        (f"a b:{encoded()}", "written id:base64"),
        ("k1:not base64!", "is not base64"),
        (f"k1:{encoded(b'short')}", "must be 32 random bytes"),
        (f"k1:{encoded(b'a' * 32)}", "must be 32 random bytes"),
        (f"k1:{encoded()},k1:{encoded()}", "named twice"),
    ],
)
def test_keys_that_cannot_be_used_are_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(KeyConfigurationError, match=reason):
        parse_keys(text)


def test_key_written_in_the_place_of_its_id_does_not_reach_the_log() -> None:
    key = encoded()
    for text in (key, f"{key}:main", f"{key}:{key}"):
        with pytest.raises(KeyConfigurationError) as caught:
            parse_keys(text)
        assert key not in str(caught.value)


def test_keys_may_stand_on_lines() -> None:
    assert list(parse_keys(f"k2:{encoded()}\n k1:{encoded()}\n").keys) == ["k2", "k1"]


# --- in the database ---------------------------------------------------------------------------------


def test_data_key_lies_wrapped_in_the_database(db: None) -> None:
    row = DataKey.objects.make()
    sealed = row.unwrap().seal(SECRET, place=PLACE)
    assert DataKey.objects.get(id=row.id).unwrap().open(sealed, place=PLACE) == SECRET
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(k) FROM messagecenter_data_key k WHERE id = %s", [row.id])
        (stored,) = cursor.fetchone()
    assert set(json.loads(stored) if isinstance(stored, str) else stored) == {
        "id",
        "kek_id",
        "wrapped",
        "created_at",
    }
    assert len(bytes(row.wrapped)) == 1 + 12 + 32 + 16


def test_key_rows_cannot_be_exchanged(db: None) -> None:
    first, second = DataKey.objects.make_many(2)
    DataKey.objects.filter(id=first.id).update(wrapped=bytes(second.wrapped))
    with pytest.raises(SealingError):
        DataKey.objects.get(id=first.id).unwrap()


def test_unknown_key_encryption_key_is_an_error(db: None, settings: Settings) -> None:
    row = DataKey.objects.make()
    settings.SEALING_KEYS = Keyring({"another": new_data_key()})
    with pytest.raises(SealingError, match="no key-encryption key named"):
        row.unwrap()


def test_payload_of_one_mailbox_is_no_text_in_another(alice: User, carol: User) -> None:
    hers, other = Mailbox.objects.of(user=alice), Mailbox.objects.of(user=carol)
    sealed = hers.data_key.unwrap().seal(SECRET, place=entry_place(hers.id, 1, 7))
    assert open_payload(hers.data_key.unwrap(), hers.id, 1, 7, sealed) == SECRET
    with pytest.raises(SealingError):
        open_payload(other.data_key.unwrap(), other.id, 1, 7, sealed)
    with pytest.raises(SealingError):
        open_payload(hers.data_key.unwrap(), hers.id, 1, 8, sealed)


def test_each_mailbox_has_a_key_of_its_own_and_one_only(alice: User, carol: User) -> None:
    boxes = Mailbox.objects.make_missing(user_ids=[alice.pk, carol.pk, alice.pk], store_ids=[])
    assert len({box.data_key_id for box in boxes}) == 2
    again = Mailbox.objects.make_missing(user_ids=[alice.pk], store_ids=[])
    assert again.get().data_key_id in {box.data_key_id for box in boxes}
    assert DataKey.objects.count() == 2


# --- the checkout's own secrets ----------------------------------------------------------------------


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_development_makes_its_secrets_once_readable_by_the_owner_only(tmp_path: Path) -> None:
    before = os.umask(0)  # whatever the shell's umask
    try:
        made = development_secrets(tmp_path / "new")
    finally:
        os.umask(before)
    path = tmp_path / "new" / "secrets.json"
    assert mode_of(path) == 0o600
    assert development_secrets(tmp_path / "new") == made
    assert [each.name for each in path.parent.iterdir()] == ["secrets.json"]
    assert parse_keys(made.keys).current_id == "local-1"


def test_every_checkout_has_secrets_of_its_own(tmp_path: Path) -> None:
    first, second = development_secrets(tmp_path / "a"), development_secrets(tmp_path / "b")
    assert first.keys != second.keys
    assert first.secret_key != second.secret_key
    assert first.event_secrets != second.event_secrets


def test_processes_that_start_together_agree_on_the_secrets(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from messagecenter.environment import development_secrets;"
        "print(development_secrets(Path(sys.argv[1])).keys)"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "shared")]
    running = [
        subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True) for _ in range(5)
    ]
    assert len({process.communicate()[0] for process in running}) == 1


def test_this_checkouts_own_key_file_is_for_its_owner_only() -> None:
    path = Path(settings.LOCAL_DIR, "secrets.json")
    if path.exists():  # absent where the secrets come from the environment
        assert mode_of(path) == 0o600
