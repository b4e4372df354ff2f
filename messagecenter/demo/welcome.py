"""What the demo says when it is ready."""

from __future__ import annotations

import time

from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings

from messagecenter.demo.catalogue import STORES
from messagecenter.demo.state import DemoState
from messagecenter.replay.terminal import BOLD, CYAN, DIM, Terminal

_PEOPLE = (
    ("alice@example.com", "buys: sixty orders, one in every state"),
    ("carol@example.com", "buys, and reads French"),
    ("bob@example.com", f"sells: owner of {STORES[0].name}; buys a little too"),
    ("mireille@example.com", f"sells: owner of {STORES[1].name}, reads French"),
    ("nadia@example.com", f"may only read in {STORES[0].name}"),
    ("mo@example.com", "moderates"),
    ("sam@example.com", "customer service"),
    ("admin@example.com", "may do everything in the administration"),
)


def welcome(url: str, state: DemoState, terminal: Terminal) -> list[str]:
    addresses = (
        ("Inbox", f"{url}/"),
        ("Store desk", f"{url}/stores/{STORES[0].slug}/"),
        ("Administration", f"{url}/admin/"),
        ("Event schema", f"{url}/events/orders/schema.json"),
    )
    title = terminal.paint(str(settings.SITE_NAME), BOLD)
    lines = [f"  {title}", ""]
    lines += [f"  {name:<16} {terminal.paint(address, CYAN)}" for name, address in addresses]
    lines += ["", f"  Everybody's password: {terminal.paint(state.password, BOLD)}", ""]
    lines += [f"  {address:<24} {terminal.paint(what, DIM)}" for address, what in _PEOPLE]
    mail = settings.LOCAL_DIR / "mail"
    command = terminal.paint("manage.py demo --code", BOLD)
    lines += [
        "",
        f"  Colleagues (mo, sam, admin) are asked for a code: {command} tells it,",
        f"  or put the key {state.totp_secret} into an authenticator app.",
        f"  Mails are written into {mail.relative_to(settings.BASE_DIR)}/ and sent nowhere.",
    ]
    return lines


def code_of_the_moment(state: DemoState) -> str:
    """The second step, as an authenticator app would show it."""
    return str(format_hotp_value(hotp_value(state.totp_secret, int(time.time()) // app_settings.TOTP_PERIOD)))
