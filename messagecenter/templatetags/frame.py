"""What every template of ours may use without loading it (settings, TEMPLATES, builtins)."""

from __future__ import annotations

from django import template
from django.template import Context, NodeList
from django.template.base import Parser, Token
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from messagecenter.icons import icon
from messagecenter.site import Site, site

register = template.Library()

# {% icon "box" %}, {% icon "chevron" "flip" %}: the frame holds two dozen; as included templates they took a
# fifth of the inbox page's time.
register.simple_tag(icon, name="icon")


class SteadyNode(template.Node):
    """Its content, made once for each language and each state of the settings."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist
        self._made: dict[tuple[str | None, Site], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        key = get_language(), site()
        if key not in self._made:
            # A context of its own: whatever belongs to one request or one person cannot get in.
            steady = Context({"site": key[1]})
            with steady.bind_template(context.template):
                self._made[key] = self.nodelist.render(steady)
        return self._made[key]


@register.tag
def steady(parser: Parser, token: Token) -> SteadyNode:
    """{% steady %}…{% endsteady %}: words, icons, addresses and settings, nothing of the request.

    Words and addresses took two thirds of the frame's time, the same for everybody at every request.
    """
    nodelist = parser.parse(("endsteady",))
    parser.delete_first_token()
    return SteadyNode(nodelist)
