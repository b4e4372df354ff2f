"""Pages that show and alter nothing: what events derive would be undone by the next event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

Row = TypeVar("Row", bound=models.Model)

if TYPE_CHECKING:

    class _Admin(admin.ModelAdmin[Row]): ...

    class _Inline(admin.TabularInline[Row, models.Model]): ...

else:  # not generic while the program runs

    class _Admin(admin.ModelAdmin):
        def __class_getitem__(cls, _row: object) -> type:
            return cls

    class _Inline(admin.TabularInline):
        def __class_getitem__(cls, _row: object) -> type:
            return cls


class ReadOnlyAdmin(_Admin[Row]):
    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyInline(_Inline[Row]):
    """A plain table, without the line above each row that says what object it is."""

    template = "orders/admin/_rows.html"
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def link_to(row: models.Model) -> str:
    """A link to this row's page in the administration."""
    address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    return format_html('<a href="{}">{}</a>', address, row)
