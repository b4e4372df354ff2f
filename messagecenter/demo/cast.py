"""Writes the demo's people, stores and teams into the database. Doing it again changes nothing."""

from __future__ import annotations

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction

from accounts.models import Membership, Store, User
from messagecenter.demo.catalogue import STORES
from messagecenter.demo.people import CAST, COUNTRIES, TEAMS, Person, buyers


@transaction.atomic
def settle_people(*, password: str, totp_secret: str) -> int:
    """Makes whoever is missing; returns how many that were.

    All share one password, and one hash of it: to hash it for each would take half a minute. Whoever works
    in the administration also gets the second factor `totp_secret`, without which it opens to nobody.
    """
    people = (*CAST, *TEAMS, *buyers())
    there = set(
        User.objects.filter(email__in=[person.email for person in people]).values_list("email", flat=True)
    )
    missing = [person for person in people if person.email not in there]
    if missing:
        _make_people(missing, hashed=make_password(password), totp_secret=totp_secret)
    for spec in STORES:
        Store.objects.get_or_create(marketplace_id=spec.id, defaults={"name": spec.name, "slug": spec.slug})
    _join_teams(person for person in missing if person.roles)
    return len(missing)


def _make_people(people: Iterable[Person], *, hashed: str, totp_secret: str) -> None:
    for person in people:
        user = User.objects.create(
            email=person.email,
            password=hashed,
            first_name=person.first_name,
            last_name=person.last_name,
            marketplace_id=person.id or None,
            language=person.language,
            time_zone=COUNTRIES[person.country].time_zone,
            is_staff=bool(person.group) or person.superuser,
            is_superuser=person.superuser,
        )
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        if person.group:
            user.groups.add(Group.objects.get(name=person.group))
        if user.is_staff and not Authenticator.objects.filter(user=user).exists():
            TOTP.activate(user, totp_secret)


def _join_teams(people: Iterable[Person]) -> None:
    for person in people:
        for store_id, role in person.roles:
            Membership.objects.create(
                store=Store.objects.get(marketplace_id=store_id),
                user=User.objects.get(email=person.email),
                role=role,
            )
