"""Rows made what they should be: what is missing, what differs, what should not be there."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db import models

from orders.intake.projection.writes import Writes

Row = TypeVar("Row", bound=models.Model)
Key = TypeVar("Key", bound=Hashable)


@dataclass(slots=True)
class Synced(Generic[Key, Row]):
    """`rows` are all that are wanted; those of `made` have no id before the writes are sent."""

    rows: dict[Key, Row]
    made: list[Row] = field(default_factory=list)
    altered: list[Row] = field(default_factory=list)
    removed: list[Key] = field(default_factory=list)

    @property
    def changed(self) -> list[Row]:
        return [*self.made, *self.altered]


def sync_rows(
    writes: Writes,
    model: type[Row],
    existing: Mapping[Key, Row],
    wanted: Mapping[Key, Mapping[str, Any]],
    *,
    remove: bool = False,
) -> Synced[Key, Row]:
    """`wanted` has values by attribute (`store_id`, not `store`). Others stay unless `remove`."""
    made: dict[Key, Row] = {}
    altered: list[Row] = []
    for key, values in wanted.items():
        row = existing.get(key)
        if row is None:
            made[key] = model(**values)
            continue
        differing = [name for name, value in values.items() if getattr(row, name) != value]
        if differing:
            for name in differing:
                setattr(row, name, values[name])
            writes.update(row, differing)
            altered.append(row)
    if made:
        writes.insert(model, list(made.values()))
    removed = [key for key in existing if key not in wanted] if remove else []
    writes.delete([existing[key] for key in removed])
    return Synced({**existing, **made}, list(made.values()), altered, removed)
