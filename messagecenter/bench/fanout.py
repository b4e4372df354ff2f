"""Promise 3: a notice to everyone, through Celery, against one bare INSERT … SELECT of the same rows."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

from django.db import connection

from messagecenter.bench.report import Figure
from messagecenter.inbox.models import Category, Mailbox, Source
from notifications.announcements import send_announcement
from notifications.models import Announcement, Notice

ROUNDS = 3
BARE_SQL = """
INSERT INTO messagecenter_entry (mailbox_id, source, source_id, category, active_at)
SELECT id, %s, %s, %s, now() FROM messagecenter_mailbox WHERE user_id IS NOT NULL
"""


def measure_fan_out() -> Iterator[Figure]:
    """Needs running workers. In turns; each round writes rows of its own into the same table."""
    bare, through_celery = [], []
    for turn in range(ROUNDS):
        bare.append(_bare(-1 - turn))
        through_celery.append(_through_celery(turn))
    count = Mailbox.objects.filter(user__isnull=False).count()
    yield Figure(
        f"notice to {count:,} mailboxes, 2 workers, against INSERT…SELECT",
        count / statistics.median(through_celery),
        "rows/s",
        count / statistics.median(bare),
        0.7,
    )


def _bare(source_id: int) -> float:
    started = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute(BARE_SQL, [Source.NOTICE, source_id, Category.PLATFORM])
    return time.monotonic() - started


def _through_celery(turn: int) -> float:
    started = time.monotonic()
    announcement = Announcement.objects.create(
        title={"en": f"Bench {turn}", "fr": f"Banc {turn}"}, text={"en": "Body", "fr": "Texte"}
    )
    notice = send_announcement(announcement=announcement)
    while True:
        state = Notice.objects.values_list("state", flat=True).get(pk=notice.pk)
        if state == Notice.State.DONE:
            return time.monotonic() - started
        if state == Notice.State.DEAD or time.monotonic() - started > 300:
            raise RuntimeError("the notice was not fanned out")
        time.sleep(0.01)
