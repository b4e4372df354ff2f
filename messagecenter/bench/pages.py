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
PROOF = b"</html>"


def measure_pages(port: int, readers: dict[int, User]) -> Iterator[Figure]:
    """Each mailbox' first page, looked at again and again, as its owner does; then pages that no process has
    made before, which find nothing kept ready; then the depth."""
    for rows, user in readers.items():
        name = f"inbox page, mailbox of {rows:,}: requests/s against hello"
        yield _against_hello(port, name, user, ["/inbox/"])
    rows, user = max(readers.items())
    cursors = _cursors(user)
    new = [f"/inbox/?before={cursor.encode()}" for cursor in cursors]
    yield _against_hello(port, f"pages never seen before, mailbox of {rows:,}: against hello", user, new)
    cookie = sign_in(user)
    # From page to page on both sides: what is kept ready would hide what the depth costs.
    deep = [f"/inbox/?before={cursor.encode()}" for cursor in cursors[DEEP_PAGE - 1 :]]
    shallow = [f"/inbox/?before={cursor.encode()}" for cursor in cursors[: DEEP_PAGE - 1]]
    value, reference = compare(port, Target(deep, cookie, PROOF), Target(shallow, cookie, PROOF))
    name = f"page {DEEP_PAGE:,} and on of {rows:,}: time against pages before it"
    yield Figure(name, 1000 / value, "ms", 1000 / reference, 1.3, at_most=True)


def _against_hello(port: int, name: str, user: User, paths: list[str]) -> Figure:
    cookie = sign_in(user)
    page, hello = Target(paths, cookie, PROOF), Target(["/bench/hello/"], cookie, b"hello")
    value, reference = compare(port, page, hello)
    return Figure(name, value, "req/s", reference, 0.5)


def _cursors(user: User) -> list[Cursor]:
    """What the "Older" links of page 1, 2, 3… hold."""
    rows = Entry.objects.for_mailbox(user.mailbox.id).filter(state=State.INBOX).order_by("-active_at", "-id")
    places = list(rows.values_list("active_at", "id"))
    size = settings.INBOX_PAGE_SIZE
    return [Cursor(*place) for place in places[size - 1 : len(places) - 1 : size]]
