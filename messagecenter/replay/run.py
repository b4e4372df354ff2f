"""One replay of the Olist files: send, wait, compare, show."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from allauth.account.models import EmailAddress

from accounts.models import User
from messagecenter.replay.csv_files import read_tables
from messagecenter.replay.events import Event
from messagecenter.replay.expectation import expected_figures
from messagecenter.replay.fingerprint import take_fingerprint
from messagecenter.replay.olist import EVENT_PREFIX, order_events
from messagecenter.replay.reconciliation import (
    Comparison,
    actual_figures,
    compare_answers,
    compare_figures,
    compare_standing,
    count_events,
    parts,
    wait_until_drained,
)
from messagecenter.replay.sending import Tally, answers, send_all
from messagecenter.replay.terminal import BOLD, DIM, GREEN, RED, Terminal
from orders.models import Order

SHOWN_BUYERS = 2
SHOWN_REFUSALS = 5


class ReplayError(Exception):
    """The replay cannot begin; the text says why and what to do."""


class OlistReplay:
    """`limit` orders of `folder`, all where it is None; `shuffle` is a seed, None keeps the events' order."""

    def __init__(
        self,
        folder: Path,
        *,
        url: str,
        secret: str,
        terminal: Terminal,
        limit: int | None = None,
        shuffle: int | None = None,
        repeat: int = 1,
        workers: int = 4,
    ) -> None:
        self._folder, self._limit = folder, limit
        self._url, self._secret, self._workers = url, secret, workers
        self._terminal = terminal
        self._events = order_events(read_tables(folder).first(limit))
        self._numbers = sorted({event.order_number for event in self._events})
        self._shuffled = shuffle is not None
        self._posted = _repeated(self._events, repeat, shuffle)
        self._tally = Tally()
        self._before = self._after = 0

    def send(self) -> None:
        """Returns when every event is answered for good. Raises ReplayError, ServerLostError."""
        if not answers(self._url):
            raise ReplayError(
                f"No message center answers at {self._url}: start one (make demo), or name it with --url."
            )
        self._before = count_events(self._numbers, EVENT_PREFIX)
        doing = f"Sending {len(self._numbers):,} orders to {self._url}"
        self._terminal.progress(doing, 0, len(self._posted))
        self._tally = send_all(
            self._posted,
            url=self._url,
            secret=self._secret,
            workers=self._workers,
            on_answer=lambda done: self._terminal.progress(doing, done, len(self._posted)),
            keep_order=not self._shuffled,
        )
        self._terminal.end_progress()
        retried = f", {self._tally.retried} retries" if self._tally.retried else ""
        self._terminal.say(
            f"  {doing}: {self._tally.posted:,} events in {self._tally.seconds:.1f} s, "
            f"{self._tally.rate:,.0f} a second{retried}"
        )
        for event, answer in self._tally.refused[:SHOWN_REFUSALS]:
            self._terminal.say(f"  refused: {event.id}: {answer.code} {answer.status}: {answer.reason}")

    def reconcile(self) -> int:
        """Waits for the inboxes, prints the table; returns how many figures differ."""
        most = 0

        def moved(left: int) -> None:
            nonlocal most
            most = max(most, left)
            self._terminal.progress("Waiting for the inboxes", most - left, most)

        drained = wait_until_drained(self._numbers, on_progress=moved)
        self._terminal.end_progress()
        if not drained:
            self._terminal.say("  Something waits and nothing moves any more: is the worker running?")
        self._after = count_events(self._numbers, EVENT_PREFIX)
        table = [
            *compare_answers(
                self._tally,
                posted=len(self._posted),
                unique=len(self._events),
                before=self._before,
                after=self._after,
            ),
            *compare_standing(self._numbers),
            *compare_figures(
                expected_figures(self._folder, self._limit),
                actual_figures(self._numbers, EVENT_PREFIX),
                fresh=not self._before,
            ),
        ]
        return self._show(table)

    def show_buyers(self, password: str) -> None:
        """Two buyers who can be looked at in the browser; with `password` they can be signed in as."""
        bought: Counter[int] = Counter()
        for part in parts(self._numbers):
            bought.update(Order.objects.filter(number__in=part).values_list("buyer_id", flat=True))
        chosen = sorted(bought, key=lambda buyer: (-bought[buyer], buyer))[:SHOWN_BUYERS]
        self._terminal.say()
        for user in User.objects.filter(id__in=chosen).order_by("email"):
            if password:
                user.set_password(password)
                user.save(update_fields=["password"])
                EmailAddress.objects.update_or_create(
                    user=user, email=user.email, defaults={"verified": True, "primary": True}
                )
            self._terminal.say(f"  {user.get_full_name()} bought {bought[user.id]} times: {user.email}")
        how = f"sign in with {password}" if password else "--password WORDS gives them one to sign in with"
        self._terminal.say(self._terminal.paint(f"  {self._url}/  {how}", DIM))

    def show_fingerprint(self) -> None:
        found = take_fingerprint(self._numbers)
        self._terminal.say()
        for name, digest in found.by_part.items():
            self._terminal.say(self._terminal.paint(f"  {name:<16} {digest[:16]}", DIM))
        self._terminal.say(f"  fingerprint      {found.whole}")

    def _show(self, table: Sequence[Comparison]) -> int:
        say, paint = self._terminal.say, self._terminal.paint
        say()
        say(paint(f"  {'':<30}{'there':>14}{'by the files':>16}{'difference':>12}", BOLD))
        for row in table:
            expected = "" if row.expected is None else _figure(row.expected)
            difference = _figure(row.difference) if row.difference else "0"
            line = f"  {row.name:<30}{_figure(row.actual):>14}{expected:>16}{difference:>12}"
            say(paint(line, RED) if row.difference else line)
        wrong = sum(bool(row.difference) for row in table)
        say(paint("  Nothing differs.", GREEN) if not wrong else paint(f"  {wrong} figures differ.", RED))
        return wrong


def _repeated(events: Sequence[Event], repeat: int, shuffle: int | None) -> list[Event]:
    """Each event `repeat` times: one after the other, or anywhere."""
    repeated = [event for event in events for _ in range(repeat)]
    if shuffle is not None:
        random.Random(shuffle).shuffle(repeated)  # noqa: S311 - nothing that could be guessed at
    return repeated


def _figure(number: int | Decimal) -> str:
    return f"{number:,.2f}" if isinstance(number, Decimal) else f"{number:,}"
