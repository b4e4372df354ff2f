"""What every template of ours may use without loading it (settings, TEMPLATES, builtins)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from django import template
from django.template import Context, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from messagecenter.icons import icon
from messagecenter.site import site

register = template.Library()

# {% icon "box" %}, {% icon "chevron" "flip" %}: the frame holds two dozen; as included templates they took a
# fifth of the inbox page's time.
register.simple_tag(icon, name="icon")

MOST = 500  # renderings of one piece that a process keeps


class SteadyNode(template.Node):
    """Its content, made once for each language, each state of the settings, and the values it names."""

    def __init__(self, nodelist: NodeList, values: Mapping[str, FilterExpression]) -> None:
        self.nodelist = nodelist
        self.values = values
        self._made: dict[Hashable, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        values = {name: expression.resolve(context) for name, expression in self.values.items()}
        ours = site()
        key = get_language(), ours, *values.values()
        if key not in self._made:
            if len(self._made) >= MOST:
                del self._made[next(iter(self._made))]
            # A context of its own: nothing else of this request or of this person can get in.
            steady = Context({"site": ours, **values})
            steady.template = context.template
            self._made[key] = self.nodelist.render(steady)
        return self._made[key]


@register.tag
def steady(parser: Parser, token: Token) -> SteadyNode:
    """{% steady %}…{% endsteady %}, {% steady nav=nav.header section=section %}…{% endsteady %}

    Made once, and the same for every request with the same values, which must be hashable. Inside there are
    those values, `site`, words, icons and addresses; no request, no user, no form's token. The frame of a
    page took more time than all of its messages.
    """
    bits = token.split_contents()[1:]
    values = token_kwargs(bits, parser)
    if bits:
        raise TemplateSyntaxError(f"steady takes name=value pairs, not {bits[0]!r}")
    nodelist = parser.parse(("endsteady",))
    parser.delete_first_token()
    return SteadyNode(nodelist, values)
