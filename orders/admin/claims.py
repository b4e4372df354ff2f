"""Claims as customer service answers them: the oldest open one first, the answer, whether it is settled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.people import person_of
from orders.admin.read_only import link_to
from orders.after_sales import Claim
from orders.claims import claim_number
from orders.wording.days import format_moment

if TYPE_CHECKING:
    ClaimFormBase = forms.ModelForm[Claim]
    ClaimAdminBase = admin.ModelAdmin[Claim]
else:  # not generic while the program runs
    ClaimFormBase, ClaimAdminBase = forms.ModelForm, admin.ModelAdmin


class ClaimForm(ClaimFormBase):
    settled = forms.BooleanField(
        label=_("This settles the claim"),
        required=False,
        help_text=_("The buyer sees the answer in either case; a settled claim counts as answered."),
    )

    class Meta:
        model = Claim
        fields = ("answer",)
        help_texts = {"answer": _("The buyer reads this on the page of the order.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "settled" in self.fields:
            self.fields["settled"].initial = bool(self.instance.closed_at) or not self.instance.answer

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("settled") and not cleaned.get("answer", "").strip():
            self.add_error("answer", _("Tell the buyer how it was settled."))
        if not cleaned.get("settled") and self.instance.closed_at and self._is_open_already():
            self.add_error("settled", _("The buyer has opened another claim of this kind meanwhile."))
        return cleaned

    def _is_open_already(self) -> bool:
        same = Claim.objects.filter(
            order=self.instance.order_id, shipment=self.instance.shipment_id, kind=self.instance.kind
        )
        return same.filter(closed_at=None).exclude(pk=self.instance.pk).exists()


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("Open")), ("settled", _("Settled"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Claim]) -> QuerySet[Claim]:
        return queryset.filter(closed_at__isnull=self.value() == "open") if self.value() else queryset


@admin.register(Claim)
class ClaimAdmin(ClaimAdminBase):
    form = ClaimForm
    list_display = ("number", "kind", "order", "buyer", "opened", "outcome")
    list_filter = (StateFilter, "kind", "opened_at")
    list_select_related = ("order", "opened_by", "answered_by")
    search_fields = ("order__number__startswith", "opened_by__email__iexact", "=id")
    search_help_text = _("Beginning of an order number; or a whole e-mail address or claim number")
    ordering = (F("closed_at").desc(nulls_first=True), "opened_at")
    show_full_result_count = False
    list_per_page = 50
    readonly_fields = (
        "number",
        "kind",
        "order_link",
        "shipment_link",
        "opened_by",
        "opened_at",
        "things",
        "description",
        "closed_at",
        "answered_by",
    )
    fieldsets = (
        (None, {"fields": ("number", "kind", "order_link", "shipment_link", "opened_by", "opened_at")}),
        (_("What the buyer says"), {"fields": ("things", "description")}),
        (_("Answer"), {"fields": ("answer", "settled", "closed_at", "answered_by")}),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Claim], search_term: str
    ) -> tuple[QuerySet[Claim], bool]:
        """The number as the buyer knows it, "C1042", is the row's."""
        word = search_term.strip()
        return super().get_search_results(
            request, queryset, word[1:] if word[:1] in "Cc" and word[1:].isdigit() else word
        )

    def get_fieldsets(self, request: HttpRequest, obj: Claim | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj):
            return fieldsets
        return [*fieldsets[:-1], (_("Answer"), {"fields": ("answer", "closed_at", "answered_by")})]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Claim | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Claim, form: Any, change: bool) -> None:
        settled = form.cleaned_data["settled"]
        obj.closed_at = (obj.closed_at or timezone.now()) if settled else None
        obj.answered_by = person_of(request) if obj.answer else None
        super().save_model(request, obj, form, change)

    @admin.display(description=_("number"), ordering="pk")
    def number(self, claim: Claim) -> str:
        return claim_number(claim)

    @admin.display(description=_("buyer"))
    def buyer(self, claim: Claim) -> str:
        return claim.opened_by.shown_name

    @admin.display(description=_("opened"), ordering="opened_at")
    def opened(self, claim: Claim) -> str:
        return format_moment(claim.opened_at)

    @admin.display(description=_("state"), ordering="closed_at")
    def outcome(self, claim: Claim) -> str:
        """Who settled it when, or that it is open."""
        if claim.closed_at is None:
            return gettext("Open, answered") if claim.answer else gettext("Open, unanswered")
        told = {"day": format_moment(claim.closed_at), "person": claim.answered_by or "–"}
        return gettext("Settled %(day)s by %(person)s") % told

    @admin.display(description=_("order"))
    def order_link(self, claim: Claim) -> str:
        return link_to(claim.order)

    @admin.display(description=_("shipment"))
    def shipment_link(self, claim: Claim) -> str:
        return link_to(claim.shipment) if claim.shipment else str(_("Nothing was sent yet"))

    @admin.display(description=_("items"))
    def things(self, claim: Claim) -> str:
        items = claim.items.all() or (claim.shipment.items.all() if claim.shipment else [])
        return format_html_join("", "<div>{}</div>", ((item.title,) for item in items))
