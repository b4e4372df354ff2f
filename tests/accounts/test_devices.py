from __future__ import annotations

import pytest
from django.utils import translation

from accounts.devices import recognise

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
CHROME = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/142.0.0.0 Safari/537.36"
MAC = f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Version/18.5 Safari/605.1.15"
PIXEL = f"Mozilla/5.0 (Linux; Android 10; K) {WEBKIT} Chrome/142.0.0.0 Mobile Safari/537.36"
GALAXY = f"Mozilla/5.0 (Linux; Android 15) {WEBKIT} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36"
IPHONE = (
    f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) {WEBKIT} CriOS/142.0 Mobile/15E148 Safari/604.1"
)
CHROMEBOOK = f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {WEBKIT} Chrome/142.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "words", "mobile"),
    [
        (CHROME, "Chrome on Windows", False),
        (CHROME + " Edg/142.0.0.0", "Edge on Windows", False),
        (CHROME + " OPR/127.0.0.0", "Opera on Windows", False),
        (MAC, "Safari on macOS", False),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux", False),
        (
            "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/142.0.0.0 Safari/537.36",
            "Chrome on ChromeOS",
            False,
        ),
        (PIXEL, "Chrome on Android", True),
        (GALAXY, "Samsung Internet on Android", True),
        (IPHONE, "Chrome on iPhone", True),
        ("curl/8.5.0", "Unknown device", False),
        ("", "Unknown device", False),
    ],
)
def test_a_browser_is_told_as_its_owner_would(agent: str, words: str, mobile: bool) -> None:
    with translation.override("en"):
        device = recognise(agent)
        assert (str(device), device.is_mobile) == (words, mobile)
