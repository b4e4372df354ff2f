"""The Jinja2 environment of the inbox's hot rows."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, ngettext
from jinja2 import Environment

from messagecenter.icons import icon


def environment(**options: Any) -> Environment:
    options.pop("autoescape", None)  # Django offers a choice here; there is none
    env = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.i18n"], **options
    )
    env.policies["ext.i18n.trimmed"] = True  # as `manage.py words` reads the templates
    env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.globals["icon"] = icon
    return env
