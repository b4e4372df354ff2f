"""What every kind of notice is made of: its parameters, and its words for each reader.

A kind is a frozen dataclass whose fields are the parameters it needs. An instance is one notice's content,
and its methods put it into words in the language and time zone that are current: nothing is kept as text.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Self

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from messagecenter.inbox.models import Category
from notifications.kinds.phrases import as_sentence


class Side(StrEnum):
    """Who reads: the words differ, and so does what he may know."""

    BUYER = "buyer"
    STORE = "store"


@dataclass(frozen=True, slots=True)
class Matter:
    """What a notice of an order is about, as far as its words need it.

    `title` is that of the first item concerned, `others` counts the further ones; `seller` is the store that
    sends the parcel where it is known, `several_sellers` whether the buyer knows of more than one. The list
    fills in no more than it shows.
    """

    side: Side
    number: str
    title: str
    others: int
    occurred_at: datetime
    buyer: str = ""
    seller: str = ""
    several_sellers: bool = False
    titles: tuple[str, ...] = ()  # of the items concerned, where they are not all of the order's
    store_slug: str = ""  # of the reading store

    @property
    def for_store(self) -> bool:
        return self.side is Side.STORE

    @property
    def what(self) -> str:
        """ "Ceramic lamp and 2 more"; "" for an order of which no items are known."""
        if not self.others:
            return self.title
        words = ngettext("%(title)s and %(count)d more", "%(title)s and %(count)d more", self.others)
        return words % {"title": self.title, "count": self.others}

    @property
    def part(self) -> str:
        """The items concerned, a line each; "" where it is the whole order."""
        return "\n".join(self.titles)

    @property
    def buyer_name(self) -> str:
        return self.buyer or _("A customer")


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a small table: "Tracking number", "JD014600006281"."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Step:
    """Something the reader can do next, with a page for it where there is one."""

    words: str
    detail: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """A button. An external one leaves the marketplace; at most one of a page is the `primary` one."""

    label: str
    url: str
    icon: str = ""
    external: bool = False
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A notice as its page shows it."""

    title: str
    paragraphs: list[str]
    facts: list[Fact] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Kind(ABC):
    """Base of all kinds. `tone` colours it: neutral, info, success, warning, danger."""

    kind: ClassVar[str]
    category: ClassVar[Category]
    tone: ClassVar[str] = "neutral"
    icon: ClassVar[str] = "bell"

    @classmethod
    def parse(cls, params: Mapping[str, Any]) -> Self:
        """Takes what it needs and leaves the rest; a parameter that is missing or null keeps its default."""
        names = cls.__dataclass_fields__
        return cls(**{name: value for name, value in params.items() if name in names and value is not None})


@dataclass(frozen=True, slots=True)
class OrderKind(Kind):
    """A notice about an order, for its buyer and for those stores whose items it concerns."""

    category: ClassVar[Category] = Category.ORDERS
    icon: ClassVar[str] = "box"
    sides: ClassVar[frozenset[Side]] = frozenset({Side.BUYER})
    # What a store may know of it beside the order's own facts; everything else is the buyer's alone.
    store_fields: ClassVar[frozenset[str]] = frozenset()
    # Not for a store where it concerns others' items too: an amount for several sellers' items is no one's.
    undivided: ClassVar[bool] = False
    # What the list needs not, so that the row stays small.
    page_fields: ClassVar[frozenset[str]] = frozenset()

    items: list[str] = field(default_factory=list)  # the lines it concerns; empty: all of the order's
    store: int | None = None  # the store that sends the parcel

    @property
    def topic(self) -> str:
        """What it is the latest news of: a later notice of the same topic overtakes an earlier one."""
        return "order"

    @abstractmethod
    def news(self, matter: Matter) -> str:
        """Two or three words, to stand before a colon: "Shipped"."""

    @abstractmethod
    def summary(self, matter: Matter) -> str:
        """One sentence for the list; "" where the news says it all."""

    @abstractmethod
    def title(self, matter: Matter) -> str:
        """The heading of its page."""

    @abstractmethod
    def paragraphs(self, matter: Matter) -> list[str]: ...

    def facts(self, matter: Matter) -> list[Fact]:
        return []

    def steps(self, matter: Matter) -> list[Step]:
        return []

    def actions(self, matter: Matter) -> list[Action]:
        return []

    def subject(self, matter: Matter) -> str:
        """ "Shipped: Ceramic lamp and 2 more"."""
        what = matter.what
        news = self.news(matter)
        return _("%(news)s: %(what)s") % {"news": news, "what": what} if what else news

    def preview(self, matter: Matter) -> str:
        """The summary as the list shows it."""
        return as_sentence(self.summary(matter))

    def words(self, matter: Matter) -> Words:
        return Words(
            as_sentence(self.title(matter)),
            [as_sentence(text) for text in self.paragraphs(matter) if text],
            [Fact(fact.label, fact.value[:1].upper() + fact.value[1:]) for fact in self.facts(matter)],
            [Step(as_sentence(step.words), step.detail, step.url) for step in self.steps(matter)],
            self.actions(matter),
        )

    def listed(self) -> dict[str, Any]:
        """The parameters that the list's words need, without what is empty."""
        kept = ((f.name, getattr(self, f.name)) for f in fields(self) if f.name not in self.page_fields)
        return {name: value for name, value in kept if value not in ("", None, [], {}) and name != "items"}


@dataclass(frozen=True, slots=True)
class PersonKind(Kind):
    """A notice to one person or to everyone, in the Platform tab."""

    category: ClassVar[Category] = Category.PLATFORM

    @abstractmethod
    def subject(self) -> str: ...

    @abstractmethod
    def summary(self) -> str: ...

    @abstractmethod
    def words(self) -> Words: ...
