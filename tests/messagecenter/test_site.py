from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.template import Context, Engine, TemplateSyntaxError
from django.test import Client
from django.utils import translation

from accounts.models import Store, User
from messagecenter.environment import read_colour
from messagecenter.inbox.models import Category, Entry, Mailbox
from messagecenter.site import Badge, Navigation, StoreLink, accent, context

Statements = Callable[[int], Any]


def request_of(user: User | AnonymousUser) -> HttpRequest:
    request = HttpRequest()
    request.user = user
    return request


def fill(mailbox: Mailbox, count: int) -> None:
    Entry.objects.bulk_create(
        Entry(
            mailbox_id=mailbox.id,
            source=2,
            source_id=n,
            category=Category.PLATFORM,
            active_at=mailbox.created_at,
        )
        for n in range(1, count + 1)
    )


class TestNavigation:
    def test_a_page_without_a_header_asks_nothing_for_it(
        self, alice: User, django_assert_num_queries: Statements
    ) -> None:
        fill(Mailbox.objects.of(user=alice), 2)
        with django_assert_num_queries(0):
            nav = context(request_of(alice))["nav"]
        with django_assert_num_queries(1):
            assert (nav.unread, nav.stores, nav.badges) == ("2", (), [Badge("own", "2")])

    def test_a_seller_finds_his_stores(self, bob: User, store: Store) -> None:
        fill(Mailbox.objects.of(store=store), 120)
        nav = Navigation(request_of(bob))
        assert nav.stores == (
            StoreLink(
                "Bob's Books", "bobs-books", "/stores/bobs-books/inbox/", "/stores/bobs-books/orders/", "99+"
            ),
        )
        assert nav.unread == ""
        assert nav.badges == [Badge("own", ""), Badge("bobs-books", "99+")]

    def test_a_visitor_has_none(self, django_assert_num_queries: Statements) -> None:
        nav = Navigation(request_of(AnonymousUser()))
        assert nav.header is None
        assert (nav.unread, nav.stores) == ("", ())


class TestTheme:
    def test_it_gives_the_accent(self, client: Client, settings: Any) -> None:
        settings.SITE_ACCENT = "#C0FFEE"
        answer = client.get("/theme.css")
        assert b"--accent:#C0FFEE" in answer.content
        assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
        assert "public" in answer.headers["Cache-Control"]

    @pytest.mark.parametrize(
        "colour", ["red", "#12345", "#1234567", "#12345g", "", "#123456}body{display:none", "#123456\n"]
    )
    def test_what_is_no_colour_never_gets_into_a_stylesheet(self, settings: Any, colour: str) -> None:
        settings.SITE_ACCENT = colour
        with pytest.raises(ImproperlyConfigured):
            accent()

    @pytest.mark.parametrize(("value", "colour"), [("", "#1f5fbf"), ("#ABCDEF", "#ABCDEF")])
    def test_it_is_read_from_the_environment(
        self, monkeypatch: pytest.MonkeyPatch, value: str, colour: str
    ) -> None:
        monkeypatch.setenv("MC_SITE_ACCENT", value)
        assert read_colour("MC_SITE_ACCENT", "#1f5fbf") == colour

    def test_the_program_does_not_start_with_what_is_no_colour(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MC_SITE_ACCENT", "blue")
        with pytest.raises(
            ImproperlyConfigured, match="MC_SITE_ACCENT must be a colour as #1f5fbf, not 'blue'"
        ):
            read_colour("MC_SITE_ACCENT", "#1f5fbf")


class TestSteady:
    """{% steady %}: made once, of the values it names and of nothing else."""

    def render(self, source: str, **values: Any) -> list[str]:
        template = Engine.get_default().from_string(source)
        return [template.render(Context(values | {"turn": turn})) for turn in ("first", "second")]

    def test_it_is_made_once(self) -> None:
        made: list[int] = []
        source = "{% load i18n %}{% steady count=count %}{{ count.bump }}{% endsteady %}"

        class Count:
            @property
            def bump(self) -> int:
                made.append(1)
                return len(made)

        assert self.render(source, count=Count()) == ["1", "1"]

    def test_a_value_that_it_does_not_name_cannot_get_in(self) -> None:
        source = "{% steady name=name %}{{ name }}{{ turn }}{{ request }}{{ user }}{% endsteady %}{{ turn }}"
        assert self.render(source, name="Ann", request="r", user="u") == ["Annfirst", "Annsecond"]

    def test_another_value_is_made_anew(self) -> None:
        assert self.render("{% steady turn=turn %}{{ turn }}{% endsteady %}") == ["first", "second"]

    def test_each_language_and_each_setting_has_its_own(self, settings: Any) -> None:
        source = '{% load i18n %}{% steady %}{% translate "Today" %} {{ site.name }}{% endsteady %}'
        template = Engine.get_default().from_string(source)
        settings.SITE_NAME = "Harbour"
        assert template.render(Context()) == "Today Harbour"
        with translation.override("fr"):
            assert template.render(Context()) == "Aujourd’hui Harbour"
        settings.SITE_NAME = "Quay"
        assert template.render(Context()) == "Today Quay"

    def test_values_are_escaped(self) -> None:
        assert self.render("{% steady a=a %}{{ a }}{% endsteady %}", a="<b>")[0] == "&lt;b&gt;"

    def test_it_takes_names_only(self) -> None:
        with pytest.raises(TemplateSyntaxError):
            Engine.get_default().from_string("{% steady nav %}{% endsteady %}")

    def test_it_keeps_a_bounded_number(self) -> None:
        template = Engine.get_default().from_string("{% steady n=n %}{{ n }}{% endsteady %}")
        for n in range(600):
            template.render(Context({"n": n}))
        assert len(template.nodelist[0]._made) == 500  # type: ignore[attr-defined]


def test_an_icon_is_decorative_and_comes_from_the_sprite() -> None:
    (made, _) = TestSteady().render('{% icon "box" "icon-s" %}')
    assert made == (
        '<svg class="icon icon-s" aria-hidden="true" focusable="false">'
        '<use href="/static/icons/sprite.svg#box"></use></svg>'
    )
