"""Accounts and stores that orders bring: made, linked, kept up, never taken over by somebody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Store, User
from accounts.provisioning import BuyerConflictError, provision_buyer, provision_stores
from tests.cast import PASSWORD, make_person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def buyer(told_at: datetime = NOW, **told: Any) -> User:
    return provision_buyer(
        **{
            "marketplace_id": "C-1",
            "email": "Claire@Example.org",
            "first_name": "Claire",
            "last_name": "Martin",
            "language": None,
            "time_zone": None,
            "told_at": told_at,
            **told,
        }
    )


# --- new ---------------------------------------------------------------------------------------------------


def test_new_buyer_has_no_password_and_an_unverified_address() -> None:
    user = buyer(language="fr-CA", time_zone="America/Toronto")
    assert (user.email, user.get_full_name()) == ("claire@example.org", "Claire Martin")
    assert (user.language, user.time_zone) == ("fr", "America/Toronto")
    assert not user.has_usable_password()
    address = EmailAddress.objects.get(user=user)
    assert (address.email, address.primary, address.verified) == ("claire@example.org", True, False)


@pytest.mark.parametrize(
    ("language", "time_zone", "expected"),
    [
        (None, None, ("fr", "Europe/Paris")),
        ("de", "Mars/Olympus_Mons", ("fr", "Europe/Paris")),
        ("EN_gb", "Asia/Tokyo", ("en", "Asia/Tokyo")),
    ],
)
def test_what_the_site_does_not_have_counts_as_its_own(
    language: str | None, time_zone: str | None, expected: tuple[str, str], settings: Settings
) -> None:
    settings.LANGUAGE_CODE, settings.TIME_ZONE = "fr", "Europe/Paris"
    user = buyer(language=language, time_zone=time_zone)
    assert (user.language, user.time_zone) == expected


def test_same_buyer_is_found_again_by_his_id_alone(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    first = buyer()
    with django_assert_num_queries(1):
        assert buyer(email="claire.new@example.org") == first
    first.refresh_from_db()
    assert first.email == "claire@example.org"  # what he signs in with is his own affair


def test_new_buyer_gets_in_by_resetting_his_password(client: Client) -> None:
    user = buyer()
    client.post(reverse("account_reset_password"), {"email": user.email})
    assert [message.to for message in mail.outbox] == [[user.email]]


# --- linked ------------------------------------------------------------------------------------------------


def test_verified_account_is_linked_and_left_as_it_is() -> None:
    alice = make_person("Alice Arnaud", language="en")
    found = buyer(email="ALICE@example.org", first_name="Alicia", language="fr")
    assert found == alice
    alice.refresh_from_db()
    assert alice.marketplace_id == "C-1"
    assert (alice.first_name, alice.language) == ("Alice", "en")
    assert alice.check_password(PASSWORD)
    buyer(NOW + timedelta(days=1), first_name="Alicia", language="fr")
    alice.refresh_from_db()
    assert (alice.first_name, alice.language) == ("Alice", "en")


def test_names_that_are_missing_are_filled_in() -> None:
    alice = make_person("Alice", first_name="", last_name="")
    buyer(email=alice.email, first_name="Alice", last_name="Arnaud")
    alice.refresh_from_db()
    assert alice.get_full_name() == "Alice Arnaud"


def test_whoever_signed_up_with_a_strangers_address_loses_it(client: Client) -> None:
    """Pre-hijacking: the account waits for its victim, with a password that somebody else knows."""
    mallory = make_person(
        "Mallory", email="claire@example.org", verified=False, language="fr", time_zone="Asia/Tokyo"
    )
    client.force_login(mallory)
    UserSession.objects.create(
        user=mallory, session_key=client.session.session_key, ip="192.0.2.1", user_agent="", data={}
    )
    assert buyer(language="en") == mallory
    mallory.refresh_from_db()
    assert not mallory.has_usable_password()
    assert (mallory.get_full_name(), mallory.language) == ("Claire Martin", "en")
    assert not UserSession.objects.filter(user=mallory).exists()
    assert not client.session.get("_auth_user_id")


def test_account_without_any_address_row_counts_as_unverified() -> None:
    made = User.objects.create_user("claire@example.org", PASSWORD)
    buyer()
    made.refresh_from_db()
    assert not made.has_usable_password()
    assert EmailAddress.objects.filter(user=made, verified=False).exists()


def test_colleague_who_buys_keeps_his_password() -> None:
    """Nobody signs up as one; somebody in charge made the account."""
    root = make_person("Root Regis", verified=False, is_staff=True, is_superuser=True)
    assert buyer(email=root.email) == root
    root.refresh_from_db()
    assert root.check_password(PASSWORD)


def test_address_of_another_customer_is_a_conflict() -> None:
    buyer()
    with pytest.raises(BuyerConflictError) as error:
        buyer(marketplace_id="C-2")
    assert str(error.value) == ""
    assert not User.objects.filter(marketplace_id="C-2").exists()


# --- kept up -----------------------------------------------------------------------------------------------


def test_newer_events_are_followed_and_older_ones_are_not() -> None:
    user = buyer()
    buyer(NOW + timedelta(hours=2), last_name="Dubois", language="fr")
    buyer(NOW + timedelta(hours=1), last_name="Petit", language="en")
    user.refresh_from_db()
    assert (user.last_name, user.language) == ("Dubois", "fr")


def test_what_he_changed_himself_is_his_for_good() -> None:
    user = buyer(language="en")
    User.objects.filter(pk=user.pk).update(first_name="Clara", language="fr")
    buyer(NOW + timedelta(hours=1), first_name="Claire-Marie", last_name="Dubois", language="fr")
    user.refresh_from_db()
    assert (user.first_name, user.last_name, user.language) == ("Clara", "Dubois", "fr")
    # The event happens to say what he chose; the next one says otherwise.
    buyer(NOW + timedelta(hours=2), first_name="Clara", language="en")
    buyer(NOW + timedelta(hours=3), first_name="Claire", language="en")
    user.refresh_from_db()
    assert user.first_name == "Clara"


def test_order_of_arrival_is_without_meaning() -> None:
    told = [
        (NOW, {"first_name": "Claire", "language": "fr"}),
        (NOW + timedelta(hours=1), {"first_name": "Clara"}),
        (NOW + timedelta(hours=2), {"first_name": "Chloé", "time_zone": "Europe/Paris"}),
    ]
    ends = set()
    for number, history in enumerate([told, told[::-1], [told[1], told[2], told[0]]]):
        who = {"marketplace_id": f"C-{number}", "email": f"c{number}@example.org"}
        for at, fields in history:
            buyer(at, **who, **fields)
        user = User.objects.get(marketplace_id=f"C-{number}")
        ends.add((user.first_name, user.language, user.time_zone))
    assert ends == {("Chloé", "fr", "Europe/Paris")}


# --- stores ------------------------------------------------------------------------------------------------


def test_stores_are_made_once_with_readable_addresses(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    sellers = {"S-1": "Atelier Nord", "S-2": "Café & Co", "S-3": "!!!"}
    made = provision_stores(sellers=sellers, told_at=NOW)
    assert set(made) == set(sellers)
    assert set(Store.objects.values_list("slug", flat=True)) == {"atelier-nord", "cafe-co", "store"}
    with django_assert_num_queries(1):
        assert provision_stores(sellers=sellers, told_at=NOW) == made


def test_stores_of_the_same_name_are_told_apart() -> None:
    first = provision_stores(sellers={"S-1": "Atelier Nord"}, told_at=NOW)
    both = provision_stores(sellers={"S-2": "Atelier Nord", "S-3": "Atelier  nord!"}, told_at=NOW)
    assert len({*first.values(), *both.values()}) == 3
    slugs = list(Store.objects.order_by("marketplace_id").values_list("slug", flat=True))
    assert slugs[0] == "atelier-nord"
    assert len(set(slugs)) == 3
    assert all(slug.startswith("atelier-nord-") for slug in slugs[1:])


def test_stores_name_is_followed_until_its_owner_changes_it() -> None:
    provision_stores(sellers={"S-1": "Atelier Nord"}, told_at=NOW)
    provision_stores(sellers={"S-1": "Atelier du Nord"}, told_at=NOW + timedelta(days=1))
    provision_stores(sellers={"S-1": "Nord"}, told_at=NOW - timedelta(days=1))
    store = Store.objects.get()
    assert (store.name, store.slug) == ("Atelier du Nord", "atelier-nord")
    Store.objects.update(name="Nordique")
    provision_stores(sellers={"S-1": "Atelier"}, told_at=NOW + timedelta(days=2))
    assert Store.objects.get().name == "Nordique"


def test_no_sellers_no_stores() -> None:
    assert provision_stores(sellers={}, told_at=NOW) == {}
