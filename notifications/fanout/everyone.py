"""A notice to everyone: rows made inside PostgreSQL, in chunks that any number of workers share.

The ids of the mailboxes are cut into chunks; each worker claims a chunk, writes its rows and marks it, in one
transaction. The first chunk is another one: whoever claims it makes the mailboxes that are missing, and adds
the chunks in which they lie. A task does a little of all that and hands on, so that orders' notices are not
held up behind an announcement to millions.
"""

from __future__ import annotations

from datetime import timedelta
from time import monotonic
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Min, Sum
from django.db.models.functions import Now

from accounts.models import Store, User
from messagecenter.inbox.delivery import deliver_to_range
from messagecenter.inbox.models import Category, Mailbox, Source
from messagecenter.inbox.pokes import poke_everyone
from notifications.models import Audience, Chunk, Notice, Recipients
from notifications.outbox import wake

CHUNK = 10_000  # mailbox ids; DESIGN, Speed: 500 would halve the rate
TURN = 0.5  # seconds of one task, then the next in the queue has its turn
HELPERS = 8  # tasks at most that share one announcement
QUIET = timedelta(seconds=10)  # how long the sweep leaves alone an announcement that is under way
MISSING = 1000  # mailboxes made in one transaction
MAKING = -1  # `after` of the chunk that stands for making them; its `up_to` is the last owner looked at


def fan_out_to_everyone(notice_id: int, *, turn: float = TURN) -> bool:
    """Does up to `turn` seconds of the work; True where some is left and a wake-up for it is on its way."""
    deadline = monotonic() + turn
    notice = _begin_turn(notice_id)
    if notice is None:
        return False
    for _ in range(_cut(notice)):
        wake(notice_id)
    while _do_chunk(notice):
        if monotonic() > deadline:
            wake(notice_id)
            return True
    _finish(notice_id)
    return False


def _begin_turn(notice_id: int) -> Notice | None:
    """Tells the sweep that somebody is at it."""
    pending = Notice.objects.filter(id=notice_id, audience=Audience.EVERYONE, state=Notice.State.PENDING)
    return pending.first() if pending.update(due_at=Now() + QUIET) else None


def _cut(notice: Notice) -> int:
    """Cuts the mailboxes that there are into chunks, once; returns how many more workers to wake."""
    if Chunk.objects.filter(notice=notice).exists():
        return 0
    with transaction.atomic():
        Notice.objects.select_for_update().get(id=notice.id)
        if Chunk.objects.filter(notice=notice).exists():
            return 0  # another worker was first
        Chunk.objects.create(notice=notice, after=MAKING, up_to=0)
        first = Mailbox.objects.aggregate(first=Min("id"))["first"] or 1
        return min(_add_chunks(notice, after=first - 1), HELPERS)


def _add_chunks(notice: Notice, *, after: int) -> int:
    """For the mailboxes whose id is above `after`."""
    last = Mailbox.objects.aggregate(last=Max("id"))["last"] or 0
    starts = range(after, last, CHUNK)
    Chunk.objects.bulk_create([Chunk(notice=notice, after=n, up_to=n + CHUNK) for n in starts])
    return len(starts)


@transaction.atomic
def _do_chunk(notice: Notice) -> bool:
    """One chunk that no other worker has, its rows and its mark in one commit; False where there is none."""
    open_chunks = Chunk.objects.filter(notice=notice, reached=None).order_by("after")
    chunk = open_chunks.select_for_update(skip_locked=True).first()
    if chunk is None:
        return False
    if chunk.after == MAKING:
        _make_missing_mailboxes(notice, chunk)
    else:
        chunk.reached = deliver_to_range(
            source=Source.NOTICE,
            source_id=notice.id,
            category=Category.PLATFORM,
            active_at=notice.occurred_at,
            after=chunk.after,
            up_to=chunk.up_to,
            to_stores=_is_for_stores(notice),
            last_owner=notice.params["last_owner"],
        )
    chunk.save(update_fields=["up_to", "reached"])
    return True


def _make_missing_mailboxes(notice: Notice, chunk: Chunk) -> None:
    """Some of them, for who was there when it was sent; the chunk stays open until there are no more."""
    to_stores = _is_for_stores(notice)
    owners: Any = Store if to_stores else User
    missing = owners.objects.filter(id__gt=chunk.up_to, id__lte=notice.params["last_owner"], mailbox=None)
    ids = list(missing.order_by("id").values_list("id", flat=True)[:MISSING])
    Mailbox.objects.make_missing(user_ids=[] if to_stores else ids, store_ids=ids if to_stores else [])
    if len(ids) == MISSING:
        chunk.up_to = ids[-1]
        return
    last = Chunk.objects.filter(notice=notice).exclude(after=MAKING).aggregate(last=Max("up_to"))["last"]
    _add_chunks(notice, after=last or 0)
    chunk.reached = 0


@transaction.atomic
def _finish(notice_id: int) -> None:
    """By the worker that finds every chunk marked: whoever wrote the last one comes here after it."""
    notice = Notice.objects.select_for_update().get(id=notice_id)
    chunks = Chunk.objects.filter(notice=notice)
    if notice.state != Notice.State.PENDING or chunks.filter(reached=None).exists():
        return
    notice.reached = chunks.aggregate(rows=Sum("reached"))["rows"] or 0
    chunks.delete()
    notice.state, notice.done_at, notice.error = Notice.State.DONE, Now(), ""
    notice.save(update_fields=["reached", "state", "done_at", "error"])
    poke_everyone()


def _is_for_stores(notice: Notice) -> bool:
    return bool(notice.params["to"] == Recipients.STORES)


def read_progress(notice_id: int) -> tuple[int, float]:
    """Mailboxes reached so far, and the share of the work that is done, 0 to 1."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT n.state, n.reached + coalesce(sum(c.reached), 0),
                      count(c.id), count(c.reached)
                 FROM notifications_notice n LEFT JOIN notifications_chunk c ON c.notice_id = n.id
                WHERE n.id = %s GROUP BY n.id""",
            [notice_id],
        )
        state, reached, chunks, done = cursor.fetchone() or ("", 0, 0, 0)
    if state == Notice.State.DONE:
        return int(reached), 1.0
    return int(reached), done / chunks if chunks else 0.0
