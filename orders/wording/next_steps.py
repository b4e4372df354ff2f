"""What can be done about a delivery that is in trouble; kinds as in the event schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.wording.days import format_day
from orders.wording.links import web_address

STEPS: dict[str, Promise] = {
    "reschedule": gettext_lazy("Choose another day for the delivery"),
    "pick_up": gettext_lazy("Pick up the parcel"),
    "correct_address": gettext_lazy("Correct the address"),
    "contact_carrier": gettext_lazy("Contact the carrier"),
    "wait": gettext_lazy("There is nothing to do: the carrier will try again"),
}


@dataclass(frozen=True, slots=True)
class NextStep:
    words: str
    detail: str  # where, and until when; "" where neither is known
    url: str  # "" where the step has no page


def next_steps(steps: Iterable[Mapping[str, Any]]) -> list[NextStep]:
    """The steps whose kind we know, in the order in which the event gave them."""
    return [
        NextStep(str(STEPS[step["kind"]]), place_until(step), web_address(step.get("url")))
        for step in steps
        if step.get("kind") in STEPS
    ]


def place_until(step: Mapping[str, Any]) -> str:
    """Where, and until when, of {place?, until?}; "" where neither is known."""
    place, until = str(step.get("place") or ""), parse_moment(step.get("until"))
    if until and place:
        return _("%(place)s, until %(day)s") % {"place": place, "day": format_day(until)}
    return _("until %(day)s") % {"day": format_day(until)} if until else place


def parse_moment(text: object) -> datetime | None:
    """A time as milestones keep it (RFC 3339 with zone)."""
    return parse_datetime(text) if isinstance(text, str) and text else None
