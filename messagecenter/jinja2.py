"""The Jinja2 environment of the inbox's hot rows."""

from typing import Any

from django.utils.translation import gettext, ngettext
from jinja2 import Environment


def environment(**options: Any) -> Environment:
    env = Environment(
        **{**options, "trim_blocks": True, "lstrip_blocks": True}, extensions=["jinja2.ext.i18n"]
    )
    env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    return env
