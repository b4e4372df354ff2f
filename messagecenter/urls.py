"""The composition root: every address of the product."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from accounts.views.sessions import list_own_sessions
from messagecenter.health import healthz, readyz
from messagecenter.inbox import urls as inbox_urls
from messagecenter.site import theme

urlpatterns = [
    path("", include("accounts.urls")),
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    # The list of sessions is our own, under the name that allauth's templates know.
    path("account/sessions/", list_own_sessions, name="usersessions_list"),
    path("", include("orders.urls")),
    path("events/orders/", include("orders.intake.urls")),
    path("", RedirectView.as_view(pattern_name="inbox:list"), name="home"),
    path("inbox/", include("messagecenter.inbox.urls")),
    path("stores/<slug:slug>/inbox/", include((inbox_urls.urlpatterns, "store_inbox"))),
    path("theme.css", theme, name="theme"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("admin/", admin.site.urls),
]
