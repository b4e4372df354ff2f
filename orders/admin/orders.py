"""Orders and parcels as customer service sees them: derived from events, so nothing is altered here."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orders.admin.read_only import ReadOnlyAdmin, ReadOnlyInline, link_to
from orders.carriers import carrier_name, tracking_page
from orders.order import Item, Milestone, Order
from orders.pages.history import tell_history
from orders.shipments import ExceptionKind, Shipment, ShipmentLine, ShipmentStatus, TrackingEvent
from orders.wording.addresses import address_lines
from orders.wording.days import format_window
from orders.wording.money import format_money
from orders.wording.payments import method_words

SCANS = {
    **dict(ShipmentStatus.choices),
    "exception": ExceptionKind.OTHER.label,
    "update": pgettext_lazy("tracking", "Update"),
}


class ItemInline(ReadOnlyInline[Item]):
    model = Item
    fields = ("title", "quantity", "price", "store", "cancelled_at")
    readonly_fields = fields
    ordering = ("position",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Item]:
        return super().get_queryset(request).select_related("store", "order")

    @admin.display(description=_("unit price"))
    def price(self, item: Item) -> str:
        return format_money(item.unit_price, item.order.currency)


class ShipmentInline(ReadOnlyInline[Shipment]):
    model = Shipment
    fields = ("parcel", "carrier_shown", "tracking_number", "status", "problem", "shipped_at", "delivered_at")
    readonly_fields = fields

    @admin.display(description=_("shipment"))
    def parcel(self, shipment: Shipment) -> str:
        return link_to(shipment)

    @admin.display(description=_("carrier"))
    def carrier_shown(self, shipment: Shipment) -> str:
        return carrier_name(shipment.carrier, shipment.carrier_name)


class MilestoneInline(ReadOnlyInline[Milestone]):
    model = Milestone
    fields = ("occurred_at", "words", "detail")
    readonly_fields = fields

    @admin.display(description=_("what happened"))
    def words(self, milestone: Milestone) -> str:
        return tell_history([milestone], ())[0].words

    @admin.display(description=_("details"))
    def detail(self, milestone: Milestone) -> str:
        return tell_history([milestone], ())[0].detail


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin[Order]):
    list_display = ("number", "buyer", "status", "sum", "placed_at", "updated_at")
    list_filter = ("status", "placed_at", "currency")
    list_select_related = ("buyer",)
    search_fields = (
        "number__startswith",
        "buyer__email__iexact",
        "buyer__marketplace_id__exact",
        "shipments__tracking_number__exact",
    )
    search_help_text = _(
        "Beginning of an order number; or a whole e-mail address, customer or tracking number"
    )
    ordering = ("-placed_at", "-pk")
    inlines = (ItemInline, ShipmentInline, MilestoneInline)
    fieldsets = (
        (None, {"fields": ("number", "buyer_link", "status", "placed_at", "updated_at", "events")}),
        (
            _("Amounts"),
            {"fields": ("items_sum", "shipping_sum", "tax_sum", "discount_sum", "sum", "paid_with")},
        ),
        (_("Delivery"), {"fields": ("address", "promise")}),
    )

    @admin.display(description=_("total"), ordering="total")
    def sum(self, order: Order) -> str:
        return format_money(order.total, order.currency)

    @admin.display(description=_("items"))
    def items_sum(self, order: Order) -> str:
        return format_money(order.items_total, order.currency)

    @admin.display(description=_("shipping"))
    def shipping_sum(self, order: Order) -> str:
        return format_money(order.shipping_total, order.currency)

    @admin.display(description=_("tax"))
    def tax_sum(self, order: Order) -> str:
        return format_money(order.tax_total, order.currency)

    @admin.display(description=_("discount"))
    def discount_sum(self, order: Order) -> str:
        return format_money(order.discount_total, order.currency)

    @admin.display(description=_("payment"))
    def paid_with(self, order: Order) -> str:
        return method_words(order.payment)

    @admin.display(description=_("shipping address"))
    def address(self, order: Order) -> str:
        return format_html_join(
            "", "<div>{}</div>", ((line,) for line in address_lines(order.shipping_address))
        )

    @admin.display(description=_("promised"))
    def promise(self, order: Order) -> str:
        return format_window(order.estimate_from, order.estimate_to) if order.estimate_to else ""

    @admin.display(description=_("buyer"))
    def buyer_link(self, order: Order) -> str:
        return link_to(order.buyer)

    @admin.display(description=_("order events"))
    def events(self, order: Order) -> str:
        address = reverse("admin:orders_orderevent_changelist", query={"q": order.number})
        return format_html('<a href="{}">{}</a>', address, _("What the marketplace told"))


class ShipmentLineInline(ReadOnlyInline[ShipmentLine]):
    model = ShipmentLine
    fields = ("item", "quantity")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[ShipmentLine]:
        return super().get_queryset(request).select_related("item")


class TrackingEventInline(ReadOnlyInline[TrackingEvent]):
    model = TrackingEvent
    fields = ("occurred_at", "status_shown", "description", "place")
    readonly_fields = fields

    @admin.display(description=_("status"))
    def status_shown(self, scan: TrackingEvent) -> str:
        return str(scan.get_problem_display() if scan.problem else SCANS.get(scan.status, scan.status))


@admin.register(Shipment)
class ShipmentAdmin(ReadOnlyAdmin[Shipment]):
    list_display = (
        "reference",
        "order",
        "carrier_shown",
        "tracking_number",
        "status",
        "problem",
        "shipped_at",
    )
    list_filter = ("status", "problem", "shipped_at")
    list_select_related = ("order",)
    search_fields = ("order__number__startswith", "tracking_number__exact", "reference__exact")
    search_help_text = _("Beginning of an order number; or a whole tracking number or reference")
    ordering = ("-shipped_at", "-pk")
    inlines = (ShipmentLineInline, TrackingEventInline)
    fieldsets = (
        (None, {"fields": ("reference", "order_link", "store", "carrier_shown", "tracking")}),
        (_("Delivery"), {"fields": ("status", "problem", "shipped_at", "promise")}),
        (_("Delivered"), {"fields": ("delivered_at", "delivered_where", "signed_by")}),
    )

    @admin.display(description=_("carrier"), ordering="carrier")
    def carrier_shown(self, shipment: Shipment) -> str:
        return carrier_name(shipment.carrier, shipment.carrier_name)

    @admin.display(description=_("order"))
    def order_link(self, shipment: Shipment) -> str:
        return link_to(shipment.order)

    @admin.display(description=_("tracking number"))
    def tracking(self, shipment: Shipment) -> str:
        page = tracking_page(shipment.carrier, shipment.tracking_number, shipment.tracking_url)
        if not page:
            return shipment.tracking_number
        words = shipment.tracking_number or _("Tracking page")
        return format_html('<a href="{}" rel="noopener noreferrer">{}</a>', page, words)

    @admin.display(description=_("promised"))
    def promise(self, shipment: Shipment) -> str:
        return format_window(shipment.estimate_from, shipment.estimate_to) if shipment.estimate_to else ""
