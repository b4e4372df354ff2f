"""People, stores and groups in the administration.

Who may open a page here is settled by groups (`accounts.duties`). Whatever could give somebody more than
he has, or get him into another's account, is for superusers alone, whatever permissions a group holds:
passwords, addresses, groups, permissions, second factors, and the record of any other colleague.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import allauth.account.admin
import allauth.mfa.admin
import allauth.usersessions.admin  # noqa: F401  registers, before the unregister below
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.people import User, person_of
from accounts.sessions import end_sessions
from accounts.stores import Membership, Store
from accounts.zones import zone_choices

if TYPE_CHECKING:
    PersonForm = forms.ModelForm[User]
    TeamInline = admin.TabularInline[Membership, Store]
    StoreModelAdmin = admin.ModelAdmin[Store]
    PersonAdmin = DjangoUserAdmin[User]
else:  # not generic while the program runs
    PersonForm, PersonAdmin = forms.ModelForm, DjangoUserAdmin
    TeamInline, StoreModelAdmin = admin.TabularInline, admin.ModelAdmin

RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")

# Sign-in's own tables: an address marked as verified, or a factor added, opens an account. They are shown
# on the person's page, and changed by the person.
for _model in (EmailAddress, Authenticator, UserSession):
    admin.site.unregister(_model)
admin.site.unregister(Group)


def is_superuser(request: HttpRequest) -> bool:
    return person_of(request).is_superuser


class AddressForm(PersonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "time_zone" in self.fields:
            zones = zone_choices(translation.get_language() or "en", chosen=self.instance.time_zone)
            self.fields["time_zone"].widget = forms.Select(choices=zones)

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


@admin.register(User)
class UserAdmin(PersonAdmin):
    form = add_form = AddressForm
    add_form_template = None
    list_display = (
        "email",
        "name",
        "marketplace_id",
        "language",
        "is_active",
        "is_colleague",
        "last_login",
    )
    list_filter = ("is_active", "is_staff", "is_superuser", "groups", "language", "date_joined")
    search_fields = ("email", "first_name", "last_name", "marketplace_id")
    search_help_text = _("E-mail address, name or customer number")
    ordering = ("-date_joined", "-pk")
    show_full_result_count = False
    list_per_page = 50
    filter_horizontal = ("groups", "user_permissions")
    readonly_fields = (
        "password_state",
        "password_link",
        "addresses",
        "second_factors",
        "last_login",
        "date_joined",
    )
    actions = ("sign_out_everywhere", "remove_second_factors")
    fieldsets = (
        (
            None,
            {"fields": ("email", ("first_name", "last_name"), "marketplace_id", ("language", "time_zone"))},
        ),
        (
            _("Sign-in"),
            {
                "fields": (
                    "is_active",
                    "password_state",
                    "addresses",
                    "second_factors",
                    "last_login",
                    "date_joined",
                )
            },
        ),
        (_("Administration"), {"fields": RIGHTS}),
    )
    add_fieldsets = (
        (
            None,
            {
                "description": _(
                    "No password is set here: the person chooses one by “Forgot your password?”, "
                    "which also verifies the address."
                ),
                "fields": ("email", ("first_name", "last_name"), ("language", "time_zone")),
            },
        ),
    )

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not is_superuser(request):
            return fieldsets
        link = {"password_state": "password_link"}
        return [
            (
                title,
                {
                    **options,
                    "fields": [
                        link.get(field, field) if isinstance(field, str) else field
                        for field in options["fields"]
                    ],
                },
            )
            for title, options in fieldsets
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        own = list(super().get_readonly_fields(request, obj))
        if is_superuser(request):
            return own
        return [*own, *RIGHTS, *(["email", "marketplace_id"] if obj else [])]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and (obj is None or is_superuser(request) or not (obj.is_staff or obj.is_superuser))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return is_superuser(request) and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            if "email" in form.changed_data:
                # Not verified: whoever owns it says so by opening its mail, at his next sign-in.
                EmailAddress.objects.filter(user=obj).delete()
                EmailAddress.objects.create(user=obj, email=obj.email, primary=True, verified=False)
        if change and {"email", "is_active"} & set(form.changed_data):
            end_sessions(user=obj)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        if not is_superuser(request):
            raise PermissionDenied
        answer = super().user_change_password(request, id, form_url)
        person = User.objects.filter(pk=id).first()
        if request.method == "POST" and answer.status_code == 302 and person and person != request.user:
            end_sessions(user=person)
        return answer

    @admin.display(description=_("name"), ordering="first_name")
    def name(self, person: User) -> str:
        return person.get_full_name()

    @admin.display(description=_("colleague"), boolean=True, ordering="is_staff")
    def is_colleague(self, person: User) -> bool:
        return person.is_staff

    @admin.display(description=_("password"))
    def password_state(self, person: User) -> str:
        return gettext("Set") if person.has_usable_password() else gettext("None yet")

    @admin.display(description=_("password"))
    def password_link(self, person: User) -> str:
        """For superusers; the hash itself is nobody's to see."""
        url = reverse("admin:auth_user_password_change", args=[person.pk])
        return format_html(
            '{} · <a href="{}">{}</a>', self.password_state(person), url, gettext("Set another")
        )

    @admin.display(description=_("e-mail addresses"))
    def addresses(self, person: User) -> str:
        found = EmailAddress.objects.filter(user=person).order_by("-primary", "email")
        words = {True: gettext("verified"), False: gettext("not verified")}
        return ", ".join(f"{address.email} ({words[address.verified]})" for address in found)

    @admin.display(description=_("two-step sign-in"))
    def second_factors(self, person: User) -> str:
        names = {
            Authenticator.Type.TOTP: gettext("authenticator app"),
            Authenticator.Type.WEBAUTHN: gettext("passkey"),
            Authenticator.Type.RECOVERY_CODES: gettext("recovery codes"),
        }
        types = Authenticator.objects.filter(user=person).values_list("type", flat=True)
        return ", ".join(names[kind] for kind in sorted(types)) or gettext("Off")

    @admin.action(description=_("Sign out everywhere"), permissions=["change"])
    def sign_out_everywhere(self, request: HttpRequest, people: QuerySet[User]) -> None:
        allowed = [person for person in people if self.has_change_permission(request, person)]
        for person in allowed:
            end_sessions(user=person)
            self.log_change(request, person, gettext("Signed out everywhere"))
        said = ngettext("%(count)d person is signed out.", "%(count)d people are signed out.", len(allowed))
        messages.success(request, said % {"count": len(allowed)})

    @admin.action(description=_("Remove two-step sign-in (lost phone or key)"), permissions=["superuser"])
    def remove_second_factors(self, request: HttpRequest, people: QuerySet[User]) -> None:
        for person in people:
            Authenticator.objects.filter(user=person).delete()
            end_sessions(user=person)
            self.log_change(request, person, gettext("Two-step sign-in removed"))
        said = ngettext(
            "%(count)d person signs in with the password alone until he sets up a second step again.",
            "%(count)d people sign in with the password alone until they set up a second step again.",
            len(people),
        )
        messages.warning(request, said % {"count": len(people)})

    def has_superuser_permission(self, request: HttpRequest) -> bool:
        return is_superuser(request)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin):
    """Superusers alone: whoever may change a group he is in may do everything."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_superuser(request)

    def has_view_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return is_superuser(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_superuser(request)

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return is_superuser(request)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return is_superuser(request)


class MembershipInline(TeamInline):
    model = Membership
    extra = 0
    autocomplete_fields = ("user",)
    readonly_fields = ("joined_at",)


@admin.register(Store)
class StoreAdmin(StoreModelAdmin):
    list_display = ("name", "slug", "marketplace_id", "team_size", "created_at")
    list_filter = ("created_at",)
    search_fields = ("name", "slug", "marketplace_id")
    search_help_text = _("Name or seller number")
    prepopulated_fields = {"slug": ("name",)}
    readonly_fields = ("created_at",)
    show_full_result_count = False
    inlines = (MembershipInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Store]:
        return super().get_queryset(request).annotate(people=Count("memberships"))

    def get_prepopulated_fields(self, request: HttpRequest, obj: Store | None = None) -> dict[str, Any]:
        """The address of a store that exists stays as it is."""
        return {} if obj else dict(self.prepopulated_fields)

    @admin.display(description=_("team"), ordering="people")
    def team_size(self, store: Store) -> int:
        return int(store.people)  # type: ignore[attr-defined]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        for membership in formset.deleted_objects:
            end_sessions(user=membership.user)  # whoever leaves a team is out at once (SD-1)
