"""What the stylesheet, the icons and the templates promise one another (docs/ui.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

STATIC = settings.BASE_DIR / "static"
TEMPLATES = settings.BASE_DIR / "templates"
ASKED = r'(?:_icon\.html" with name=|_empty\.html" with icon=|icon |icon\()"([\w-]+)"'
DARK = r'(?::root:not\(\[data-theme="light"\]\)|:root\[data-theme="dark"\])\s*\{([^}]*)\}'


def all_templates() -> Iterator[Path]:
    return TEMPLATES.rglob("*.html")


def declarations(block: str) -> dict[str, str]:
    return dict(re.findall(r"(--[\w-]+|color-scheme):\s*([^;]+);", block))


def test_dark_is_the_same_by_the_system_and_by_choice() -> None:
    blocks = [declarations(block) for block in re.findall(DARK, (STATIC / "css/app.css").read_text())]
    plain, held = blocks[:2], blocks[2:]
    assert len(blocks) == 4
    assert plain[0] == plain[1] != {}
    assert held[0] == held[1] != {}


def test_dark_names_every_colour_of_light() -> None:
    css = (STATIC / "css/app.css").read_text()
    light = declarations(css[css.index(":root {") : css.index("/* The dark values")])
    dark = declarations(re.findall(DARK, css)[1])
    colours = {name for name, value in light.items() if re.match(r"#|color-mix|rgb", value)}
    assert colours - set(dark) <= {"--accent", "--on-accent"}


def test_every_icon_asked_for_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons/sprite.svg").read_text()))
    asked = {name for path in all_templates() for name in re.findall(ASKED, path.read_text())}
    assert asked - drawn == set()
    assert asked != set()


@pytest.mark.parametrize(
    "forbidden",
    [
        r"\sstyle=",
        r"<style\b",
        r"\son(?:click|submit|change|load|error|input)=",
        r"<script(?![^>]*(?:\bsrc=|application/json))",
        r'(?:src|href)="(?:https?:)?//',
    ],
)
def test_no_template_needs_what_the_policy_forbids(forbidden: str) -> None:
    """Inline script and style, and anything from another server (django-csp's policy in the settings)."""
    guilty = [
        str(path.relative_to(TEMPLATES)) for path in all_templates() if re.search(forbidden, path.read_text())
    ]
    assert guilty == []


def test_the_stylesheet_asks_no_other_server() -> None:
    assert re.findall(r"url\(|@import|https?:", (STATIC / "css/app.css").read_text()) == []
