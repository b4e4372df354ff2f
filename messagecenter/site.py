"""What every page's frame needs: the marketplace's name and looks (OP-5), and where its reader can go."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from messagecenter.inbox.mailboxes import ReadableMailbox, count_words, mailboxes_of

THEME_SECONDS = 3600
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class Site:
    """The marketplace as its settings name it."""

    name: str
    logo_url: str
    home_url: str
    support_url: str


@dataclass(frozen=True, slots=True)
class Badge:
    """A count of unread messages that may stand in several places of the frame, found by its key."""

    key: str
    count: str  # "", "12", "99+"


@dataclass(frozen=True, slots=True)
class StoreLink:
    """A store for whose team the reader works."""

    name: str
    slug: str
    url: str  # its inbox
    orders_url: str
    unread: str


@dataclass(frozen=True, slots=True)
class Header:
    """What the header shows of its reader: values that two requests may share."""

    name: str
    email: str
    is_staff: bool
    unread: str  # of the own mailbox
    stores: tuple[StoreLink, ...]


class Navigation:
    """The header's links and badges. Lazy: a page without a header asks the database nothing for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def header(self) -> Header | None:
        """None for a visitor who is not signed in."""
        user = self._request.user
        if not user.is_authenticated:
            return None
        mailboxes = mailboxes_of(self._request)
        own = sum(box.unread_total for box in mailboxes if not box.reader.is_store)
        stores = tuple(_store_link(box) for box in mailboxes if box.reader.is_store)
        return Header(user.get_full_name(), user.email, user.is_staff, count_words(own), stores)

    @property
    def unread(self) -> str:
        return self.header.unread if self.header else ""

    @property
    def stores(self) -> tuple[StoreLink, ...]:
        return self.header.stores if self.header else ()

    @property
    def badges(self) -> list[Badge]:
        """Every count of the header, for a fragment that brings them up to date."""
        return [Badge("own", self.unread), *(Badge(store.slug, store.unread) for store in self.stores)]

    @property
    def unread_label(self) -> str:
        return _("unread messages")


def context(request: HttpRequest) -> dict[str, Any]:
    """The context processor of every page.

    "marketplace" is the same as "site": allauth puts a "site" of its own into the context of its pages.
    """
    ours = site()
    return {"site": ours, "marketplace": ours, "nav": Navigation(request)}


def site() -> Site:
    return Site(settings.SITE_NAME, settings.SITE_LOGO_URL, settings.SITE_HOME_URL, settings.SITE_SUPPORT_URL)


def accent() -> str:
    """The marketplace's colour. Raises ImproperlyConfigured where it is none: it goes into a stylesheet."""
    if not _COLOUR.fullmatch(settings.SITE_ACCENT):
        raise ImproperlyConfigured(
            f"MC_SITE_ACCENT must be a colour as #1f5fbf, not {settings.SITE_ACCENT!r}."
        )
    return str(settings.SITE_ACCENT)


@require_safe
def theme(request: HttpRequest) -> HttpResponse:
    """The one line of CSS that is the marketplace's own; the policy allows no style inside a page."""
    # Django's administration has an --accent of its own, so it reads the other name (static/css/admin.css).
    css = f":root{{--accent:{accent()};--marketplace:{accent()}}}\n"
    response = HttpResponse(css, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={THEME_SECONDS}"
    return response


def _store_link(mailbox: ReadableMailbox) -> StoreLink:
    slug = mailbox.reader.store_slug
    return StoreLink(
        name=mailbox.reader.store_name,
        slug=slug,
        url=mailbox.address,
        orders_url=_store_orders(slug),
        unread=count_words(mailbox.unread_total),
    )


@lru_cache(maxsize=1024)
def _store_orders(slug: str) -> str:
    return reverse("orders:store_orders", args=[slug])
