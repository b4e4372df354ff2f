"""Pages of the list, found by key: page 1,000 costs what page 1 does."""

from __future__ import annotations

import base64
import binascii
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

from django.utils.translation import gettext as _

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BIGINT_MAX = 2**63 - 1  # ids beyond it cannot be asked of PostgreSQL
_FORMAT = struct.Struct(">qq")

Row = TypeVar("Row")


class BadAddressError(ValueError):
    """An address of a list that never was one. The text says why, in the reader's language."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a list, newest activity first: between this row and its neighbour."""

    active_at: datetime
    entry_id: int

    def encode(self) -> str:
        """22 characters that may stand in an address."""
        raw = _FORMAT.pack(microseconds(self.active_at), self.entry_id)
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> Cursor:
        """Raises BadAddressError for anything that `encode` did not make."""
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            since_epoch, entry_id = _FORMAT.unpack(raw)
            cursor = cls(EPOCH + timedelta(microseconds=since_epoch), entry_id)
        except (binascii.Error, ValueError, struct.error, OverflowError) as error:
            raise BadAddressError(_("This page address is damaged or incomplete.")) from error
        if entry_id < 1:
            raise BadAddressError(_("This page address is damaged or incomplete."))
        return cursor


def microseconds(instant: datetime) -> int:
    """Since 1970, UTC; exact, where a float is not."""
    return (instant - EPOCH) // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """The rows of one page, and where its neighbours begin; None where there are none."""

    rows: list[Row]
    newer: Cursor | None
    older: Cursor | None
