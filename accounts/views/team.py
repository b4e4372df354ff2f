from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.stores import Membership
from accounts.teams import for_team


@require_safe
@for_team()
def show_team(request: HttpRequest, membership: Membership) -> HttpResponse:
    team = Membership.objects.of_store(membership.store)
    return render(
        request,
        "accounts/team.html",
        {"store": membership.store, "own": membership, "team": team, "section": membership.store.slug},
    )
