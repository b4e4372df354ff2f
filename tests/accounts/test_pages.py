"""The account's own pages in a real browser: what scripts add, and that nothing is in the way of anybody."""

from __future__ import annotations

import re

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from accounts.models import Role, Store, User
from tests.browser import Browsing, Device, assert_accessible
from tests.cast import PASSWORD, join_team, make_person


def test_a_city_is_found_by_its_name_without_accents(browse: Browsing, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(language="fr")
    page = browse.sign_in(alice).goto("/account/profile/")
    page.get_by_label("Trouver une ville").fill("la reunion")
    options = page.locator("#id_time_zone option")
    assert options.all_inner_texts() == ["La Réunion (UTC+04:00)"]
    page.get_by_label("Trouver une ville").fill("nulle part")
    assert page.get_by_text("Aucune ville de ce nom.").is_visible()
    assert options.count() > 400
    page.get_by_label("Trouver une ville").fill("europe paris")
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_selector(".toast")
    alice.refresh_from_db()
    assert alice.time_zone == "Europe/Paris"
    assert page.locator("#id_time_zone").input_value() == "Europe/Paris"


def test_the_devices_own_zone_is_suggested(browse: Browsing, alice: User) -> None:
    visitor = browse.sign_in(alice)
    clock = visitor.context.new_cdp_session(visitor.page)
    clock.send("Emulation.setTimezoneOverride", {"timezoneId": "America/Bogota"})
    page = visitor.goto("/account/profile/")
    page.get_by_role("button", name=re.compile(r"Use Bogot.*, as this device does")).click()
    assert page.locator("#id_time_zone").input_value() == "America/Bogota"
    assert_accessible(page)


def test_a_sign_up_brings_the_devices_zone_along(browse: Browsing, mailoutbox: list[EmailMessage]) -> None:
    visitor = browse.visit("phone", language="fr")
    clock = visitor.context.new_cdp_session(visitor.page)
    clock.send("Emulation.setTimezoneOverride", {"timezoneId": "Europe/Paris"})
    page = visitor.goto("/account/signup/")
    for name, value in (
        ("first_name", "Nia"),
        ("last_name", "Novak"),
        ("email", "nia@example.org"),
        ("password1", PASSWORD),
    ):
        page.fill(f"[name={name}]", value)
    page.locator("main form .btn.primary").click()
    page.wait_for_url("**/account/confirm-email/")
    assert_accessible(page)
    code = re.search(r"^\s+([A-Z]{4}-[A-Z]{4})$", str(mailoutbox[0].body), re.MULTILINE)
    assert code
    page.fill("[name=code]", code[1].lower().replace("-", " "))
    page.locator("main form .btn.primary").click()
    page.wait_for_url("**/inbox/")
    user = User.objects.get(email="nia@example.org")
    assert (user.time_zone, user.language) == ("Europe/Paris", "fr")


@pytest.mark.parametrize(("device", "script"), [("wide", True), ("narrow", False)])
def test_the_profile_needs_no_script(browse: Browsing, alice: User, device: Device, script: bool) -> None:
    page = browse.sign_in(alice, device, script=script).goto("/account/profile/")
    assert page.get_by_label("Find a city").is_visible() is script
    page.select_option("#id_time_zone", "Asia/Tokyo")
    page.get_by_role("button", name="Save").click()
    page.wait_for_load_state()
    alice.refresh_from_db()
    assert alice.time_zone == "Asia/Tokyo"


def test_another_device_is_signed_out_from_the_list(browse: Browsing, alice: User) -> None:
    phone = Client(HTTP_USER_AGENT="Mozilla/5.0 (iPhone) Version/18.5 Mobile/15E148 Safari/604.1")
    phone.post("/account/login/", {"login": alice.email, "password": PASSWORD})
    page = browse.sign_in(alice, "phone").goto("/account/sessions/")
    assert_accessible(page)
    page.get_by_role("button", name="Sign out Safari on iPhone").click()
    page.wait_for_selector("text=That device is signed out.")
    assert phone.get("/account/profile/").status_code == 302
    page.get_by_role("button", name="Sign out everywhere, here too").click()
    page.wait_for_url("**/account/login/")


@pytest.mark.parametrize(("device", "language"), [("wide", "en"), ("narrow", "fr")])
def test_the_team(browse: Browsing, store: Store, bob: User, device: Device, language: str) -> None:
    User.objects.filter(pk=bob.pk).update(language=language)
    bob.language = language
    join_team(store, make_person("Maximiliane von Hohenlohe-Waldenburg"), Role.READER)
    page = browse.sign_in(bob, device).goto("/stores/bobs-books/team/")
    assert page.locator("tbody tr").count() == 2
    assert_accessible(page)


def test_the_administration_works_under_the_strict_policy(
    browse: Browsing, superuser: User, store: Store, alice: User
) -> None:
    """A blocked script or style, or a script that throws, fails the test (see `tests.browser`)."""
    visitor = browse.sign_in(superuser)
    for address in (
        "",
        "accounts/user/",
        f"accounts/user/{alice.pk}/change/",
        "accounts/user/add/",
        "auth/group/add/",
    ):
        visitor.goto(f"/admin/{address}")
    page = visitor.goto(f"/admin/accounts/store/{store.pk}/change/")
    page.locator(".add-row a").click()
    page.locator(".select2-selection").last.click()
    page.locator(".select2-search__field").fill("alice")
    page.locator(".select2-results__option", has_text="alice@example.org").click()
    page.select_option("#id_memberships-1-role", "agent")
    page.locator("[name=_save]").click()
    page.wait_for_url("**/admin/accounts/store/")
    assert store.memberships.filter(user=alice, role=Role.AGENT).exists()
