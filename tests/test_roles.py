"""Every address of the product × every role: who gets what (SE-4).

A new address fails `test_every_address_is_in_the_table` until it has a row here. A row gives the answer to
each role, in the order of ROLES; one for GET, and one more for each other method that matters. The cast is
as ever, and on the stage stands one order: alice bought it from bob's store, whose team is bob alone.

    Row("orders:detail", "302 200 404 404 404 404 404", order_number),

404 to everybody whom it does not concern; 302 to a visitor, to sign-in; 405 where one asks the wrong way.
The administration is not listed page by page: `TestAdministration` holds for whatever is registered there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from allauth.account.forms import default_token_generator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.http import int_to_base36

from accounts.models import Store, User
from notifications.fanout import sweep_notices
from orders.models import Order
from tests.cast import PASSWORD
from tests.notifications.story import entry_of, make_order, placed, tell

ROLES = ("anonymous", "alice", "bob", "carol", "mo", "sam", "superuser")


@dataclass
class Stage:
    """What the addresses are about."""

    people: dict[str, User]
    store: Store
    order: Order
    sessions: dict[str, str]

    def browser(self, role: str) -> Client:
        """A fresh window of this person's, signed in as he is all the time."""
        browser = Client()
        if role != "anonymous":
            browser.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role]
        return browser


Arguments = Callable[[Stage], dict[str, Any]]


def nothing(_stage: Stage) -> dict[str, Any]:
    return {}


def order_number(stage: Stage) -> dict[str, Any]:
    return {"number": stage.order.number}


def store_slug(stage: Stage) -> dict[str, Any]:
    return {"slug": stage.store.slug}


def store_order(stage: Stage) -> dict[str, Any]:
    return store_slug(stage) | order_number(stage)


def alices_entry(stage: Stage) -> dict[str, Any]:
    return {"entry_id": entry_of(stage.people["alice"]).id}


def stores_entry(stage: Stage) -> dict[str, Any]:
    return store_slug(stage) | {"entry_id": entry_of(stage.store).id}


def alices_session(stage: Stage) -> dict[str, Any]:
    Client().post("/account/login/", {"login": stage.people["alice"].email, "password": PASSWORD})
    return {"session_id": UserSession.objects.get(user=stage.people["alice"]).pk}


def alices_reset(stage: Stage) -> dict[str, Any]:
    alice = stage.people["alice"]
    return {"uidb36": int_to_base36(alice.pk), "key": default_token_generator.make_token(alice)}


def no_key(_stage: Stage) -> dict[str, Any]:
    return {"pk": 1}


@dataclass(frozen=True)
class Row:
    name: str
    answers: str
    arguments: Arguments = nothing
    method: str = "get"
    data: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.name} {self.method}"


OPEN = "200 200 200 200 200 200 200"
SIGNED_IN = "302 200 200 200 200 200 200"
ON_ITS_WAY = "302 302 302 302 302 302 302"
NOT_FOUND = "302 404 404 404 404 404 404"  # but who is not signed in, is asked to
WRONG_METHOD = "405 405 405 405 405 405 405"

ROWS = [
    # --- the frame ---
    Row("home", ON_ITS_WAY),
    Row("theme", OPEN),
    Row("healthz", OPEN),
    Row("readyz", OPEN),
    # --- one's own account ---
    Row("accounts:profile", SIGNED_IN),
    Row("accounts:language", WRONG_METHOD),
    Row("accounts:language", ON_ITS_WAY, method="post", data={"language": "en"}),
    Row("usersessions_list", SIGNED_IN),
    Row("usersessions_list", ON_ITS_WAY, method="post"),
    Row("accounts:end_session", WRONG_METHOD, alices_session),
    Row("accounts:end_session", "302 302 404 404 404 404 404", alices_session, "post"),
    # --- sign-in ---
    Row("account_login", "200 302 302 302 302 302 302"),
    Row("account_signup", "200 302 302 302 302 302 302"),
    Row("account_logout", SIGNED_IN),
    Row("account_inactive", OPEN),
    Row("account_reset_password", OPEN),
    Row("account_reset_password_done", OPEN),
    Row("account_reset_password_from_key", ON_ITS_WAY, alices_reset),
    Row("account_reset_password_from_key_done", OPEN),
    Row("account_email_verification_sent", ON_ITS_WAY),  # to sign-in: nothing waits for a code
    Row("account_confirm_login_code", ON_ITS_WAY),  # not offered
    Row("account_email", SIGNED_IN),
    Row("account_change_password", SIGNED_IN),
    Row("account_set_password", ON_ITS_WAY),  # all have one
    Row("account_reauthenticate", SIGNED_IN),
    # --- two-step sign-in; nobody of the cast has one, and whoever would change it must prove himself ---
    Row("mfa_index", SIGNED_IN),
    Row("mfa_authenticate", ON_ITS_WAY),
    Row("mfa_reauthenticate", ON_ITS_WAY),
    Row("mfa_reauthenticate_webauthn", ON_ITS_WAY),
    Row("mfa_activate_totp", ON_ITS_WAY),
    Row("mfa_deactivate_totp", NOT_FOUND),
    Row("mfa_view_recovery_codes", NOT_FOUND),
    Row("mfa_generate_recovery_codes", ON_ITS_WAY),
    Row("mfa_download_recovery_codes", NOT_FOUND),
    Row("mfa_list_webauthn", SIGNED_IN),
    Row("mfa_add_webauthn", ON_ITS_WAY),
    Row("mfa_edit_webauthn", ON_ITS_WAY, no_key),
    Row("mfa_remove_webauthn", ON_ITS_WAY, no_key),
    Row("mfa_login_webauthn", ON_ITS_WAY),
    # --- a store ---
    Row("accounts:team", "302 404 200 404 404 404 404", store_slug),
    Row("accounts:team", WRONG_METHOD, store_slug, "post"),
    # --- orders ---
    Row("orders:list", SIGNED_IN),
    Row("orders:detail", "302 200 404 404 404 404 404", order_number),
    Row("orders:claim", "302 200 404 404 404 404 404", order_number),
    Row("orders:claim", "302 200 404 404 404 404 404", order_number, "post"),
    Row("orders:store_orders", "302 404 200 404 404 404 404", store_slug),
    Row("orders:store_detail", "302 404 200 404 404 404 404", store_order),
    Row("order_events:receive", WRONG_METHOD),
    Row("order_events:receive", "415 415 415 415 415 415 415", method="post"),  # a form is no event
    Row("order_events:schema", OPEN),
    # --- the own inbox, and a store's ---
    Row("inbox:list", SIGNED_IN),
    Row("inbox:read", "302 200 404 404 404 404 404", alices_entry),
    Row("inbox:order", "302 302 404 404 404 404 404", order_number),
    Row("inbox:act", WRONG_METHOD),
    Row("inbox:undo", WRONG_METHOD),
    Row("store_inbox:list", "302 404 200 404 404 404 404", store_slug),
    Row("store_inbox:read", "302 404 200 404 404 404 404", stores_entry),
    Row("store_inbox:order", "302 404 302 404 404 404 404", store_order),
    Row("store_inbox:act", WRONG_METHOD, store_slug),
    Row("store_inbox:undo", WRONG_METHOD, store_slug),
]


@pytest.fixture
def stage(alice: User, bob: User, carol: User, mo: User, sam: User, superuser: User, store: Store) -> Stage:
    order = make_order(alice, (store, "Ceramic lamp"))
    tell(order, placed(order))
    sweep_notices()
    people = {"alice": alice, "bob": bob, "carol": carol, "mo": mo, "sam": sam, "superuser": superuser}
    return Stage(people, store, order, {role: sign_in(user) for role, user in people.items()})


def sign_in(user: User) -> str:
    browser = Client()
    browser.force_login(user)
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def addresses(
    resolver: URLResolver | None = None, space: str = "", before: str = ""
) -> Iterator[tuple[str, str]]:
    """Name, and pattern, of every address that the product answers to."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}", f"{before}{pattern.pattern}"
        else:
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern, inner, f"{before}{pattern.pattern}")


def test_every_address_is_in_the_table() -> None:
    here = {row.name for row in ROWS}
    there = {name: pattern for name, pattern in addresses() if not name.startswith("admin:")}
    assert {name: there[name] for name in there if name not in here} == {}, "give it a row in ROWS"
    assert here - there.keys() == set(), "there is no such address any more"


def test_every_role_gets_what_is_his(stage: Stage) -> None:
    wrong = []
    for row in ROWS:
        expected = dict(zip(ROLES, map(int, row.answers.split()), strict=True))
        with transaction.atomic():  # whatever the row does is undone for the next
            address = reverse(row.name, kwargs=row.arguments(stage))
            answers = {
                role: getattr(stage.browser(role), row.method)(address, row.data).status_code
                for role in ROLES
            }
            transaction.set_rollback(True)
        if answers != expected:
            gets = {role: answers[role] for role in ROLES if answers[role] != expected[role]}
            wrong.append(f"{row.method} {row.name} {address}: expected {row.answers}, but {gets}")
    assert wrong == [], "\n".join(wrong)


def test_a_visitor_is_sent_to_sign_in_and_back(stage: Stage) -> None:
    for row in ROWS:
        if row.answers.startswith("302 ") and row.answers != ON_ITS_WAY and row.method == "get":
            address = reverse(row.name, kwargs=row.arguments(stage))
            target = stage.browser("anonymous").get(address)["Location"]
            if row.name != "account_logout":
                assert target == f"/account/login/?next={address}", row.name


class TestAdministration:
    """Whatever is registered: nothing of it for who is no colleague, for colleagues what their group says."""

    def pages(self) -> Iterator[str]:
        for _name, pattern in addresses():
            if pattern.startswith("admin/"):
                plain = re.sub(r"<(?:\w+:)?\w+>", "1", pattern)
                yield "/" + re.sub(r"\(\?P<\w+>[^)]*\)|[\^$]|\\Z|\.\*\$", "x", plain)

    @pytest.mark.parametrize("role", ["alice", "bob", "carol"])
    def test_nothing_is_there_for_who_is_no_colleague(self, stage: Stage, role: str) -> None:
        browser = stage.browser(role)
        for page in self.pages():
            answer = browser.get(page, follow=True)
            found = (answer.status_code, answer.redirect_chain[-1:])
            if page in ("/admin/logout/", "/admin/password_change/", "/admin/password_change/done/"):
                assert answer.redirect_chain, page  # to his own account's pages
            else:
                assert answer.status_code == 404, (page, found)

    def test_a_visitor_is_sent_to_sign_in(self, stage: Stage) -> None:
        browser = stage.browser("anonymous")
        for page in self.pages():
            answer = browser.get(page, follow=True)
            assert answer.redirect_chain, page
            assert answer.redirect_chain[-1][0].startswith(("/account/login/", "/inbox/", "/")), page
            assert "_auth_user_id" not in browser.session

    @pytest.mark.parametrize("role", ["mo", "sam", "superuser"])
    def test_a_colleague_sees_what_his_group_may_see(self, stage: Stage, role: str) -> None:
        browser, user = stage.browser(role), stage.people[role]
        assert browser.get("/admin/").status_code == 200
        for model in admin.site._registry:
            label, name = model._meta.app_label, model._meta.model_name
            may = user.has_perm(f"{label}.view_{name}") or user.has_perm(f"{label}.change_{name}")
            status = browser.get(f"/admin/{label}/{name}/").status_code
            assert status == (200 if may else 403), f"{role} {label}.{name}"
            add = browser.get(f"/admin/{label}/{name}/add/").status_code
            assert add in ((200, 403) if user.has_perm(f"{label}.add_{name}") else (403,)), (
                f"{role} {label}.{name}"
            )
