"""Real Chromium for the page tests, against the live server of the test.

    def test_the_list(browse: Browsing, alice: User) -> None:
        page = browse.sign_in(alice).goto("/inbox/")
        assert_accessible(page)

A page fails its test by itself where its console shows an error (a blocked inline script or style is one),
where a script throws, or where it asks any other server for anything.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.models import User

Device = Literal["wide", "phone", "narrow"]
DEVICES: dict[Device, dict[str, Any]] = {
    "wide": {"viewport": {"width": 1280, "height": 860}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
    "narrow": {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True},
}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PATIENCE = 10_000  # ms; a busy machine is no reason to fail


def find_chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all page tests. Where none is installed they are skipped, but never in CI."""
    path = find_chromium()
    if path is None:
        reason = "no Chromium on the PATH: install the package chromium to run the page tests"
        if os.environ.get("CI", "").lower() in ("1", "true"):
            pytest.fail(reason)
        pytest.skip(reason)
    # Playwright keeps an event loop running in this thread, which Django takes for asynchronous code.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=sandbox)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@dataclass
class Visitor:
    """One person's browser window. `goto` takes an address of the product, as "/inbox/"."""

    context: BrowserContext
    page: Page
    server: str

    def goto(self, address: str, *, status: int = 200) -> Page:
        response = self.page.goto(self.server + address)
        assert response is not None, f"{address} gave no answer"
        assert response.status == status, f"{address} answered {response.status}"
        return self.page


@dataclass
class Browsing:
    """Opens windows. `complaints` collects what went wrong in them; the fixture asserts that nothing did."""

    browser: Browser
    server: str
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def sign_in(self, user: User, device: Device = "wide", *, script: bool = True) -> Visitor:
        """This person's window, signed in without the sign-in page."""
        visitor = self.visit(device, script=script, language=user.language)
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        visitor.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self.server}])
        return visitor

    def visit(self, device: Device = "wide", *, script: bool = True, language: str = "en") -> Visitor:
        """The window of somebody who is not signed in."""
        context = self.browser.new_context(
            **DEVICES[device], java_script_enabled=script, locale=language, reduced_motion="reduce"
        )
        context.set_default_timeout(PATIENCE)
        context.route("**/*", self._keep_home)
        page = context.new_page()
        page.on("console", lambda message: self._complain(message.type == "error", message.text))
        page.on("pageerror", lambda error: self._complain(True, str(error)))
        self.contexts.append(context)
        return Visitor(context, page, self.server)

    def forgive(self, words: str) -> None:
        """Takes back the complaints that hold these words; fails where there is none."""
        kept = [complaint for complaint in self.complaints if words not in complaint]
        assert len(kept) < len(self.complaints), f"nothing complained of {words!r}: {self.complaints}"
        self.complaints[:] = kept

    def _complain(self, wrong: bool, words: str) -> None:
        if wrong:
            self.complaints.append(words)

    def _keep_home(self, route: Route) -> None:
        if route.request.url.startswith((self.server, "data:", "blob:")):
            route.continue_()
        else:
            self.complaints.append(f"asked another server: {route.request.url}")
            route.abort()


@pytest.fixture
def browse(chromium: Browser, live_server: LiveServer) -> Iterator[Browsing]:
    browsing = Browsing(chromium, live_server.url)
    yield browsing
    for context in browsing.contexts:
        context.close()
    assert browsing.complaints == []


def assert_accessible(page: Page) -> None:
    """axe finds nothing, neither in light nor in dark, and nothing sticks out sideways (WCAG 1.4.10)."""
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
        wrong = [
            f"{theme} {rule['id']}: {node['html'][:200]} ({node['failureSummary']})"
            for rule in found
            for node in rule["nodes"]
        ]
        assert wrong == [], "\n".join(wrong)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    assert_no_overflow(page)


def assert_no_overflow(page: Page) -> None:
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") <= 0, "the page scrolls sideways"
