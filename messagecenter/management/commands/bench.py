"""`manage.py bench`: the promises of speed, each against a peer in the same run on the same servers."""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from messagecenter.bench.data import make_crowd, make_reader, settle
from messagecenter.bench.fanout import measure_fan_out
from messagecenter.bench.intake import measure_intake
from messagecenter.bench.pages import measure_pages
from messagecenter.bench.report import HEADING, Figure, write_report
from messagecenter.bench.servers import DATABASE, bench_environment, web_server, workers

MAILBOXES = (1_000, 10_000, 100_000)


class Command(BaseCommand):
    help = "Measures pages, fan-out and intake in a database of its own; writes .local/bench.json."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--crowd", type=int, default=200_000, help="mailboxes beside those that are read")
        parser.add_argument("--rows", type=int, default=5, help="rows of each of them")

    def handle(self, *args: Any, **options: Any) -> None:
        if os.environ.get("MC_BENCH") != "1":
            # Settings are read once a process: the bench goes on as a second program on its own database,
            # while this one keeps the embedded servers up.
            environment = bench_environment(settings.DATABASE_URL, settings.REDIS_URL)
            sys.exit(subprocess.run([sys.executable, *sys.argv], env=environment, check=False).returncode)
        if connection.settings_dict["NAME"] != DATABASE:
            raise CommandError("the bench empties its database, so it runs on none but its own")
        figures: list[Figure] = []
        for figure in self.measure(options["crowd"], options["rows"]):
            if not figures:
                self.stdout.write(HEADING)
            figures.append(figure)
            self.stdout.write(figure.as_line())
            self.stdout.flush()
        write_report(figures, settings.LOCAL_DIR / "bench.json")
        missed = [figure.name for figure in figures if not figure.ok]
        if missed:
            raise CommandError("targets missed: " + "; ".join(missed))

    def measure(self, crowd: int, rows: int) -> Iterator[Figure]:
        self.say("Making the tables")
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        self.say(f"Making {crowd:,} mailboxes with {crowd * rows:,} rows, and three to read")
        make_crowd(crowd, rows)
        readers = {count: make_reader(f"reader{count}", count) for count in MAILBOXES}
        settle()
        logs = settings.LOCAL_DIR / "log"
        with web_server(logs / "bench-web.log") as port:
            self.say("Measuring pages")
            yield from measure_pages(port, readers)
        with workers(logs / "bench-worker.log"):
            self.say("Measuring fan-out")
            yield from measure_fan_out()
            with web_server(logs / "bench-web.log") as port:
                self.say("Measuring intake")
                yield from measure_intake(port, readers[MAILBOXES[0]])

    def say(self, words: str) -> None:
        self.stderr.write(f"… {words}")
