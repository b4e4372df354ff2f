"""The order itself: placed, cancelled in whole or in part."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.kinds.kind import Action, Fact, Matter, OrderKind, Step
from notifications.kinds.parcels import BOTH, order_page
from notifications.kinds.phrases import day, money
from orders.wording.reasons import party_words, reason_words


@dataclass(frozen=True, slots=True)
class OrderPlaced(OrderKind):
    """For a store, count and total are those of its own items: see notifications.news."""

    kind = "order_placed"
    icon = "orders"
    sides = BOTH
    store_fields = frozenset({"item_count", "total", "currency"})

    item_count: int = 0
    total: str = ""
    currency: str = ""

    @property
    def amount(self) -> str:
        return money(self.total, self.currency) if self.total and self.currency else ""

    def news(self, matter: Matter) -> str:
        return _("New order") if matter.for_store else _("Order confirmation")

    def summary(self, matter: Matter) -> str:
        amount = self.amount
        if self.item_count and amount:
            words = ngettext("%(count)d item, %(total)s.", "%(count)d items, %(total)s.", self.item_count)
            return words % {"count": self.item_count, "total": amount}
        return _("Total: %(total)s.") % {"total": amount} if amount else ""

    def title(self, matter: Matter) -> str:
        if matter.for_store:
            return _("New order from %(buyer)s") % {"buyer": matter.buyer_name}
        return _("Thank you for your order")

    def paragraphs(self, matter: Matter) -> list[str]:
        names = {"number": matter.number, "day": day(matter.occurred_at), "buyer": matter.buyer_name}
        if matter.for_store:
            return [_("%(buyer)s ordered from you on %(day)s. The order number is %(number)s.") % names]
        shipped = _("We will tell you as soon as your items are on their way.")
        if matter.several_sellers:
            shipped = _(
                "The sellers send their items separately. We will tell you as soon as a parcel is on its way."
            )
        return [_("We have received your order %(number)s of %(day)s.") % names, shipped]

    def facts(self, matter: Matter) -> list[Fact]:
        label = _("Total of your items") if matter.for_store else _("Total")
        count = [Fact(_("Items"), str(self.item_count))] if self.item_count else []
        return [*count, Fact(label, self.amount)] if self.amount else count

    def steps(self, matter: Matter) -> list[Step]:
        if not matter.for_store:
            return []
        return [
            Step(_("Prepare the items and hand them to a carrier.")),
            Step(_("Report the tracking number, so that the buyer can follow the parcel.")),
        ]

    def actions(self, matter: Matter) -> list[Action]:
        return [order_page(matter)]


@dataclass(frozen=True, slots=True)
class Cancelled(OrderKind):
    """What both cancellations share."""

    icon = "x-circle"
    tone = "warning"
    sides = BOTH
    store_fields = frozenset({"reason", "by", "note", "items"})
    page_fields = frozenset({"items", "store", "note"})

    reason: str = ""
    by: str = ""
    note: str = ""

    def summary(self, matter: Matter) -> str:
        party, reason = party_words(self.by), reason_words(self.reason)
        if party and reason:
            return _("Cancelled %(party)s: %(reason)s.") % {"party": party, "reason": reason}
        if reason:
            return _("Reason: %(reason)s.") % {"reason": reason}
        return _("Cancelled %(party)s.") % {"party": party} if party else ""

    def facts(self, matter: Matter) -> list[Fact]:
        reason = reason_words(self.reason)
        told = [
            (_("Items"), matter.part),
            (_("Reason"), reason[:1].upper() + reason[1:]),
            (_("Note"), self.note),
        ]
        return [Fact(label, value) for label, value in told if value]

    def actions(self, matter: Matter) -> list[Action]:
        return [order_page(matter)]


@dataclass(frozen=True, slots=True)
class OrderCancelled(Cancelled):
    kind = "order_cancelled"

    def news(self, matter: Matter) -> str:
        return _("Order cancelled")

    def title(self, matter: Matter) -> str:
        return _("Order cancelled") if matter.for_store else _("Your order has been cancelled")

    def paragraphs(self, matter: Matter) -> list[str]:
        names = {"number": matter.number, "party": party_words(self.by), "day": day(matter.occurred_at)}
        if names["party"]:
            text = _("Order %(number)s was cancelled %(party)s on %(day)s.") % names
        else:
            text = _("Order %(number)s was cancelled on %(day)s.") % names
        if matter.for_store:
            return [text]
        return [text, _("If you have already paid, we will tell you when the refund is issued.")]

    def steps(self, matter: Matter) -> list[Step]:
        return [Step(_("Do not ship the items of this order."))] if matter.for_store else []


@dataclass(frozen=True, slots=True)
class ItemsCancelled(Cancelled):
    kind = "items_cancelled"

    @property
    def topic(self) -> str:
        return f"items {' '.join(self.items)}"

    def news(self, matter: Matter) -> str:
        return ngettext("Item cancelled", "Items cancelled", max(1, len(self.items) or matter.others + 1))

    def title(self, matter: Matter) -> str:
        return (
            _("Part of an order cancelled")
            if matter.for_store
            else _("Part of your order has been cancelled")
        )

    def paragraphs(self, matter: Matter) -> list[str]:
        names = {"number": matter.number, "party": party_words(self.by), "what": matter.what}
        if names["party"] and names["what"]:
            text = _("Cancelled in order %(number)s %(party)s: %(what)s.") % names
        elif names["what"]:
            text = _("Cancelled in order %(number)s: %(what)s.") % names
        else:
            text = _("Items of order %(number)s were cancelled.") % names
        if matter.for_store:
            return [text]
        return [
            text,
            _("Everything else in the order stays as it is."),
            _("If you have already paid, we will tell you when the refund is issued."),
        ]

    def steps(self, matter: Matter) -> list[Step]:
        return [Step(_("Do not ship these items."))] if matter.for_store else []
