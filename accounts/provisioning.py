"""Accounts and stores that an order brings with it, before anybody has signed up.

A buyer is told by the marketplace's id of him, else by his e-mail address. Such an account has no password;
its owner gets in by resetting it, which proves that the address is his.

What the marketplace tells of somebody is followed as long as he left it alone: each field is remembered with
the value last told and the time of the event; one that no longer has that value was changed by its owner, is
his from then on, and never followed again. Of two events the later one counts, whichever comes first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import TypeVar
from zoneinfo import available_timezones

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.text import slugify

from accounts.people import User
from accounts.sessions import end_sessions
from accounts.stores import Store

Subject = TypeVar("Subject", User, Store)

_NEVER = ""  # when a default was told: before any event


class BuyerConflictError(Exception):
    """The e-mail address is that of another customer of the marketplace."""


def provision_buyer(
    *,
    marketplace_id: str,
    email: str,
    first_name: str,
    last_name: str,
    language: str | None,
    time_zone: str | None,
    told_at: datetime,
) -> User:
    """The account of this buyer, made or linked where it is missing. Within the caller's transaction.

    `language` is a BCP 47 tag, `time_zone` an IANA name; one that the site does not have counts as its own
    first one, None as not told. Raises BuyerConflictError.
    """
    told = {"first_name": first_name, "last_name": last_name}
    if language is not None:
        told["language"] = _spoken(language)
    if time_zone is not None:
        told["time_zone"] = time_zone if time_zone in _zones() else settings.TIME_ZONE
    email = email.lower()
    # Twice: whoever signs up at this moment, or sends the same buyer's other order, may be faster.
    for _attempt in range(2):
        user = _find_buyer(marketplace_id, email) or _create_buyer(marketplace_id, email, told, told_at)
        if user is None:
            continue
        if user.marketplace_id is None:
            user = _link_buyer(user, marketplace_id, told, told_at)
        if user.marketplace_id != marketplace_id:
            break
        return _keep_up(user, told, told_at)
    raise BuyerConflictError


def provision_stores(*, sellers: Mapping[str, str], told_at: datetime) -> dict[str, int]:
    """The stores' ids by the marketplace's ids of the sellers; those that are missing are made.

    `sellers` has their names. Within the caller's transaction.
    """
    stores = _find_stores(sellers)
    for with_digest in (False, True):  # a slug may be another store's
        missing = sorted(sellers.keys() - stores.keys())
        if not missing:
            break
        Store.objects.bulk_create(
            [_new_store(seller, sellers[seller], told_at, with_digest=with_digest) for seller in missing],
            ignore_conflicts=True,
        )
        stores = _find_stores(sellers)
    # In the order of their ids, so that two transactions never wait for each other.
    for seller, store in sorted(stores.items()):
        _keep_up(store, {"name": sellers[seller]}, told_at)
    return {seller: store.id for seller, store in stores.items()}


def _find_buyer(marketplace_id: str, email: str) -> User | None:
    """By id before e-mail."""
    found = User.objects.alias(address=Lower("email")).filter(
        Q(marketplace_id=marketplace_id) | Q(address=email)
    )
    return min(found, key=lambda user: user.marketplace_id != marketplace_id, default=None)


def _create_buyer(marketplace_id: str, email: str, told: Mapping[str, str], told_at: datetime) -> User | None:
    """None where another transaction made an account of this id or address meanwhile."""
    defaults = {"language": settings.LANGUAGE_CODE, "time_zone": settings.TIME_ZONE}
    user = User(
        email=email,
        marketplace_id=marketplace_id,
        marketplace_profile={**_profile(defaults, _NEVER), **_profile(told, _stamp(told_at))},
        **{**defaults, **told},
    )
    user.set_unusable_password()
    User.objects.bulk_create([user], ignore_conflicts=True)
    # Without this row, a reset of the password would not verify the address.
    made = User.objects.filter(marketplace_id=marketplace_id, email=email).first()
    if made is not None:
        _remember_address(made)
    return made


def _link_buyer(user: User, marketplace_id: str, told: Mapping[str, str], told_at: datetime) -> User:
    """An account of this address that no order has met yet, locked, as two orders may come at once.

    Somebody may have signed up with a stranger's address and wait for him to come (pre-hijacking): an
    account whose address was never verified loses its password, its sessions and what was typed into it.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if user.marketplace_id is not None:
        return user
    trusted = user.is_staff or EmailAddress.objects.filter(user=user, verified=True).exists()
    if not trusted:
        user.set_unusable_password()
        end_sessions(user=user)
        _remember_address(user)
    for field, value in told.items():
        if not trusted or not getattr(user, field):
            setattr(user, field, value)
            user.marketplace_profile[field] = {"value": value, "at": _stamp(told_at)}
    user.marketplace_id = marketplace_id
    user.save(update_fields=["marketplace_id", "marketplace_profile", "password", *told])
    return user


def _remember_address(user: User) -> None:
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=user, email=user.email.lower(), primary=True, verified=False)],
        ignore_conflicts=True,
    )


def _find_stores(sellers: Mapping[str, str]) -> dict[str, Store]:
    return {store.marketplace_id: store for store in Store.objects.filter(marketplace_id__in=sellers)}


def _new_store(marketplace_id: str, name: str, told_at: datetime, *, with_digest: bool) -> Store:
    slug = slugify(name)[:60] or "store"
    if with_digest:
        slug = f"{slug}-{hashlib.sha256(marketplace_id.encode()).hexdigest()[:8]}"
    profile = _profile({"name": name}, _stamp(told_at))
    return Store(name=name, slug=slug, marketplace_id=marketplace_id, marketplace_profile=profile)


def _keep_up(subject: Subject, told: Mapping[str, str], told_at: datetime) -> Subject:
    """Looks without a lock, since most events tell nothing new; then again with one."""
    if not _follow(subject, told, told_at):
        return subject
    locked: Subject = type(subject)._default_manager.select_for_update(no_key=True).get(pk=subject.pk)
    if _follow(locked, told, told_at):
        locked.save(update_fields=[*told, "marketplace_profile"])
    return locked


def _follow(subject: User | Store, told: Mapping[str, str], told_at: datetime) -> bool:
    """Takes over what its owner left alone; whether anything of `subject` changed.

    A value that stays the same leaves the row alone: a store's would be locked by each of its orders.
    """
    profile, changed = subject.marketplace_profile, False
    for field, value in told.items():
        known = profile.get(field)
        if (
            known is None
            or known["value"] == value
            or (known["at"], known["value"]) > (_stamp(told_at), value)
        ):
            continue
        changed = True
        if getattr(subject, field) == known["value"]:
            setattr(subject, field, value)
            profile[field] = {"value": value, "at": _stamp(told_at)}
        else:
            del profile[field]
    return changed


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())  # reads the file system each time: 65 ms


def _profile(told: Mapping[str, str], stamp: str) -> dict[str, dict[str, str]]:
    return {field: {"value": value, "at": stamp} for field, value in told.items()}


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _spoken(tag: str) -> str:
    """The site's language nearest to this tag: "fr-CA" is "fr" where the site has no Canadian French."""
    codes = [code for code, _name in settings.LANGUAGES]
    wanted = tag.replace("_", "-").lower()
    while wanted:
        if wanted in codes:
            return wanted
        wanted = wanted.rpartition("-")[0]
    return settings.LANGUAGE_CODE
