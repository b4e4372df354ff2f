"""A store's views: its team alone, and each as far as his role goes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from accounts.models import Membership, Role, Store, User
from accounts.teams import for_team, store_of
from tests.cast import join_team, make_person


def request_of(user: User, method: str = "get") -> HttpRequest:
    request: HttpRequest = getattr(RequestFactory(), method)("/")
    request.user = user
    return request


def test_the_page_shows_names_and_roles_but_no_addresses(
    store: Store, bob: User, signed_in: Callable[[User], Client]
) -> None:
    join_team(store, make_person("Ann Agent"), Role.AGENT)
    join_team(store, make_person("Max Manager"), Role.MANAGER)
    page = signed_in(bob).get("/stores/bobs-books/team/").content.decode()
    assert page.index("Bob Brand") < page.index("Max Manager") < page.index("Ann Agent")
    assert "ann@example.org" not in page
    assert page.count("Owner") >= 1


def test_a_stranger_and_a_missing_store_look_alike(
    store: Store, carol: User, signed_in: Callable[[User], Client]
) -> None:
    browser = signed_in(carol)
    answers = [browser.get(f"/stores/{slug}/team/") for slug in ("bobs-books", "no-such-store")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert "Bob" not in answers[0].content.decode()


def test_store_of_brings_the_store_in_one_statement(
    store: Store, bob: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert store_of(request_of(bob), "bobs-books").store.name == "Bob's Books"


def test_store_of_somebody_elses_store_is_404(store: Store, carol: User) -> None:
    with pytest.raises(Http404):
        store_of(request_of(carol), "bobs-books")


@pytest.mark.parametrize(
    ("role", "method", "allowed", "may"),
    [
        (Role.READER, "get", (), True),
        (Role.READER, "post", (), False),
        (Role.AGENT, "post", (), True),
        (Role.AGENT, "post", (Role.OWNER, Role.MANAGER), False),
        (Role.MANAGER, "post", (Role.OWNER, Role.MANAGER), True),
        (Role.OWNER, "get", (Role.OWNER,), True),
    ],
)
def test_a_view_opens_as_far_as_the_role_goes(
    store: Store, carol: User, role: Role, method: str, allowed: tuple[Role, ...], may: bool
) -> None:
    @for_team(*allowed)
    def view(request: HttpRequest, membership: Membership) -> HttpResponse:
        return HttpResponse(membership.role)

    join_team(store, carol, role)
    if may:
        assert view(request_of(carol, method), "bobs-books").status_code == 200
    else:
        with pytest.raises(PermissionDenied):
            view(request_of(carol, method), "bobs-books")
