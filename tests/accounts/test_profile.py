"""What somebody says of himself: name, language, time zone."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import available_timezones

import pytest
from django.test import Client

from accounts.models import User
from accounts.zones import zone_choices

PROFILE = "/account/profile/"
NEW = {"first_name": "Alix", "last_name": "Arno", "language": "fr", "time_zone": "Europe/Paris"}


def test_it_is_saved_and_said_in_the_new_language(alice: User, signed_in: Callable[[User], Client]) -> None:
    page = signed_in(alice).post(PROFILE, NEW, follow=True)
    alice.refresh_from_db()
    assert (alice.first_name, alice.last_name, alice.language, alice.time_zone) == tuple(NEW.values())
    assert "Vos réglages sont enregistrés." in page.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("first_name", "", "This field is required."),
        ("first_name", "x" * 81, "at most 80 characters"),
        ("language", "de", "not one of the available choices"),
        ("time_zone", "Mars/Olympus", "is not a time zone"),
    ],
)
def test_an_error_stands_beside_its_field_and_what_was_typed_stays(
    alice: User, signed_in: Callable[[User], Client], field: str, value: str, words: str
) -> None:
    page = signed_in(alice).post(PROFILE, NEW | {field: value}).content.decode()
    assert words in page
    assert f'id="id_{field}_error"' in page
    assert 'value="Arno"' in page
    assert "Alice Arnaud" in page  # the header still tells who one is
    alice.refresh_from_db()
    assert alice.last_name == "Arnaud"


def test_nothing_else_of_the_account_can_be_written(alice: User, signed_in: Callable[[User], Client]) -> None:
    signed_in(alice).post(PROFILE, NEW | {"email": "x@example.org", "is_staff": "on", "is_superuser": "on"})
    alice.refresh_from_db()
    assert (alice.email, alice.is_staff, alice.is_superuser) == ("alice@example.org", False, False)


@pytest.mark.parametrize(
    ("language", "group", "label"),
    [
        ("en", "Europe", "London (UTC"),
        ("fr", "Europe", "Londres (UTC"),
        ("fr", "Océan Indien", "La Réunion (UTC+04:00)"),
    ],
)
def test_zones_are_cities_in_the_readers_language(language: str, group: str, label: str) -> None:
    from django.utils import translation

    with translation.override(language):
        groups = dict(zone_choices(language))
    assert any(text.startswith(label) for _name, text in groups[group])


def test_every_choice_is_a_zone_that_the_server_knows() -> None:
    names = [name for _group, choices in zone_choices("en") for name, _label in choices]
    assert len(names) == len(set(names)) > 400
    assert set(names) <= available_timezones()


def test_another_name_of_a_zone_stays_chosen() -> None:
    names = [
        name for _group, choices in zone_choices("en", chosen="Asia/Kolkata") for name, _label in choices
    ]
    assert "Asia/Kolkata" in names
