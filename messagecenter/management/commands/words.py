"""`manage.py words`: the French catalogues, extracted, checked and compiled without GNU gettext."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from messagecenter.words.catalogues import check_catalogues, compile_catalogues, update_catalogues

LANGUAGE = "fr"  # English is the language of the sources


class Command(BaseCommand):
    help = "Brings the French catalogues up to date with the code, compiles them, tells what lacks."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--compile", action="store_true", help="only compile what changed")
        parser.add_argument(
            "--check", action="store_true", help="change nothing; fail where French is missing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not (options["compile"] or options["check"]):
            update_catalogues(settings.BASE_DIR, LANGUAGE)
        if not options["check"]:
            self.stdout.write(f"Compiled {compile_catalogues(settings.BASE_DIR, LANGUAGE)} catalogue(s).")
        if options["compile"]:
            return
        lacks = check_catalogues(settings.BASE_DIR, LANGUAGE)
        for lack in lacks:
            for word in ("untranslated", "missing", "obsolete", "faulty"):
                for text in getattr(lack, word):
                    self.stdout.write(f"{lack.path}: {word}: {text!r}")
        if lacks and options["check"]:
            raise CommandError("the catalogues are not in step with the code; run `make words`")
