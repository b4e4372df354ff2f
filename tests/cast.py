"""The people of the tests, and the small factories that make them.

alice buys, bob sells, carol is a stranger (always 404), mo moderates, sam is customer service.
The fixtures of the same names are in `tests/conftest.py`; make more people with `make_person`.
"""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Group
from django.utils.text import slugify

from accounts.models import Membership, Role, Store, User

PASSWORD = "blue-Kettle-47 sings"  # everybody's


def make_person(
    name: str,
    *,
    email: str = "",
    password: str | None = PASSWORD,
    verified: bool = True,
    group: str = "",
    **fields: object,
) -> User:
    """`name` is "Alice" or "Alice Arnaud"; the address follows from it. A `group` makes it a colleague."""
    first_name, _, last_name = name.partition(" ")
    user = User.objects.create_user(
        email or f"{slugify(first_name)}@example.org",
        password,
        **{
            "first_name": first_name,
            "last_name": last_name,
            "is_staff": bool(group),
            **fields,
        },
    )
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=verified)
    if group:
        user.groups.add(Group.objects.get_or_create(name=group)[0])
    return user


def make_store(name: str, *, owner: User, marketplace_id: str = "") -> Store:
    slug = slugify(name.replace("'", ""))
    store = Store.objects.create(name=name, slug=slug, marketplace_id=marketplace_id or f"seller-{slug}")
    join_team(store, owner, Role.OWNER)
    return store


def join_team(store: Store, user: User, role: Role = Role.AGENT) -> Membership:
    return Membership.objects.create(store=store, user=user, role=role)


def set_up_totp(user: User) -> str:
    """Turns two-step sign-in on for this person; returns the secret that an app makes codes of."""
    secret: str = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret
