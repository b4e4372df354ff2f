from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext

from accounts.forms.profile import ProfileForm
from accounts.people import User, person_of
from accounts.views.language import remember_language


@login_required
def edit_profile(request: HttpRequest) -> HttpResponse:
    user = User.objects.get(pk=person_of(request).pk)  # its own copy: refused words must not reach the header
    form = ProfileForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        with translation.override(user.language):
            messages.success(request, gettext("Your settings are saved."))
        return remember_language(redirect("accounts:profile"), user.language)
    return render(request, "accounts/profile.html", {"form": form})
