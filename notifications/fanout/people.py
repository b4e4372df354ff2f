"""Notices to one person: one row each in the Platform tab."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from messagecenter.inbox.delivery import Delivery, Letterbox, deliver, open_letterboxes
from messagecenter.inbox.models import Source
from notifications.kinds import PERSON_KINDS
from notifications.models import Audience, Notice

BATCH = 500
_COLUMNS = ("id", "user_id", "kind", "params", "occurred_at")


@transaction.atomic
def fan_out_due_people(limit: int = BATCH) -> int:
    """Returns how many notices were sent. Those that another worker holds are passed over."""
    due = Notice.objects.due().filter(audience=Audience.PERSON).order_by("due_at", "id")
    return _send(list(due.select_for_update(skip_locked=True).values_list(*_COLUMNS)[:limit]))


@transaction.atomic
def fan_out_person_notice(notice_id: int) -> int:
    """One notice alone; 0 where it is not due or another worker has it."""
    due = Notice.objects.due().filter(id=notice_id)
    return _send(list(due.select_for_update(skip_locked=True).values_list(*_COLUMNS)))


def _send(rows: Sequence[tuple[Any, ...]]) -> int:
    if not rows:
        return 0
    letterboxes = {box.user_id: box for box in open_letterboxes(user_ids={row[1] for row in rows})}
    deliver([_delivery(row, letterboxes[row[1]]) for row in rows])
    Notice.objects.filter(id__in=[row[0] for row in rows]).update(
        state=Notice.State.DONE, done_at=Now(), error=""
    )
    return len(rows)


def _delivery(row: tuple[Any, ...], letterbox: Letterbox) -> Delivery:
    notice_id, _user_id, kind, params, occurred_at = row
    return Delivery(
        letterbox=letterbox,
        source=Source.NOTICE,
        source_id=notice_id,
        category=PERSON_KINDS[kind].category,
        active_at=occurred_at,
        payload={"kind": kind, "params": params},
        told=["sent"],
        news=["sent"],
    )


def due_person_notices(limit: int = BATCH) -> list[int]:
    due = Notice.objects.due().filter(audience=Audience.PERSON).order_by("due_at", "id")
    return list(due.values_list("id", flat=True)[:limit])
