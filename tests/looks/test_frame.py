"""The frame around every page: header, menus, toasts, and what stands in it when something goes wrong."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser import Browsing, Device, assert_accessible, assert_no_overflow


def account_menu(page: Page) -> tuple[str, str]:
    return ".top-end details.menu > summary", ".top-end .menu-list"


def test_account_menu_opens_without_scripts(browse: Browsing, alice: User) -> None:
    page = browse.sign_in(alice, script=False).goto("/account/profile/")
    summary, menu = account_menu(page)
    page.click(summary)
    for name in (
        "Message Center",
        "Your orders",
        "Settings",
        "Sign-in and security",
        "Devices and sessions",
        "Sign out",
    ):
        assert page.locator(menu).get_by_text(name, exact=True).is_visible(), name
    assert page.locator(menu).get_by_text("Administration").count() == 0


def test_menus_close_by_escape_by_a_click_outside_and_when_left(browse: Browsing, alice: User) -> None:
    page = browse.sign_in(alice).goto("/account/profile/")
    summary, menu = account_menu(page)
    page.click(summary)
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(page.locator(menu)).to_be_hidden()
    expect(page.locator(summary)).to_be_focused()
    page.click(summary)
    page.locator("main h1").click()
    expect(page.locator(menu)).to_be_hidden()
    page.click(summary)
    page.locator("main input:visible").first.focus()
    expect(page.locator(menu)).to_be_hidden()


@pytest.mark.parametrize("device", ["phone", "narrow"])
def test_menus_on_a_phone_fit_its_screen(browse: Browsing, alice: User, device: Device) -> None:
    page = browse.sign_in(alice, device).goto("/account/profile/")
    for summary in page.locator(".top summary").all():
        if summary.is_visible():
            summary.click()
            assert_no_overflow(page)
            for box in (link.bounding_box() for link in page.locator(".menu-list a:visible").all()):
                assert box is not None
                assert box["x"] >= 0
                assert box["x"] + box["width"] <= page.viewport_size["width"]  # type: ignore[index]


def test_the_language_changes_where_one_is(browse: Browsing, alice: User) -> None:
    page = browse.sign_in(alice, script=False).goto("/account/profile/")
    page.locator(".foot button[value=fr]").click()
    assert page.url.endswith("/account/profile/")
    assert page.locator("html").get_attribute("lang") == "fr"


def test_the_first_tab_skips_to_the_content(browse: Browsing, alice: User) -> None:
    page = browse.sign_in(alice).goto("/account/profile/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def save_profile(page: Page) -> None:
    page.locator("main form .btn.primary").click()


def test_a_toast_leaves_by_itself_but_waits_while_pointed_at(browse: Browsing, alice: User) -> None:
    visitor = browse.sign_in(alice)
    visitor.page.clock.install()
    page = visitor.goto("/account/profile/")
    save_profile(page)
    toast = page.locator(".toast")
    toast.hover()
    page.clock.run_for(15_000)
    expect(toast).to_be_visible()
    page.mouse.move(5, 5)
    page.clock.run_for(11_000)
    expect(toast).to_have_count(0)


def test_a_toast_stays_without_scripts(browse: Browsing, alice: User) -> None:
    page = browse.sign_in(alice, script=False).goto("/account/profile/")
    save_profile(page)
    toast = page.locator(".toast")
    expect(toast).to_be_visible()
    expect(toast.locator("[data-toast-close]")).to_be_hidden()  # once the stylesheet is there
    above, below = toast.bounding_box(), page.locator("main").bounding_box()
    assert above is not None
    assert below is not None
    assert above["y"] + above["height"] <= below["y"]  # not over what one wants to read


@pytest.mark.parametrize("device", ["wide", "narrow"])
def test_what_is_not_there_is_told_inside_the_frame(browse: Browsing, alice: User, device: Device) -> None:
    page = browse.sign_in(alice, device).goto("/nowhere/at/all/", status=404)
    assert page.locator("h1").inner_text() == "Nothing at this address"
    assert_accessible(page)
    browse.forgive("404")


@pytest.mark.parametrize("name", ["500.html", "400.html"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_broken_pages_need_neither_request_nor_database(name: str, language: str) -> None:
    with translation.override(language):
        page = render_to_string(name)
    assert f'<html lang="{language}">' in page
    assert "<h1>" in page


@pytest.mark.parametrize("name", ["403.html", "403_csrf.html", "429.html"])
def test_refusals_stand_in_the_frame(name: str, alice: User) -> None:
    request = RequestFactory().get("/")
    request.user = alice
    page = render_to_string(name, request=request)
    assert "<h1>" in page
    assert 'class="top"' in page
