"""What becomes of a notice that cannot be fanned out: tried again ever later, at last kept as dead (OP-4)."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Sequence

from django.conf import settings
from django.db import connection

log = logging.getLogger(__name__)

FIRST_PAUSE = 5  # seconds, doubled each time
LONGEST_PAUSE = 3600

_RECORD = """
UPDATE notifications_notice
   SET attempts = attempts + 1, error = %(error)s,
       state = CASE WHEN attempts + 1 >= %(most)s THEN 'dead' ELSE 'pending' END,
       due_at = statement_timestamp() + least(%(first)s * 2.0 ^ attempts, %(longest)s) * interval '1 second'
 WHERE id = ANY(%(ids)s) AND state = 'pending'
"""


def record_failure(notice_ids: Sequence[int], error: Exception) -> None:
    """To be called after the failed transaction, outside of it.

    The log gets the error's type and place but not its text, which may quote what people wrote; the text
    stays in the database, where staff see it beside the notice.
    """
    frame = traceback.extract_tb(error.__traceback__)[-1]
    log.error(
        "notices %s failed: %s in %s line %s",
        list(notice_ids),
        type(error).__name__,
        frame.name,
        frame.lineno,
    )
    text = (str(error).splitlines() or [""])[0]
    with connection.cursor() as cursor:
        cursor.execute(
            _RECORD,
            {
                "ids": list(notice_ids),
                "error": f"{type(error).__name__}: {text}"[:500],
                "most": settings.NOTICE_ATTEMPTS,
                "first": FIRST_PAUSE,
                "longest": LONGEST_PAUSE,
            },
        )
