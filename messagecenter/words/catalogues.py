"""Keeps the catalogues in step with the code, and compiles them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from messagecenter.words.extraction import ROOMS, Room, extract_words

AUTHORS = "the message center's authors"


@dataclass
class Lack:
    """What is wrong with one catalogue; every list empty means nothing is."""

    path: Path
    untranslated: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)  # said by the code, not in the catalogue
    obsolete: list[str] = field(default_factory=list)  # in the catalogue, said by nothing
    faulty: list[str] = field(default_factory=list)  # placeholders that do not agree

    def __bool__(self) -> bool:
        return bool(self.untranslated or self.missing or self.obsolete or self.faulty)


def update_catalogues(base: Path, language: str) -> None:
    """Adds new messages, untranslated, and drops those that nothing says any more."""
    for room in ROOMS:
        found = extract_words(base, room)
        kept = _read(room.catalogue(base, language), language)
        found.creation_date = kept.creation_date  # else every run would change every catalogue
        kept.update(found, no_fuzzy_matching=True)
        path = room.catalogue(base, language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, kept, width=100, sort_output=True, ignore_obsolete=True, no_location=True)


def check_catalogues(base: Path, language: str) -> list[Lack]:
    return [lack for room in ROOMS if (lack := _check(base, room, language))]


def compile_catalogues(base: Path, language: str) -> int:
    """Writes the .mo files that are older than their catalogue; returns how many."""
    written = 0
    for room in ROOMS:
        path = room.catalogue(base, language)
        compiled = path.with_suffix(".mo")
        if not path.exists() or (compiled.exists() and compiled.stat().st_mtime >= path.stat().st_mtime):
            continue
        half_written = compiled.with_suffix(".mo.tmp")
        with half_written.open("wb") as file:
            write_mo(file, _read(path, language))
        half_written.replace(compiled)
        written += 1
    return written


def _check(base: Path, room: Room, language: str) -> Lack:
    path = room.catalogue(base, language)
    kept, lack = _read(path, language), Lack(path.relative_to(base))
    said = {(m.context, _text(m.id)) for m in extract_words(base, room) if m.id}
    have = {(m.context, _text(m.id)) for m in kept if m.id}
    lack.missing = sorted(text for _, text in said - have)
    lack.obsolete = sorted(text for _, text in have - said)
    for message in kept:
        strings = (message.string,) if isinstance(message.string, str) else message.string or ("",)
        if message.id and (message.fuzzy or not all(strings)):
            lack.untranslated.append(_text(message.id))
        elif message.id and message.check(kept):
            lack.faulty.append(_text(message.id))
    return lack


def _read(path: Path, language: str) -> Catalog:
    if not path.exists():
        return Catalog(
            locale=language,
            header_comment="# The message center's words.",
            project="message center",
            version="1",
            msgid_bugs_address="see SECURITY.md",
            last_translator=AUTHORS,
            language_team=AUTHORS,
            charset="utf-8",
            fuzzy=False,
        )
    with path.open("rb") as file:
        return read_po(file, locale=language, ignore_obsolete=True)


def _text(message_id: str | tuple[str, ...] | list[str]) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]
