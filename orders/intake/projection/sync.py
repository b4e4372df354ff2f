"""Rows made what they should be: at most one INSERT, one UPDATE and one DELETE a table."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)
Key = TypeVar("Key", bound=Hashable)


@dataclass(slots=True)
class Synced(Generic[Key, Row]):
    """`rows` are all that are wanted, `changed` those of them that were made or altered."""

    rows: dict[Key, Row]
    changed: list[Row] = field(default_factory=list)
    removed: list[Key] = field(default_factory=list)


def sync_rows(
    model: type[Row],
    existing: Mapping[Key, Row],
    wanted: Mapping[Key, Mapping[str, Any]],
    *,
    remove: bool = False,
) -> Synced[Key, Row]:
    """`wanted` has values by column (`store_id`, not `store`). Others stay unless `remove`."""
    made: dict[Key, Row] = {}
    altered: list[Row] = []
    columns: set[str] = set()
    for key, values in wanted.items():
        row = existing.get(key)
        if row is None:
            made[key] = model(**values)
            continue
        differing = [name for name, value in values.items() if getattr(row, name) != value]
        for name in differing:
            setattr(row, name, values[name])
        if differing:
            altered.append(row)
            columns.update(differing)
    if made:
        model._default_manager.bulk_create(made.values())
    _update(model, altered, columns)
    removed = [key for key in existing if key not in wanted] if remove else []
    if removed:
        model._default_manager.filter(pk__in=[existing[key].pk for key in removed]).delete()
    return Synced({**existing, **made}, [*made.values(), *altered], removed)


def _update(model: type[Row], rows: list[Row], columns: set[str]) -> None:
    if len(rows) == 1:
        values = {name: getattr(rows[0], name) for name in columns}
        model._default_manager.filter(pk=rows[0].pk).update(**values)
    elif rows:
        # bulk_update knows a foreign key by its field's name, not by its column.
        names = {field.attname: field.name for field in model._meta.concrete_fields}
        model._default_manager.bulk_update(rows, [names[column] for column in sorted(columns)])
