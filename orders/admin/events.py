"""Order events as staff see them: the dead first, why, what exactly came, and a replay (OP-4)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from orders.admin.read_only import ReadOnlyAdmin, link_to
from orders.events import OrderEvent
from orders.intake.problems import EventError, sentence
from orders.intake.schema import event_types
from orders.intake.secrets import event_secrets
from orders.intake.waiting import replay_event
from orders.order import Order
from orders.wording.days import format_moment


class TypeFilter(admin.SimpleListFilter):
    """From the schema: to ask the table which there are would read all of it."""

    title = _("type")
    parameter_name = "type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, name) for name in event_types()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[OrderEvent]) -> QuerySet[OrderEvent]:
        return queryset.filter(type=self.value()) if self.value() else queryset


class SourceFilter(admin.SimpleListFilter):
    """The sources that have a secret now."""

    title = _("source")
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(source, source) for source in dict.fromkeys(secret.source for secret in event_secrets())]

    def queryset(self, request: HttpRequest, queryset: QuerySet[OrderEvent]) -> QuerySet[OrderEvent]:
        return queryset.filter(source=self.value()) if self.value() else queryset


@admin.register(OrderEvent)
class OrderEventAdmin(ReadOnlyAdmin[OrderEvent]):
    list_display = ("order_number", "type", "outcome", "occurred", "received")
    list_filter = ("state", TypeFilter, SourceFilter)
    search_fields = ("order_number__startswith", "event_id__exact")
    search_help_text = _("Beginning of an order number, or a whole event id")
    actions = ("replay",)
    change_form_template = "orders/admin/order_event.html"
    fieldsets = (
        (None, {"fields": ("type", "order", "occurred_at", "received_at", "source", "event_id")}),
        (_("Processing"), {"fields": ("state", "why", "attempts")}),
        (_("What came"), {"fields": ("pretty_body",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[OrderEvent]:
        return super().get_queryset(request).defer("body")

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        return tuple(OrderEvent.objects.most_urgent_first().query.order_by)

    @admin.display(description=_("state"))
    def outcome(self, event: OrderEvent) -> str:
        state, why = event.get_state_display(), self.why(event)
        return gettext("%(state)s: %(reason)s") % {"state": state, "reason": why} if why else state

    @admin.display(description=_("occurred"))
    def occurred(self, event: OrderEvent) -> str:
        return format_moment(event.occurred_at)

    @admin.display(description=_("received"))
    def received(self, event: OrderEvent) -> str:
        return format_moment(event.received_at)

    @admin.display(description=_("reason"))
    def why(self, event: OrderEvent) -> str:
        return sentence(event.reason, event.subject) if event.reason else ""

    @admin.display(description=_("order"))
    def order(self, event: OrderEvent) -> str:
        order = Order.objects.filter(number=event.order_number).first()
        return link_to(order) if order else event.order_number

    @admin.display(description=_("body"))
    def pretty_body(self, event: OrderEvent) -> str:
        """The envelope first: PostgreSQL keeps keys in an order of its own."""
        envelope = {name: event.body[name] for name in ("type", "version", "timestamp") if name in event.body}
        text = json.dumps(envelope | event.body, ensure_ascii=False, indent=2)
        return format_html("<pre>{}</pre>", text)

    # --- replay

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("orders.replay_orderevent")

    @admin.action(description=_("Replay the chosen events"), permissions=["replay"])
    def replay(self, request: HttpRequest, events: QuerySet[OrderEvent]) -> None:
        self._replay(request, events.exclude(state=OrderEvent.State.APPLIED))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.replay_view))
        return [path("<int:pk>/replay/", view, name="orders_orderevent_replay"), *super().get_urls()]

    def replay_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_replay_permission(request):
            raise PermissionDenied
        event = get_object_or_404(OrderEvent, pk=pk)
        self._replay(request, [event])
        return HttpResponseRedirect(reverse("admin:orders_orderevent_change", args=[pk]))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {"may_replay": self.has_replay_permission(request), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def _replay(self, request: HttpRequest, events: Iterable[OrderEvent]) -> None:
        """Each in its own transaction; what became of them is told."""
        applied = 0
        for event in events:
            try:
                applied += replay_event(event=event).state == OrderEvent.State.APPLIED
            except EventError as error:
                self.message_user(request, f"{event}: {error}", messages.ERROR)
                continue
            if event.state != OrderEvent.State.APPLIED:
                words = gettext("%(event)s cannot be applied: %(reason)s")
                told = {"event": event, "reason": self.why(event)}
                self.message_user(request, words % told, messages.WARNING)
        if applied:
            words = ngettext("%(count)d event was applied.", "%(count)d events were applied.", applied)
            self.message_user(request, words % {"count": applied}, messages.SUCCESS)
