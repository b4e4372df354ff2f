"""Writing an announcement: its text in every language, a look at it, how many get it, send, progress."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from notifications.announcements import (
    AlreadySentError,
    announcement_progress,
    count_recipients,
    send_announcement,
)
from notifications.kinds.platform import AnnouncementKind
from notifications.models import Announcement, Notice

if TYPE_CHECKING:
    AnnouncementAdminBase = admin.ModelAdmin[Announcement]
    AnnouncementFormBase = forms.ModelForm[Announcement]
else:
    AnnouncementAdminBase = admin.ModelAdmin
    AnnouncementFormBase = forms.ModelForm

LANGUAGES = [code for code, _name in settings.LANGUAGES]
TITLE_LENGTH, TEXT_LENGTH = 120, 4000  # characters


def _language_fields() -> dict[str, forms.Field]:
    """A title and a text for each of the site's languages: title_en, text_en…"""
    fields: dict[str, forms.Field] = {}
    for code in LANGUAGES:
        fields[f"title_{code}"] = forms.CharField(
            label=_("Title"),
            max_length=TITLE_LENGTH,
            required=False,
            widget=forms.TextInput(attrs={"lang": code, "class": "vTextField"}),
        )
        fields[f"text_{code}"] = forms.CharField(
            label=_("Text"),
            max_length=TEXT_LENGTH,
            required=False,
            widget=forms.Textarea(attrs={"rows": 8, "lang": code, "class": "vLargeTextField"}),
            help_text=_("A blank line begins a new paragraph."),
        )
    return fields


class BareAnnouncementForm(AnnouncementFormBase):
    link = forms.URLField(
        label=_("Link"),
        max_length=500,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"class": "vURLField"}),
        help_text=_("A page with more, if there is one."),
    )

    class Meta:
        model = Announcement
        fields = ("recipients", "link")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in LANGUAGES:
            self.initial.setdefault(f"title_{code}", self.instance.title.get(code, ""))
            self.initial.setdefault(f"text_{code}", self.instance.text.get(code, ""))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        titles = {code: cleaned.get(f"title_{code}", "") for code in LANGUAGES}
        texts = {code: cleaned.get(f"text_{code}", "").replace("\r\n", "\n") for code in LANGUAGES}
        for code in LANGUAGES:
            if bool(titles[code]) != bool(texts[code]):
                lacking = f"text_{code}" if titles[code] else f"title_{code}"
                self.add_error(lacking, _("A title and its text belong together."))
        if not any(titles.values()):
            self.add_error(f"title_{settings.LANGUAGE_CODE}", _("Write it in one language at least."))
        self.instance.title = {code: text for code, text in titles.items() if text}
        self.instance.text = {code: text for code, text in texts.items() if text}
        return cleaned


# The administration knows only the fields that a form's class declares, not those its instance adds.
AnnouncementForm = type("AnnouncementForm", (BareAnnouncementForm,), dict(_language_fields()))


@admin.register(Announcement)
class AnnouncementAdmin(AnnouncementAdminBase):
    form = AnnouncementForm
    list_display = ("__str__", "recipients", "created_at", "written_by", "progress")
    list_select_related = ("written_by", "notice")
    list_filter = ("recipients", "created_at")
    change_form_template = "notifications/admin/announcement_form.html"

    def get_fieldsets(self, request: HttpRequest, obj: Announcement | None = None) -> Any:
        languages = [
            (name, {"fields": (f"title_{code}", f"text_{code}")}) for code, name in settings.LANGUAGES
        ]
        if not self.has_change_permission(request, obj) and obj:
            return [(None, {"fields": ("recipients", "link", "in_words", "progress")})]
        return [(None, {"fields": ("recipients",)}), *languages, (_("More"), {"fields": ("link",)})]

    def get_readonly_fields(self, request: HttpRequest, obj: Announcement | None = None) -> tuple[str, ...]:
        return () if self.has_change_permission(request, obj) else ("in_words", "progress")

    @admin.display(description=_("text"))
    def in_words(self, announcement: Announcement) -> str:
        return "\n\n".join(
            f"{announcement.title[code]}\n{announcement.text[code]}" for code in announcement.title
        )

    @admin.display(description=_("sent"))
    def progress(self, announcement: Announcement) -> str:
        progress = announcement_progress(announcement)
        if not progress.state:
            return gettext("Draft")
        if progress.state == Notice.State.DONE:
            return gettext("To %(count)d mailboxes") % {"count": progress.reached}
        if progress.state == Notice.State.DEAD:
            return gettext("Stopped: %(error)s") % {"error": progress.error}
        return gettext("%(percent)d %% done") % {"percent": 100 * progress.share}

    def has_change_permission(self, request: HttpRequest, obj: Announcement | None = None) -> bool:
        """What went out is not altered: it is in people's inboxes."""
        return super().has_change_permission(request, obj) and not (obj and obj.notice_id)

    def has_delete_permission(self, request: HttpRequest, obj: Announcement | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and obj.notice_id)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Announcement]) -> None:
        """Of those chosen in the list, the drafts."""
        super().delete_queryset(request, queryset.filter(notice=None))

    def save_model(self, request: HttpRequest, obj: Announcement, form: Any, change: bool) -> None:
        if not change:
            obj.written_by_id = request.user.pk
        super().save_model(request, obj, form, change)

    def response_add(
        self, request: HttpRequest, obj: Announcement, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._preview(obj) if "_preview" in request.POST else super().response_add(request, obj)

    def response_change(self, request: HttpRequest, obj: Announcement) -> HttpResponse:
        return self._preview(obj) if "_preview" in request.POST else super().response_change(request, obj)

    def get_urls(self) -> list[URLPattern]:
        send = self.admin_site.admin_view(self.send_view)
        own = path("<int:pk>/send/", send, name="notifications_announcement_send")
        return [own, *super().get_urls()]

    def send_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET: what each reader will see, and how many get it; or how far it is. POST: sends it."""
        if not request.user.has_perm("notifications.send_announcement"):
            raise PermissionDenied
        announcement = get_object_or_404(Announcement.objects.select_related("notice"), pk=pk)
        if request.method == "POST":
            try:
                send_announcement(announcement=announcement)
            except AlreadySentError:
                messages.warning(request, gettext("This announcement has been sent already."))
            return HttpResponseRedirect(request.path)
        progress = announcement_progress(announcement)
        response = TemplateResponse(
            request,
            "notifications/admin/announcement_send.html",
            {
                **self.admin_site.each_context(request),
                "title": gettext("Send an announcement"),
                "opts": self.opts,
                "announcement": announcement,
                "readings": _readings(announcement),
                "missing": [name for code, name in settings.LANGUAGES if code not in announcement.title],
                "recipients": count_recipients(announcement.recipients),
                "progress": progress,
                "percent": round(100 * progress.share),
            },
        )
        if progress.state == Notice.State.PENDING:
            response.headers["Refresh"] = "2"
        return response

    def _preview(self, announcement: Announcement) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:notifications_announcement_send", args=[announcement.pk]))


def _readings(announcement: Announcement) -> list[dict[str, Any]]:
    """As the readers of each language will see it."""
    content = AnnouncementKind(title=announcement.title, text=announcement.text, link=announcement.link)
    readings = []
    for code, name in settings.LANGUAGES:
        with translation.override(code):
            readings.append(
                {
                    "code": code,
                    "language": name,
                    "words": content.words(),
                }
            )
    return readings
