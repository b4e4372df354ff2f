"""Promise 1: the inbox page against a bare signed-in view, whatever the mailbox and the depth."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from accounts.models import User
from messagecenter.bench.data import sign_in
from messagecenter.bench.load import Target, compare
from messagecenter.bench.report import Figure
from messagecenter.inbox.models import Entry, State
from messagecenter.inbox.paging import Cursor

DEEP_PAGE = 1000


def measure_pages(port: int, readers: dict[int, User]) -> Iterator[Figure]:
    for rows, user in readers.items():
        cookie = sign_in(user)
        page = Target("/inbox/", cookie, proof=b"</html>")
        value, reference = compare(port, page, Target("/bench/hello/", cookie, proof=b"hello"))
        yield Figure(
            f"inbox page, mailbox of {rows:,}: requests/s against hello", value, "req/s", reference, 0.5
        )
    rows, user = max(readers.items())
    cookie = sign_in(user)
    deep = Target(f"/inbox/?before={deep_cursor(user)}", cookie, proof=b"</html>")
    value, reference = compare(port, deep, Target("/inbox/", cookie, proof=b"</html>"))
    yield Figure(
        f"page {DEEP_PAGE:,} of {rows:,}: time against page 1",
        1000 / value,
        "ms",
        1000 / reference,
        1.3,
        at_most=True,
    )


def deep_cursor(user: User) -> str:
    """The address of page 1,000: what the 999th "Older" link holds."""
    rows = Entry.objects.for_mailbox(user.mailbox.id).filter(state=State.INBOX).order_by("-active_at", "-id")
    last = (DEEP_PAGE - 1) * settings.INBOX_PAGE_SIZE - 1
    active_at, entry_id = rows.values_list("active_at", "id")[last]
    return Cursor(active_at, entry_id).encode()
