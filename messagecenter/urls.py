"""The composition root: every address of the product."""

from django.contrib import admin
from django.urls import include, path

from accounts.views.sessions import list_own_sessions

urlpatterns = [
    path("", include("accounts.urls")),
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    # The list of sessions is our own, under the name that allauth's templates know.
    path("account/sessions/", list_own_sessions, name="usersessions_list"),
    path("", include("orders.urls")),
    path("admin/", admin.site.urls),
]
