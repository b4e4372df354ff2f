"""Orders' facts in a template: {{ order.total|money:order.currency }}, {{ order.placed_at|date_words }}."""

from decimal import Decimal

from django.template import Library

from orders.claims import claim_number
from orders.lateness import is_past
from orders.models import Shipment
from orders.pages.handling import Handling
from orders.wording.addresses import address_lines
from orders.wording.days import format_clock, format_date, format_day, format_day_heading, format_moment
from orders.wording.links import page_anchor, web_address
from orders.wording.money import format_money
from orders.wording.payments import method_words
from orders.wording.reasons import reason_words

register = Library()
register.filter("money", format_money)
register.filter("date_words", format_date)
register.filter("day_words", format_day)
register.filter("day_heading", format_day_heading)
register.filter("clock", format_clock)
register.filter("moment", format_moment)
register.filter("is_past", is_past)
register.filter("web_address", web_address)
register.filter("method_words", method_words)
register.filter("reason_words", reason_words)
register.filter("address_lines", address_lines)
register.filter("claim_number", claim_number)
register.simple_tag(page_anchor, name="page_anchor")

# Where nothing is said the tone is "info": under way. The two enumerations share their words.
ORDER_TONES = {
    "placed": "",
    "confirmed": "",
    "unpaid": "",
    "to_ship": "warn",
    "delivered": "ok",
    "cancelled": "",
}
PARCEL_TONES = {"created": "", "returning": "warn", "delivered": "ok"}


@register.filter
def money_off(amount: Decimal, currency: str) -> str:
    """An amount that is taken off the sum: with a minus before it."""
    return format_money(-amount, currency)


@register.filter
def status_tone(status: str) -> str:
    """Of an order's status, or of a store's handling of it."""
    return ORDER_TONES.get(status, "info")


@register.filter
def handling_words(handling: str) -> str:
    return str(Handling(handling).label)


@register.filter
def parcel_tone(shipment: Shipment) -> str:
    if shipment.problem:
        return "danger"
    return PARCEL_TONES.get(shipment.status, "info")
