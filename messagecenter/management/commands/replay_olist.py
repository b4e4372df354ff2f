from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from messagecenter.replay.csv_files import CsvFolderError
from messagecenter.replay.run import OlistReplay, ReplayError
from messagecenter.replay.sending import ServerLostError
from messagecenter.replay.target import DEFAULT_URL, NoSecretError, running_url, signing_secret
from messagecenter.replay.terminal import Terminal


class Command(BaseCommand):
    help = (
        "Turns the public Olist CSV files into signed events for a running server, waits until all has "
        "arrived, and compares what is there with what the files say. Ends with 1 where anything differs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="where the CSV files are")
        parser.add_argument("--url", default="", help=f"the server (the running demo, else {DEFAULT_URL})")
        parser.add_argument("--limit", type=int, help="only the first so many orders")
        parser.add_argument(
            "--shuffle",
            type=int,
            nargs="?",
            const=1,
            metavar="SEED",
            help="in any order, the same for a seed",
        )
        parser.add_argument("--repeat", type=int, default=1, help="send every event so many times (1)")
        parser.add_argument("--workers", type=int, default=4, help="connections (4)")
        parser.add_argument(
            "--fingerprint", action="store_true", help="a hash of all that the orders left in the database"
        )
        parser.add_argument(
            "--password", default="", help="give two of the buyers this password, to look at their inboxes"
        )

    def handle(self, *args: Any, folder: Path, url: str, password: str, **options: Any) -> None:
        if password and settings.PRODUCTION:
            raise CommandError("--password gives strangers a way in: not in production.")
        if min(options["repeat"], options["workers"], options["limit"] or 1) < 1:
            raise CommandError("--limit, --repeat and --workers are numbers from 1.")
        running = settings.LOCAL_DIR / "demo" / "running.json"
        try:
            replay = OlistReplay(
                folder,
                url=url.rstrip("/") or running_url(running) or DEFAULT_URL,
                secret=signing_secret(),
                terminal=Terminal(),
                limit=options["limit"],
                shuffle=options["shuffle"],
                repeat=options["repeat"],
                workers=options["workers"],
            )
            replay.send()
            differences = replay.reconcile()
            replay.show_buyers(password)
            if options["fingerprint"]:
                replay.show_fingerprint()
        except (CsvFolderError, NoSecretError, ReplayError, ServerLostError) as error:
            raise CommandError(str(error)) from error
        if differences:
            raise CommandError(f"{differences} figures differ from what the files say.")
