"""Data keys as rows: wrapped, so that the database alone opens nothing."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from messagecenter.sealing import DataKeyBytes, new_data_key


class DataKeyManager(models.Manager["DataKey"]):
    def make(self) -> DataKey:
        return self.make_many(1)[0]

    def make_many(self, count: int) -> list[DataKey]:
        """New random keys, wrapped with the current key-encryption key, in one statement."""
        return self.bulk_create([_new_row() for _ in range(count)])


class DataKey(models.Model):
    """One mailbox's or conversation's key. Deleting the row makes everything sealed with it unreadable."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kek_id = models.CharField(max_length=32)
    wrapped = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DataKeyManager()

    class Meta:
        db_table = "messagecenter_data_key"

    def __str__(self) -> str:
        return str(self.id)

    def unwrap(self) -> DataKeyBytes:
        return unwrap(self.id, self.kek_id, bytes(self.wrapped))


def unwrap(key_id: uuid.UUID, kek_id: str, wrapped: bytes) -> DataKeyBytes:
    """Raises SealingError. Takes the columns, so that a list page can bring them with its mailbox row."""
    key: DataKeyBytes = settings.SEALING_KEYS.unwrap(wrapped, key_id=kek_id, place=_place(key_id))
    return key


def _new_row() -> DataKey:
    row = DataKey(id=uuid.uuid4())
    row.kek_id, row.wrapped = settings.SEALING_KEYS.wrap(new_data_key(), place=_place(row.id))
    return row


def _place(key_id: uuid.UUID) -> str:
    return f"data-key:{key_id}"
