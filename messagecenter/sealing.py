"""Sealing: authenticated encryption of what people read, bound to the place where it is stored.

Two kinds of key. A *key-encryption key* comes from the environment or a file and never lies in the
database. It wraps *data keys*, one per mailbox and per conversation, which do lie in the database,
wrapped. A sealed value is

    version (1 byte) | nonce (12 bytes) | AES-256-GCM ciphertext and tag

and authenticates the *place* it was sealed for ("entry:42:order:7:payload"): moved to another row, or
opened with another mailbox's key, it is an error, never text.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"
NONCE_BYTES = 12
KEY_BYTES = 32
KEY_ID = re.compile(r"[A-Za-z0-9._-]{1,32}")


class SealingError(Exception):
    """A sealed value, a wrapped key or a key-encryption key is wrong, missing, or not from this place."""


class KeyConfigurationError(ValueError):
    """The key-encryption keys in the environment cannot be used; the text says why."""


@dataclass(frozen=True)
class Keyring:
    """The key-encryption keys: the first wraps, every one unwraps. `repr` names them, never shows them."""

    keys: Mapping[str, bytes] = field(repr=False)

    def __repr__(self) -> str:
        return f"<Keyring {', '.join(self.keys)}>"

    @property
    def current_id(self) -> str:
        return next(iter(self.keys))

    def wrap(self, data_key: bytes, *, place: str) -> tuple[str, bytes]:
        """Returns the id of the wrapping key and the wrapped data key."""
        return self.current_id, _seal(self.keys[self.current_id], data_key, place)

    def unwrap(self, wrapped: bytes, *, key_id: str, place: str) -> DataKeyBytes:
        """Raises SealingError where the key is unknown, or the wrapped key was altered or moved."""
        if key_id not in self.keys:
            raise SealingError(f"no key-encryption key named {key_id!r} is configured")
        return DataKeyBytes(_open(self.keys[key_id], wrapped, place))


def parse_keys(text: str) -> Keyring:
    """Reads "id:base64,id:base64", the current key first; each is 32 random bytes.

    Raises KeyConfigurationError.
    """
    keys: dict[str, bytes] = {}
    for part in filter(None, (part.strip() for part in text.replace("\n", ",").split(","))):
        key_id, _colon, encoded = part.partition(":")
        # The id's form comes first: whoever wrote the key in its place must not find it in the log.
        if not KEY_ID.fullmatch(key_id) or not encoded:
            raise KeyConfigurationError(
                "each key-encryption key is written id:base64, its id of 1 to 32 letters, digits, . _ -"
            )
        try:
            key = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError) as error:
            raise KeyConfigurationError(f"key-encryption key {key_id!r} is not base64") from error
        if len(key) != KEY_BYTES or len(set(key)) < 8:
            raise KeyConfigurationError(f"key-encryption key {key_id!r} must be 32 random bytes")
        if key_id in keys:
            raise KeyConfigurationError(f"key-encryption key {key_id!r} is named twice")
        keys[key_id] = key
    if not keys:
        raise KeyConfigurationError("no key-encryption key is configured")
    return Keyring(keys)


class DataKeyBytes:
    """One opened data key. Its bytes stay out of `repr`, of pickles and so of every cache and queue."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise SealingError("a data key has 32 bytes")
        self._key = key

    def __repr__(self) -> str:
        return "<DataKeyBytes>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("an opened data key stays in its process: no pickle, no cache, no queue")

    def seal(self, value: Mapping[str, Any], *, place: str) -> bytes:
        """Seals a JSON object for `place`."""
        plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        return _seal(self._key, plain, place)

    def open(self, sealed: bytes | memoryview, *, place: str) -> dict[str, Any]:
        """Raises SealingError where the value was altered, moved, or sealed with another key."""
        value = json.loads(_open(self._key, bytes(sealed), place))
        if not isinstance(value, dict):
            raise SealingError("a sealed value is a JSON object")
        return value


def new_data_key() -> bytes:
    return os.urandom(KEY_BYTES)


@lru_cache(maxsize=4096)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)  # 2 µs a time to set up, against 1 µs to open a row


def _seal(key: bytes, plain: bytes, place: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + nonce + _cipher(key).encrypt(nonce, plain, VERSION + place.encode())


def _open(key: bytes, sealed: bytes, place: str) -> bytes:
    if sealed[:1] != VERSION or len(sealed) <= 1 + NONCE_BYTES:
        raise SealingError("not a sealed value of a known version")
    nonce, ciphertext = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        return _cipher(key).decrypt(nonce, ciphertext, VERSION + place.encode())
    except InvalidTag as error:
        raise SealingError(f"the sealed value does not belong to {place.partition(':')[0]}") from error
