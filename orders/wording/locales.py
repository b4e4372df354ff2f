"""The reader's locale, as Babel knows it."""

from __future__ import annotations

from functools import cache

from babel import Locale
from django.conf import settings
from django.utils.translation import get_language, to_locale


def current_locale() -> Locale:
    return _parse(get_language() or settings.LANGUAGE_CODE)


@cache
def _parse(language: str) -> Locale:
    return Locale.parse(to_locale(language))
