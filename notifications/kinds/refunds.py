"""Money back, and goods back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from notifications.kinds.kind import Action, Fact, Matter, OrderKind, Step
from notifications.kinds.parcels import BOTH, order_page
from notifications.kinds.phrases import day, money
from orders.wording.addresses import address_lines
from orders.wording.links import web_address
from orders.wording.payments import method_words
from orders.wording.reasons import reason_words

AT_ONCE = frozenset({"voucher", "gift_card", "store_credit"})  # means of payment without a bank


@dataclass(frozen=True, slots=True)
class RefundIssued(OrderKind):
    """A store learns of it only where all of it is for its own items, and never the buyer's card."""

    kind = "refund_issued"
    icon = "coins"
    tone = "success"
    sides = BOTH
    undivided = True
    store_fields = frozenset({"refund", "amount", "currency", "reason", "items"})
    page_fields = frozenset({"items", "store", "refund", "reason"})

    refund: str = ""
    amount: str = ""
    currency: str = ""
    method: Mapping[str, Any] = field(default_factory=dict)
    expected_by: str = ""
    reason: str = ""

    @property
    def topic(self) -> str:
        return f"refund {self.refund}"

    @property
    def sum(self) -> str:
        return money(self.amount, self.currency) if self.amount and self.currency else ""

    def news(self, matter: Matter) -> str:
        return _("Refund of %(amount)s") % {"amount": self.sum} if self.sum else _("Refund issued")

    def summary(self, matter: Matter) -> str:
        method = method_words(self.method)
        if method and self.expected_by:
            return _("To: %(method)s, by %(day)s.") % {"method": method, "day": day(self.expected_by)}
        if self.expected_by:
            return _("By %(day)s.") % {"day": day(self.expected_by)}
        return _("To: %(method)s.") % {"method": method} if method else ""

    def title(self, matter: Matter) -> str:
        return _("The buyer has been refunded") if matter.for_store else _("Your refund is on its way")

    def paragraphs(self, matter: Matter) -> list[str]:
        if matter.for_store:
            names = {"buyer": matter.buyer_name, "number": matter.number}
            return [_("A refund for your items in order %(number)s was issued to %(buyer)s.") % names]
        names = {"amount": self.sum, "number": matter.number}
        if self.sum:
            texts = [_("We have issued a refund of %(amount)s for order %(number)s.") % names]
        else:
            texts = [_("We have issued a refund for order %(number)s.") % names]
        if self.expected_by:
            texts.append(_("You should have the money by %(day)s.") % {"day": day(self.expected_by)})
        return texts

    def facts(self, matter: Matter) -> list[Fact]:
        reason = reason_words(self.reason)
        told = [
            (_("Amount"), self.sum),
            (_("Paid to"), method_words(self.method)),
            (_("Expected by"), day(self.expected_by) if self.expected_by else ""),
            (_("Reason"), reason[:1].upper() + reason[1:]),
            (_("Items"), matter.part),
            (_("Reference"), self.refund),
        ]
        return [Fact(label, value) for label, value in told if value]

    def steps(self, matter: Matter) -> list[Step]:
        if matter.for_store or self.method.get("kind") in AT_ONCE:
            return []
        return [Step(_("It can take a few days until the amount shows on your account."))]

    def actions(self, matter: Matter) -> list[Action]:
        return [order_page(matter)]


@dataclass(frozen=True, slots=True)
class ReturnAuthorised(OrderKind):
    kind = "return_authorised"
    icon = "return"
    tone = "info"
    sides = BOTH
    undivided = True
    store_fields = frozenset({"return", "items", "deadline", "address"})
    page_fields = frozenset({"items", "store", "instructions", "label_url", "address"})

    instructions: str = ""
    label_url: str = ""
    deadline: str = ""
    address: Mapping[str, Any] = field(default_factory=dict)
    reference: str = ""  # the milestone calls it "return", which Python keeps for itself

    @classmethod
    def parse(cls, params: Mapping[str, Any]) -> ReturnAuthorised:
        return cls(
            items=params.get("items") or [],
            store=params.get("store"),
            instructions=params.get("instructions") or "",
            label_url=web_address(params.get("label_url")),
            deadline=params.get("deadline") or "",
            address=params.get("address") or {},
            reference=params.get("return") or params.get("reference") or "",
        )

    @property
    def topic(self) -> str:
        return f"return {self.reference}"

    def news(self, matter: Matter) -> str:
        return _("Return announced") if matter.for_store else _("Return authorised")

    def summary(self, matter: Matter) -> str:
        if not self.deadline:
            return ""
        if matter.for_store:
            return _("To be sent by %(day)s.") % {"day": day(self.deadline)}
        return _("Please send it back by %(day)s.") % {"day": day(self.deadline)}

    def title(self, matter: Matter) -> str:
        if matter.for_store:
            return _("%(buyer)s is sending items back") % {"buyer": matter.buyer_name}
        return _("You can send your items back")

    def paragraphs(self, matter: Matter) -> list[str]:
        names = {"number": matter.number, "buyer": matter.buyer_name}
        if matter.for_store:
            return [_("The marketplace has authorised a return for your items in order %(number)s.") % names]
        return [_("Your return for order %(number)s is authorised.") % names, self.instructions]

    def facts(self, matter: Matter) -> list[Fact]:
        told = [
            (_("Items"), matter.part),
            (_("Send by"), day(self.deadline) if self.deadline else ""),
            (_("Return address"), ", ".join(address_lines(self.address))),
            (_("Reference"), self.reference),
        ]
        return [Fact(label, value) for label, value in told if value]

    def steps(self, matter: Matter) -> list[Step]:
        if matter.for_store:
            return [Step(_("Check the items when they arrive, so that the refund can be issued."))]
        steps = [Step(_("Pack the items well, if you can in their own packaging."))]
        if self.label_url:
            steps.append(Step(_("Print the return label and stick it on the parcel."), url=self.label_url))
        if self.deadline:
            words = _("Hand the parcel over by %(day)s, and keep the receipt.")
            steps.append(Step(words % {"day": day(self.deadline)}))
        else:
            steps.append(Step(_("Hand the parcel over, and keep the receipt.")))
        return steps

    def actions(self, matter: Matter) -> list[Action]:
        label = [Action(_("Print return label"), self.label_url, "print", external=True, primary=True)]
        with_label = bool(self.label_url) and not matter.for_store
        return [*(label if with_label else []), order_page(matter)]
