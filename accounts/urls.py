"""Addresses of the account's own pages; sign-in's are allauth's."""

from django.urls import path

from accounts.views import language, profile, sessions, team

app_name = "accounts"
urlpatterns = [
    path("account/profile/", profile.edit_profile, name="profile"),
    path("account/language/", language.choose_language, name="language"),
    path("account/sessions/<int:session_id>/end/", sessions.end_own_session, name="end_session"),
    path("stores/<slug:slug>/team/", team.show_team, name="team"),
]
