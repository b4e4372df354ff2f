"""A marketplace may choose any accent (OP-5): words in it and on it stay legible, in light and in dark."""

from __future__ import annotations

import pytest

from tests.browser import Browsing

ACCENTS = [
    "#1f5fbf",
    "#ffd400",
    "#ff6600",
    "#e60023",
    "#00ff00",
    "#00e5ff",
    "#7b2ff7",
    "#ff00aa",
    "#000000",
    "#ffffff",
]
PAIRS = [
    ("--accent-ink", "--surface"),
    ("--accent-ink", "--bg"),
    ("--accent-ink", "--sunken"),
    ("--accent-ink", "--accent-soft"),
    ("--on-accent", "--accent-fill"),
    ("--text", "--accent-soft"),
    ("--text-3", "--accent-soft"),
    ("--text-3", "--bg"),
    ("--text-3", "--sunken"),
    ("--danger-ink", "--danger-soft"),
    ("--warn-ink", "--warn-soft"),
    ("--ok-ink", "--ok-soft"),
    ("--info-ink", "--info-soft"),
]
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
# The colours as the browser paints them, from which WCAG's relative luminance follows.
MEASURE = """([accents, pairs]) => {
  const pen = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const probe = document.body.appendChild(document.createElement("i"));
  const luminance = (token) => {
    probe.style.color = `var(${token})`;
    pen.fillStyle = getComputedStyle(probe).color;
    pen.fillRect(0, 0, 1, 1);
    const linear = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data].map(linear);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = [];
  for (const accent of accents) {
    document.documentElement.style.setProperty("--accent", accent);
    for (const [ink, ground] of pairs) {
      const [low, high] = [luminance(ink), luminance(ground)].sort((a, b) => a - b);
      found.push([accent, ink, ground, (high + 0.05) / (low + 0.05)]);
    }
  }
  return found;
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_any_accent_stays_legible(browse: Browsing, theme: str) -> None:
    page = browse.visit().goto("/account/login/")
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    found = page.evaluate(MEASURE, [ACCENTS, PAIRS])
    assert len(found) == len(ACCENTS) * len(PAIRS)
    assert [case for case in found if case[3] < LEAST_CONTRAST] == []


def test_a_chosen_theme_overrules_the_systems(browse: Browsing) -> None:
    page = browse.visit().goto("/account/login/")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    chosen = page.evaluate(ground)
    page.emulate_media(color_scheme="dark")
    assert chosen == page.evaluate(ground) != light
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    assert page.evaluate(ground) == light
