"""The demo from its start to its end."""

from __future__ import annotations

import io
import os
import random
import shutil
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection

from messagecenter.demo.backfill import (
    has_history,
    missing_events,
    read_what_is_old,
    send_history,
    wait_for_fan_out,
)
from messagecenter.demo.cast import settle_people
from messagecenter.demo.catalogue import pictures_wanted
from messagecenter.demo.history import Told, past_orders
from messagecenter.demo.pictures import write_pictures
from messagecenter.demo.sites import child_environment, open_socket, programs
from messagecenter.demo.state import DemoFolder, DemoState, fingerprint_of
from messagecenter.demo.supervisor import Supervisor
from messagecenter.demo.trickle import PAUSE, Trickle
from messagecenter.demo.welcome import welcome
from messagecenter.replay.sending import Sender, SendingStoppedError, answers
from messagecenter.replay.target import running_url, signing_secret, write_running_file
from messagecenter.replay.terminal import DIM, YELLOW, Terminal

WEB_SECONDS = 60.0  # until the web server answers


class DemoError(Exception):
    """The demo cannot start or go on; the text says why and what to do."""


class Demo:
    """One run. `port` is where to look for a free port first, `orders` how many others than alice have."""

    def __init__(self, *, port: int, orders: int, trickle: bool, terminal: Terminal) -> None:
        self._port, self._orders = port, orders
        self._with_trickle, self._terminal = trickle, terminal
        self._folder = DemoFolder(settings.LOCAL_DIR / "demo")
        self._stop = threading.Event()
        self._url = ""

    def stop(self) -> None:
        """Asks it to end; from any thread or signal."""
        self._stop.set()

    def run(self) -> None:
        """Returns when it was stopped. Raises DemoError, BackfillError, ServerLostError."""
        started = time.monotonic()
        lock = self._folder.lock()
        if lock is None:
            raise DemoError(
                f"the demo of this checkout runs already: {running_url(self._folder.running_file)}"
            )
        with lock:
            state = self._folder.load()
            self._prepare(state)
            with open_socket(self._port) as listener:
                port = listener.getsockname()[1]
                if port != self._port:
                    self._terminal.say(
                        self._terminal.paint(f"  Port {self._port} is in use, taking {port}.", YELLOW)
                    )
                self._url = f"http://localhost:{port}"
                supervisor = Supervisor(
                    programs(listener, self._folder.path),
                    folder=settings.BASE_DIR,
                    environment=child_environment(self._url, self._folder.public),
                    say=self._terminal.say_named,
                )
                supervisor.start()
                try:
                    self._live(supervisor, state, started)
                finally:
                    self._folder.running_file.unlink(missing_ok=True)
                    self._terminal.end_progress()
                    with self._terminal.step("Stopping"):
                        supervisor.stop()
            if supervisor.failed.is_set():
                raise DemoError(supervisor.reason)

    def _prepare(self, state: DemoState) -> None:
        with self._terminal.step("Bringing the database up to date"):
            call_command("migrate", verbosity=0)
        with self._terminal.step("Compiling the French words"):
            call_command("words", compile=True, verbosity=0, stdout=io.StringIO())
        self._collect_static(state)
        with self._terminal.step("Drawing the products"):
            write_pictures(self._folder.public, pictures_wanted())
        with self._terminal.step("Settling people, stores and teams"):
            settle_people(password=state.password, totp_secret=state.totp_secret)

    def _collect_static(self, state: DemoState) -> None:
        """Only when a static file or the way of storing them changed: compressing them takes seconds."""
        folders = [
            Path(storage.location)
            for finder in get_finders()
            for storage in getattr(finder, "storages", {}).values()
            if Path(storage.location).is_dir()
        ]
        found = fingerprint_of(*folders)
        if state.static == found and Path(settings.STATIC_ROOT).is_dir():
            return
        with self._terminal.step("Collecting and compressing the static files"):
            shutil.rmtree(settings.STATIC_ROOT, ignore_errors=True)
            call_command("collectstatic", interactive=False, verbosity=0)
        state.static = found
        self._folder.save(state)

    def _live(self, supervisor: Supervisor, state: DemoState, started: float) -> None:
        with self._terminal.step("Starting web, worker and scheduler"):
            self._wait_for_web(supervisor)
        write_running_file(self._folder.running_file, self._url, os.getpid())
        if not has_history():  # the first start, or a database that knows nothing of the earlier ones
            state.begin_history()
            self._folder.save(state)
        history = list(past_orders(state.history_ends, self._orders))
        with suppress(SendingStoppedError):
            self._fill(history, state, supervisor)
        if self._ended(supervisor):
            return
        self._terminal.say()
        for line in welcome(self._url, state, self._terminal):
            self._terminal.say(line)
        ready = time.monotonic() - started
        self._terminal.say(self._terminal.paint(f"  Ready after {ready:.0f} s. Ctrl-C ends it.", DIM))
        self._terminal.say()
        if self._with_trickle:
            self._trickle(history, supervisor)
        while not self._ended(supervisor):
            self._stop.wait(0.3)

    def _wait_for_web(self, supervisor: Supervisor) -> None:
        deadline = time.monotonic() + WEB_SECONDS
        while not self._ended(supervisor):
            if answers(self._url):
                return
            if time.monotonic() > deadline:
                raise DemoError(f"the web server does not answer after {WEB_SECONDS:.0f} s")
            self._stop.wait(0.1)

    def _fill(self, history: Sequence[Told], state: DemoState, supervisor: Supervisor) -> None:
        events = missing_events([event for told in history for event in told.past])
        if events:
            doing = "Sending the orders of eight months through the webhook"

            def answered(done: int) -> None:
                if self._ended(supervisor):
                    raise SendingStoppedError
                self._terminal.progress(doing, done, len(events))

            rate = send_history(events, url=self._url, secret=signing_secret(), on_answer=answered)
            self._terminal.end_progress()
            self._terminal.say(f"  {doing}  {len(events):,} events, {rate:,.0f} a second")
        if state.settled:
            return
        self._settle(supervisor)
        state.settled = True
        self._folder.save(state)

    def _settle(self, supervisor: Supervisor) -> None:
        most = 0

        def moved(pending: int) -> None:
            nonlocal most
            if self._ended(supervisor):
                raise SendingStoppedError
            most = max(most, pending)
            self._terminal.progress("Putting notices into the inboxes", most - pending, most)

        wait_for_fan_out(on_progress=moved)
        self._terminal.end_progress()
        with self._terminal.step("Reading what is older than a few days"):
            read_what_is_old(now=datetime.now(UTC))

    def _trickle(self, history: Sequence[Told], supervisor: Supervisor) -> None:
        trickle, sender = Trickle(history), Sender(self._url, signing_secret())
        connection.close()  # hours may pass until the database is asked again
        try:
            while not self._stop.wait(random.uniform(*PAUSE)) and not self._ended(supervisor):
                happening = trickle.happen()
                answer = sender.post(happening.event, self._stop)
                clock = datetime.now().astimezone().strftime("%H:%M:%S")
                said = (
                    happening.line()
                    if answer.accepted
                    else f"{answer.code} {answer.reason}: {happening.line()}"
                )
                self._terminal.say(self._terminal.paint(f"  {clock}  {said}", DIM))
        except SendingStoppedError:
            pass
        finally:
            sender.close()

    def _ended(self, supervisor: Supervisor) -> bool:
        return self._stop.is_set() or supervisor.failed.is_set()
