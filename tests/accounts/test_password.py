"""Passwords: reset by mail, change, and what either does to sessions elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core.mail import EmailMessage
from django.test import Client

from accounts.models import User
from tests.cast import PASSWORD, make_person

NEW = "quite-Another-91"
RESET, CHANGE = "/account/password/reset/", "/account/password/change/"


def link_in(mail: EmailMessage) -> str:
    found = re.search(r"http://testserver(/account/password/reset/key/\S+)", str(mail.body))
    assert found, mail.body
    return found[1]


def follow(browser: Client, link: str, password: str = NEW) -> None:
    page = browser.get(link, follow=True)
    assert page.status_code == 200
    form = page.redirect_chain[-1][0]
    assert link.rsplit("-", 1)[-1] not in form  # no token in the address of a page that could leak it
    browser.post(form, {"password1": password, "password2": password})


def is_signed_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def test_a_reset_ends_every_session_and_tells_the_owner(alice: User, mailoutbox: list[EmailMessage]) -> None:
    elsewhere, here = Client(), Client()
    elsewhere.post("/account/login/", {"login": alice.email, "password": PASSWORD})
    assert elsewhere.get("/account/profile/").status_code == 200

    here.post(RESET, {"email": "ALICE@example.org"})
    follow(here, link_in(mailoutbox[0]))
    assert is_signed_in(here)
    assert elsewhere.get("/account/profile/").status_code == 302
    alice.refresh_from_db()
    assert alice.check_password(NEW)
    assert mailoutbox[1].to == [alice.email]
    assert "was changed by way of a link" in mailoutbox[1].body


def test_a_link_works_once_and_not_after_another_change(alice: User, mailoutbox: list[EmailMessage]) -> None:
    Client().post(RESET, {"email": alice.email})
    link = link_in(mailoutbox[0])
    follow(Client(), link)
    again = Client().get(link, follow=True)
    assert b"password1" not in again.content


@pytest.mark.django_db
def test_who_came_by_an_order_gets_in_by_a_reset_alone(mailoutbox: list[EmailMessage]) -> None:
    """No password, no verified address: the mail that he opened verifies it."""
    user = User.objects.create_user("prov@example.org", first_name="Prov", language="fr")
    assert not user.has_usable_password()
    browser = Client()
    browser.post(RESET, {"email": "prov@example.org"})
    follow(browser, link_in(mailoutbox[0]))
    assert is_signed_in(browser)
    address = EmailAddress.objects.get(user=user)
    assert (address.email, address.verified, address.primary) == ("prov@example.org", True, True)
    browser.post("/account/logout/")
    browser.post("/account/login/", {"login": "prov@example.org", "password": NEW})
    assert is_signed_in(browser)


@pytest.mark.django_db
def test_a_mail_is_written_in_its_readers_language(mailoutbox: list[EmailMessage]) -> None:
    make_person("Prov", language="fr")
    Client().post(RESET, {"email": "prov@example.org"}, headers={"accept-language": "en"})
    Client().post(RESET, {"email": "nobody@example.org"}, headers={"accept-language": "en"})
    assert "Bonjour Prov" in mailoutbox[0].body
    assert "Hello," in mailoutbox[1].body


def test_known_and_unknown_addresses_get_the_same_page(alice: User, mailoutbox: list[EmailMessage]) -> None:
    answers = [Client().post(RESET, {"email": email}) for email in (alice.email, "nobody@example.org")]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, RESET + "done/")}
    assert [mail.to for mail in mailoutbox] == [[alice.email], ["nobody@example.org"]]
    assert "/account/signup/" in mailoutbox[1].body


def test_no_link_goes_to_an_address_that_is_not_the_accounts_own(
    alice: User, mailoutbox: list[EmailMessage]
) -> None:
    """A slip of the keyboard must not hand the account to whoever owns the mistyped address."""
    EmailAddress.objects.create(user=alice, email="alcie@example.org", verified=False)
    Client().post(RESET, {"email": "alcie@example.org"})
    assert "/account/password/reset/key/" not in mailoutbox[0].body


def test_a_closed_account_gets_no_link(alice: User, mailoutbox: list[EmailMessage]) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    Client().post(RESET, {"email": alice.email})
    assert "/account/password/reset/key/" not in mailoutbox[0].body


def test_a_change_ends_the_other_sessions_and_keeps_this_one(
    alice: User, mailoutbox: list[EmailMessage]
) -> None:
    here, elsewhere = Client(), Client()
    for browser in (here, elsewhere):
        browser.post("/account/login/", {"login": alice.email, "password": PASSWORD})
    answer = here.post(CHANGE, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert answer.status_code == 302
    assert here.get("/account/profile/").status_code == 200
    assert elsewhere.get("/account/profile/").status_code == 302
    assert UserSession.objects.filter(user=alice).count() == 1
    assert "Your password was changed" in mailoutbox[0].body


def test_a_change_needs_the_old_password(alice: User, signed_in: Callable[[User], Client]) -> None:
    page = signed_in(alice).post(CHANGE, {"oldpassword": "wrong", "password1": NEW, "password2": NEW})
    assert "This is not your current password" in page.content.decode()
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def test_an_address_changes_only_after_its_code(alice: User, mailoutbox: list[EmailMessage]) -> None:
    browser = Client()
    browser.post("/account/login/", {"login": alice.email, "password": PASSWORD})
    asked = browser.post("/account/email/", {"email": "new@example.org", "action_add": ""})
    assert asked["Location"].startswith("/account/reauthenticate/")  # something important: prove it is you
    browser.post(asked["Location"], {"password": PASSWORD})
    assert [mail.to for mail in mailoutbox] == [["new@example.org"]]
    alice.refresh_from_db()
    assert alice.email == "alice@example.org"

    code = re.search(r"^\s+([A-Z]{4}-[A-Z]{4})$", str(mailoutbox[0].body), re.MULTILINE)
    assert code
    browser.post("/account/confirm-email/", {"code": code[1]})
    alice.refresh_from_db()
    assert alice.email == "new@example.org"
    assert list(EmailAddress.objects.filter(user=alice).values_list("email", "verified", "primary")) == [
        ("new@example.org", True, True)
    ]
    told = {mail.to[0] for mail in mailoutbox if "changed from" in mail.body}
    assert told == {"alice@example.org"}


def test_nobody_takes_anothers_address(alice: User, bob: User, mailoutbox: list[EmailMessage]) -> None:
    browser = Client()
    browser.post("/account/login/", {"login": alice.email, "password": PASSWORD})
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    answer = browser.post("/account/email/", {"email": bob.email, "action_add": ""})
    assert answer["Location"] == "/account/confirm-email/"  # as for an address that nobody has
    code = re.search(r"^\s+([A-Z]{4}-[A-Z]{4})$", str(mailoutbox[0].body), re.MULTILINE)
    if code:
        browser.post("/account/confirm-email/", {"code": code[1]})
    alice.refresh_from_db()
    bob.refresh_from_db()
    assert (alice.email, bob.email) == ("alice@example.org", "bob@example.org")
