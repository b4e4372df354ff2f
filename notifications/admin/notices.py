"""The outbox as staff see it: what waits, what failed and why, with a replay (OP-4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from notifications.models import Notice
from notifications.notice import NoticeQuerySet

if TYPE_CHECKING:
    NoticeAdminBase = admin.ModelAdmin[Notice]
else:
    NoticeAdminBase = admin.ModelAdmin


@admin.register(Notice)
class NoticeAdmin(NoticeAdminBase):
    """Nothing is written by hand here: a notice says what happened."""

    list_display = ("kind", "about", "occurred_at", "state", "attempts", "error")
    list_filter = ("state", "audience", "kind")
    search_fields = ("order__number__exact", "user__email__exact", "key__exact")
    search_help_text = _("Order number, e-mail address or key, in full")
    list_select_related = ("order", "user")
    ordering = ("-id",)
    show_full_result_count = False
    list_per_page = 50
    actions = ("replay",)
    fieldsets = (
        (None, {"fields": ("kind", "audience", "order", "user", "key", "occurred_at", "params")}),
        (
            _("Delivery"),
            {"fields": ("state", "attempts", "error", "due_at", "created_at", "done_at", "reached")},
        ),
    )

    @admin.display(description=_("about"))
    def about(self, notice: Notice) -> str:
        return str(notice.order or notice.user or _("Everyone"))

    @admin.action(
        description=_("Send the chosen notices again, with all their attempts"), permissions=["replay"]
    )
    def replay(self, request: HttpRequest, notices: QuerySet[Notice]) -> None:
        """Of those that are dead or wait for their next attempt; what was sent is not sent twice."""
        assert isinstance(notices, NoticeQuerySet)  # noqa: S101  for the type checker: Notice's own manager
        count = notices.replay()
        words = ngettext(
            "%(count)d notice goes out again within seconds.",
            "%(count)d notices go out again within seconds.",
            count,
        )
        self.message_user(request, words % {"count": count}, messages.SUCCESS)

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("notifications.change_notice")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Notice | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Notice | None = None) -> list[str]:
        return [field.name for field in Notice._meta.fields]

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> Any:
        extra = {"show_save": False, "show_save_and_continue": False}
        kwargs["extra_context"] = {**(kwargs.get("extra_context") or {}), **extra}
        return super().change_view(request, object_id, *args, **kwargs)
