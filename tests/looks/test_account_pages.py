"""Sign-in and settings on every device, in both languages and themes: nothing for axe, nothing sticks out."""

from __future__ import annotations

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from playwright.sync_api import expect

from accounts.models import User
from tests.browser import Browsing, Device, assert_accessible
from tests.cast import PASSWORD, set_up_totp

OUTSIDE = [
    "/account/login/",
    "/account/signup/",
    "/account/password/reset/",
    "/account/password/reset/done/",
    "/account/password/reset/key/1-wrong/",
    "/account/password/reset/key/done/",
    "/account/inactive/",
]
INSIDE = [
    "/account/profile/",
    "/account/email/",
    "/account/password/change/",
    "/account/sessions/",
    "/account/2fa/",
    "/account/2fa/webauthn/",
    "/account/logout/",
    "/account/2fa/totp/activate/",  # asks for the password first
]
LOOKS: list[tuple[Device, str]] = [("wide", "en"), ("narrow", "fr")]


@pytest.mark.parametrize(("device", "language"), LOOKS)
def test_pages_of_a_visitor(browse: Browsing, db: None, device: Device, language: str) -> None:
    visitor = browse.visit(device, language=language)
    for address in OUTSIDE:
        page = visitor.goto(address)
        assert page.locator("html").get_attribute("lang") == language
        assert_accessible(page)


@pytest.mark.parametrize(("device", "language"), LOOKS)
def test_pages_of_the_settings(browse: Browsing, alice: User, device: Device, language: str) -> None:
    alice.language = language
    alice.save()
    visitor = browse.sign_in(alice, device)
    for address in INSIDE:
        page = visitor.goto(address)
        assert page.locator("html").get_attribute("lang") == language
        assert_accessible(page)


@pytest.mark.parametrize("device", ["wide", "narrow"])
def test_second_step_switched_on(browse: Browsing, alice: User, device: Device) -> None:
    set_up_totp(alice)
    RecoveryCodes.activate(alice)
    page = browse.sign_in(alice, device).goto("/account/2fa/")
    assert page.locator(".setting-line.on").count() == 2
    assert_accessible(page)


def test_an_error_stands_beside_its_field_and_is_tied_to_it(browse: Browsing, db: None) -> None:
    page = browse.visit().goto("/account/login/")
    page.fill("[name=login]", "alice@example")  # good enough for the browser, not for the server
    page.fill("[name=password]", PASSWORD)
    page.locator("main form .btn.primary").click()
    field = page.locator("[name=login]")
    expect(field).to_have_attribute("aria-invalid", "true")
    described = page.locator(f"#{field.get_attribute('aria-describedby')}")
    assert described.inner_text().strip() != ""
    assert field.input_value() == "alice@example"
    assert_accessible(page)


def test_a_password_can_be_looked_at(browse: Browsing, db: None) -> None:
    page = browse.visit().goto("/account/login/")
    reveal = page.locator("[data-reveal]")
    reveal.click()
    assert page.locator("[name=password]").get_attribute("type") == "text"
    assert reveal.get_attribute("aria-pressed") == "true"
    reveal.click()
    assert page.locator("[name=password]").get_attribute("type") == "password"


def test_what_needs_scripts_is_absent_without_them(browse: Browsing, db: None) -> None:
    page = browse.visit(script=False).goto("/account/login/")
    assert page.locator("[data-reveal]").is_hidden()
    assert page.locator("#passkey_login").is_hidden()
    assert page.locator("noscript p").is_visible()  # "Passkeys need JavaScript."


def test_a_passkey_opens_the_door_under_the_strict_policy(browse: Browsing, alice: User) -> None:
    visitor = browse.sign_in(alice)
    page = visitor.goto("/account/2fa/webauthn/add/")
    page.fill("[name=password]", PASSWORD)  # a change as grave as this asks once more
    page.locator("main form .btn.primary").click()
    device = visitor.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.fill("[name=name]", "Laptop")
    page.check("[name=passwordless]")
    page.click("#mfa_webauthn_add")
    expect(page.locator(".toast").first).to_be_visible()
    page = visitor.goto("/account/2fa/webauthn/")
    expect(page.get_by_role("heading", name="Laptop")).to_be_visible()
    assert_accessible(page)
    page = visitor.goto("/account/logout/")
    page.locator("main form .btn.primary").click()
    page = visitor.goto("/account/login/")
    page.click("#passkey_login")
    page.wait_for_url("**/inbox/")
