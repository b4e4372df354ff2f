"""What somebody says of himself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.people import User
from accounts.zones import zone_choices

if TYPE_CHECKING:
    UserForm = forms.ModelForm[User]
else:
    UserForm = forms.ModelForm  # not generic while the program runs


class ProfileForm(UserForm):
    class Meta:
        model = User
        fields: ClassVar[list[str]] = ["first_name", "last_name", "language", "time_zone"]
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "first_name": forms.TextInput({"autocomplete": "given-name"}),
            "last_name": forms.TextInput({"autocomplete": "family-name"}),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "language": _("Of the pages, and of every message that we write to you."),
            "time_zone": _("All times are told by this clock."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_name"].required = True
        self.fields["time_zone"].widget = forms.Select(
            attrs={"data-time-zones": ""},
            choices=zone_choices(
                translation.get_language() or "en",
                chosen=str(self["time_zone"].value() or self.instance.time_zone),
            ),
        )
