"""Everything that can be wrong with an event: its code, its HTTP status, and its sentence.

A code is part of the interface (docs/order-events.md lists them all); a sentence is for people.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Kind:
    status: int  # of the HTTP answer
    sentence: str | Promise  # `%(subject)s` is what it is about


KINDS: dict[str, Kind] = {
    # --- the request
    "method_not_allowed": Kind(405, "Events are sent with POST."),
    "unsupported_media_type": Kind(415, "The body must be application/json in UTF-8, not compressed."),
    "body_too_large": Kind(413, "The body has more than %(subject)s bytes."),
    "body_cut_short": Kind(400, "The body did not arrive completely."),
    # --- its signature
    "missing_header": Kind(400, "The header “%(subject)s” is missing."),
    "invalid_event_id": Kind(400, "webhook-id must be 1 to 128 printable ASCII characters without spaces."),
    "invalid_timestamp": Kind(400, "webhook-timestamp must be whole seconds since 1970."),
    "malformed_signature": Kind(
        400, "webhook-signature must hold signatures like “v1,” and base64, with spaces between them."
    ),
    "wrong_signature": Kind(401, "No signature matches this body, id and timestamp."),
    "timestamp_too_old": Kind(401, "The request was signed too long ago; sign each attempt anew."),
    "timestamp_too_new": Kind(401, "The request was signed in the future; set the sender's clock."),
    # --- its body as JSON
    "not_utf8": Kind(400, "The body is not UTF-8."),
    "malformed_json": Kind(400, "The body is not JSON: %(subject)s."),
    "duplicate_key": Kind(400, "The key “%(subject)s” stands twice in one object."),
    "invalid_number": Kind(400, "“%(subject)s” is not a number that JSON allows or that we can keep."),
    "too_deep": Kind(400, "The body is nested more than %(subject)s levels deep."),
    # --- its body as an event; `%(subject)s` is the whole sentence
    "invalid_body": Kind(422, "%(subject)s"),
    "missing_field": Kind(422, "%(subject)s"),
    "invalid_text": Kind(422, "%(subject)s"),
    "invalid_id": Kind(422, "%(subject)s"),
    "invalid_amount": Kind(422, "%(subject)s"),
    "invalid_currency": Kind(422, "%(subject)s"),
    "invalid_time": Kind(422, "%(subject)s"),
    "invalid_url": Kind(422, "%(subject)s"),
    "invalid_email": Kind(422, "%(subject)s"),
    "unknown_type": Kind(422, "There is no event type “%(subject)s”."),
    "unsupported_version": Kind(422, "This server knows version 1 of the events."),
    "duplicate_item": Kind(422, "The item “%(subject)s” is named twice."),
    "unstorable": Kind(422, "The database cannot keep this event's values."),
    # --- what it refers to: the sentences that staff read too
    "failed": Kind(500, _("It could not be applied; the server's log says why.")),  # never an answer
    "unknown_order": Kind(422, _("The order is not known.")),
    "unknown_shipment": Kind(422, _("The order has no shipment “%(subject)s”.")),
    "unknown_item": Kind(422, _("The order has no item “%(subject)s”.")),
    "unknown_seller": Kind(422, _("The order has no seller “%(subject)s”.")),
    "too_many_pieces": Kind(422, _("Fewer pieces of the item “%(subject)s” were ordered.")),
    "order_conflict": Kind(409, _("The order is known with another buyer, currency or seller.")),
    # Which of the two is whose is nothing that an event's sender needs to learn.
    "buyer_conflict": Kind(409, _("The buyer's id and e-mail address do not belong to the same person.")),
}


def sentence(code: str, subject: str = "") -> str:
    """In the language that is active."""
    return str(KINDS[code].sentence) % {"subject": subject} if code in KINDS else code


class EventError(Exception):
    """An event that is not taken. Nothing of it is kept."""

    def __init__(self, code: str, subject: str = "", field: str = "") -> None:
        super().__init__(code, subject, field)
        self.code, self.subject, self.field = code, subject, field

    @property
    def status(self) -> int:
        return KINDS[self.code].status

    def __str__(self) -> str:
        return sentence(self.code, self.subject)
