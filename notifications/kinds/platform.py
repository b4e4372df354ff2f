"""What the platform itself tells: a welcome, announcements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from notifications.kinds.kind import Action, PersonKind, Step, Words
from orders.wording.links import web_address

PREVIEW = 160  # characters; the list cuts it to its own width


@dataclass(frozen=True, slots=True)
class Welcome(PersonKind):
    kind = "welcome"
    icon = "inbox"

    def subject(self) -> str:
        return _("Welcome to %(site)s") % {"site": settings.SITE_NAME}

    def summary(self) -> str:
        return _("Everything about your orders and your account arrives here.")

    def words(self) -> Words:
        return Words(
            title=self.subject(),
            paragraphs=[
                _("This is your inbox. Everything about your orders and your account arrives here."),
                _("We never ask for your password or your card's number in a message."),
            ],
            steps=[
                Step(_("Choose your language and time zone."), url=reverse("accounts:profile")),
                Step(_("Protect your account with two-step sign-in."), url=reverse("mfa_index")),
            ],
        )


@dataclass(frozen=True, slots=True)
class AnnouncementKind(PersonKind):
    """Written by staff in every language of the site; a reader whose language lacks gets the site's own."""

    kind = "announcement"
    icon = "flag"

    title: Mapping[str, str] = field(default_factory=dict)
    text: Mapping[str, str] = field(default_factory=dict)
    link: str = ""

    def subject(self) -> str:
        return _in_language(self.title)

    def summary(self) -> str:
        return " ".join(_in_language(self.text)[: 2 * PREVIEW].split())[:PREVIEW]

    def words(self) -> Words:
        link = web_address(self.link)
        return Words(
            title=self.subject(),
            paragraphs=_paragraphs(_in_language(self.text)),
            actions=[Action(_("Read more"), link, "external-link", external=True, primary=True)]
            if link
            else [],
        )


def _in_language(texts: Mapping[str, str]) -> str:
    language = get_language() or settings.LANGUAGE_CODE
    for code in (language, language.partition("-")[0], settings.LANGUAGE_CODE, *texts):
        if texts.get(code):
            return texts[code]
    return ""


def _paragraphs(text: str) -> list[str]:
    """A blank line parts them; a single line break stays inside its paragraph."""
    blocks = text.replace("\r\n", "\n").split("\n\n")
    return [block.strip() for block in blocks if block.strip()]
