"""A browser's own description of itself, in words that its owner recognises.

Modest on purpose: the family of the program and of the system, no versions. What a browser says of
itself is a hint for its owner, never a proof.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

# The first that is found counts: most programs also name those that they descend from.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("DuckDuckGo/", "DuckDuckGo"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Device:
    """`browser` and `system` are empty where they are not known."""

    browser: str
    system: str
    is_mobile: bool

    def __str__(self) -> str:
        if self.browser and self.system:
            return _("%(browser)s on %(system)s") % {"browser": self.browser, "system": self.system}
        return self.browser or self.system or _("Unknown device")


def recognise(user_agent: str) -> Device:
    return Device(
        browser=_first(BROWSERS, user_agent),
        system=_first(SYSTEMS, user_agent),
        is_mobile=any(word in user_agent for word in ("Mobi", "iPad", "Android")),
    )


def _first(known: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for mark, name in known if mark in text), "")
