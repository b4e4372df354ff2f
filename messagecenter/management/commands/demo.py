from __future__ import annotations

import signal
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from messagecenter.demo.backfill import BackfillError
from messagecenter.demo.history import ORDERS_OF_OTHERS
from messagecenter.demo.programme import Demo, DemoError
from messagecenter.demo.sites import NoPortError
from messagecenter.demo.state import DemoFolder
from messagecenter.demo.welcome import code_of_the_moment
from messagecenter.replay.sending import ServerLostError
from messagecenter.replay.terminal import Terminal


class Command(BaseCommand):
    help = "Runs the whole product on this machine with invented people, stores and orders; Ctrl-C ends it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--port", type=int, default=8000, help="where to listen, or the next free port (8000)"
        )
        parser.add_argument(
            "--orders",
            type=int,
            default=ORDERS_OF_OTHERS,
            help=f"how many orders others than alice have ({ORDERS_OF_OTHERS})",
        )
        parser.add_argument("--no-trickle", action="store_true", help="no new events while it runs")
        parser.add_argument(
            "--code", action="store_true", help="tell the second step of the demo's colleagues, and end"
        )

    def handle(
        self, *args: Any, port: int, orders: int, no_trickle: bool, code: bool, **options: Any
    ) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo's people share one password: it never runs in production.")
        if code:
            self.stdout.write(code_of_the_moment(DemoFolder(settings.LOCAL_DIR / "demo").load()))
            return
        demo = Demo(port=port, orders=orders, trickle=not no_trickle, terminal=Terminal())
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: demo.stop())
        try:
            demo.run()
        except (DemoError, BackfillError, NoPortError, ServerLostError) as error:
            raise CommandError(f"The demo ended: {error}") from error
        self.stdout.write("  The demo has ended.")
