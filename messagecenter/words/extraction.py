"""Finds what is to be translated, with Babel: Django's own `makemessages` needs GNU gettext installed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from django.utils.translation.template import templatize

# Keyword → positions of (context,) singular, plural among its arguments, as Babel writes them.
PYTHON_KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


@dataclass(frozen=True)
class Room:
    """One app's catalogue and the template folders whose words belong to it."""

    app: str
    templates: tuple[str, ...]

    def catalogue(self, base: Path, language: str) -> Path:
        return base / self.app / "locale" / language / "LC_MESSAGES" / "django.po"


ROOMS = (
    Room("accounts", ("accounts", "account", "allauth", "mfa", "usersessions", "socialaccount")),
    Room("orders", ("orders",)),
    Room("notifications", ("notifications",)),
    Room("messagecenter", ("messagecenter", "jinja2", "admin", "")),  # "": the frame's own, templates/*.html
)


def extract_words(base: Path, room: Room) -> Catalog:
    """A template catalogue of everything that this room says."""
    found = Catalog(project="message center", charset="utf-8")
    for path, method in _sources(base, room):
        for _line, message, comments, context in _extract(path, method):
            place = (str(path.relative_to(base)), 1)
            found.add(message, locations=[place], auto_comments=comments, context=context)
    return found


def _sources(base: Path, room: Room) -> Iterator[tuple[Path, str]]:
    for path in sorted((base / room.app).rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, "python"
    for folder in room.templates:
        top = base / "templates" / folder
        pattern = "**/*" if folder else "*"
        for path in sorted(top.glob(pattern)):
            if path.suffix in (".html", ".txt", ".xml") and path.is_file():
                yield path, "jinja2.ext:babel_extract" if folder == "jinja2" else "django"


def _extract(path: Path, method: str) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    if method == "django":
        # templatize() leaves Python-like text whose indentation means nothing: brackets make it one
        # expression.
        source = f"(\n{templatize(path.read_text(), str(path))}\n)".encode()
        yield from extract("python", io.BytesIO(source), PYTHON_KEYWORDS, ("Translators",))
        return
    with path.open("rb") as file:
        options = {"trimmed": "true", "silent": "false"} if method.startswith("jinja2") else {}
        yield from extract(method, file, PYTHON_KEYWORDS, ("Translators",), options)
