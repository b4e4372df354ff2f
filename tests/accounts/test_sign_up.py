"""Sign-up: a code sent to the address opens the account, and nothing tells whether an address is known."""

from __future__ import annotations

import re
from statistics import median
from time import thread_time

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from accounts.provisioning import provision_buyer
from tests.cast import PASSWORD, make_person

SIGN_UP, CODE = "/account/signup/", "/account/confirm-email/"


def form(email: str, **more: str) -> dict[str, str]:
    return {"first_name": "Nia", "last_name": "Novak", "email": email, "password1": PASSWORD, **more}


def code_in(mail: EmailMessage) -> str:
    found = re.search(r"^\s+([A-Z]{4}-[A-Z]{4})$", str(mail.body), re.MULTILINE)
    assert found, mail.body
    return found[1]


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.django_db
def test_the_code_of_the_mail_opens_the_account(client: Client, mailoutbox: list[EmailMessage]) -> None:
    answer = client.post(
        SIGN_UP, form("Nia@Example.org", time_zone="Europe/Paris"), headers={"accept-language": "fr"}
    )
    assert answer.status_code == 302
    assert answer["Location"] == CODE
    assert not is_signed_in(client)
    user = User.objects.get(email="nia@example.org")
    assert (user.first_name, user.last_name, user.language, user.time_zone) == (
        "Nia",
        "Novak",
        "fr",
        "Europe/Paris",
    )
    assert [mail.to for mail in mailoutbox] == [["nia@example.org"]]

    answer = client.post(CODE, {"code": code_in(mailoutbox[0])})
    assert answer.status_code == 302
    assert is_signed_in(client)
    address = EmailAddress.objects.get(user=user)
    assert (address.email, address.verified, address.primary) == ("nia@example.org", True, True)


@pytest.mark.django_db
def test_a_wrong_code_opens_nothing_and_five_end_the_attempt(
    client: Client, mailoutbox: list[EmailMessage]
) -> None:
    client.post(SIGN_UP, form("nia@example.org"))
    for _attempt in range(4):
        answer = client.post(CODE, {"code": "BBBB-BBBB"})
        assert answer.status_code == 200
        assert "This code is not right" in answer.content.decode()
    assert client.post(CODE, {"code": "BBBB-BBBB"})["Location"] == "/account/login/"
    client.post(CODE, {"code": code_in(mailoutbox[0])})
    assert not is_signed_in(client)


@pytest.mark.django_db
def test_an_unverified_account_cannot_sign_in_without_the_code(
    client: Client, mailoutbox: list[EmailMessage]
) -> None:
    make_person("Nia", verified=False)
    answer = client.post("/account/login/", {"login": "nia@example.org", "password": PASSWORD})
    assert answer["Location"] == CODE
    assert not is_signed_in(client)
    client.post(CODE, {"code": code_in(mailoutbox[0])})
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("first_name", "", "This field is required"),
        ("email", "nia@", "valid email address"),
        ("password1", "short", "too short"),
        ("password1", "1029384756102", "entirely numeric"),
        ("password1", "nia.novak@example.org", "too similar"),
        ("last_name", "blue-Kettle-47 singer", "too similar"),
    ],
)
@pytest.mark.django_db
def test_a_form_in_error_says_why_and_keeps_what_was_typed(
    client: Client, field: str, value: str, words: str
) -> None:
    page = client.post(SIGN_UP, form("nia.novak@example.org") | {field: value}).content.decode()
    assert words in page
    assert 'value="Nia"' in page or field == "first_name"
    assert PASSWORD not in page
    assert not User.objects.exists()


def test_a_known_address_gets_the_same_answer_and_another_mail(
    client: Client, alice: User, mailoutbox: list[EmailMessage]
) -> None:
    stranger = Client()
    known, unknown = client.post(SIGN_UP, form(alice.email)), stranger.post(SIGN_UP, form("nia@example.org"))
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    pages = [browser.get(CODE).content.decode() for browser in (client, stranger)]
    pages = [re.sub(r'value="[A-Za-z0-9]{64}"', "", page) for page in pages]  # the form's own token
    assert pages[0].replace(alice.email, "x") == pages[1].replace("nia@example.org", "x")
    assert [mail.to for mail in mailoutbox] == [[alice.email], ["nia@example.org"]]
    assert "has one already" in mailoutbox[0].body
    assert "/account/password/reset/" in mailoutbox[0].body
    # …and the form for the code behaves alike.
    refused = [browser.post(CODE, {"code": "BBBB-BBBB"}).status_code for browser in (client, stranger)]
    assert refused == [200, 200]
    assert User.objects.get(pk=alice.pk).check_password(PASSWORD)


@pytest.mark.parametrize(
    ("address", "known", "unknown"),
    [
        (SIGN_UP, form("alice@example.org"), form("new@example.org")),
        (
            "/account/login/",
            {"login": "alice@example.org", "password": "wrong"},
            {"login": "new@example.org", "password": "wrong"},
        ),
        (
            "/account/login/",
            {"login": "provisioned@example.org", "password": "wrong"},
            {"login": "new@example.org", "password": "wrong"},
        ),
        ("/account/password/reset/", {"email": "alice@example.org"}, {"email": "new@example.org"}),
    ],
    ids=["sign-up", "sign-in", "sign-in without password", "reset"],
)
def test_the_time_an_answer_takes_does_not_tell_a_known_address(
    alice: User, settings: Settings, address: str, known: dict[str, str], unknown: dict[str, str]
) -> None:
    """With real hashing, which is what takes time; one hash more or less is far beyond the bound.

    Processor time of this thread, so that a busy machine does not blur it.
    """
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    settings.ACCOUNT_RATE_LIMITS = False
    alice.set_password(PASSWORD)
    alice.save()
    make_person("Provisioned", password=None, verified=False)

    def seconds(data: dict[str, str], turn: int) -> float:
        # Each time a new person signs up, so that the unknown address stays unknown.
        data = {key: value.replace("new@", f"new{turn}@") for key, value in data.items()}
        browser = Client(REMOTE_ADDR=f"10.0.0.{turn}")
        start = thread_time()
        browser.post(address, data)
        return thread_time() - start

    seconds(known, 0), seconds(unknown, 100)
    pairs = [(seconds(known, turn), seconds(unknown, 100 + turn)) for turn in range(1, 8)]
    known_s, unknown_s = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    hash_s = _time_of_one_hash()
    assert abs(known_s - unknown_s) < hash_s / 2, f"{known_s:.3f} s known, {unknown_s:.3f} s unknown"


def _time_of_one_hash() -> float:
    start = thread_time()
    User().set_password(PASSWORD)
    return thread_time() - start


def test_sign_in_says_the_same_of_a_known_and_an_unknown_address(client: Client, alice: User) -> None:
    answers = [
        client.post("/account/login/", {"login": login, "password": "wrong"})
        for login in (alice.email, "nobody@example.org")
    ]
    words = "E-mail address or password is not right."
    assert [answer.status_code for answer in answers] == [200, 200]
    assert all(words in answer.content.decode() for answer in answers)


@pytest.mark.django_db
def test_somebody_who_signs_up_with_a_foreign_address_never_gets_in(
    mailoutbox: list[EmailMessage], settings: Settings
) -> None:
    """He knows the password he chose, and even so: the owner's reset verifies the address and ends it."""
    settings.ACCOUNT_RATE_LIMITS = False  # or he would soon get no further
    squatter, owner = Client(), Client()
    squatter.post(SIGN_UP, form("victim@example.org"))
    squatter.post("/account/login/", {"login": "victim@example.org", "password": PASSWORD})
    assert not is_signed_in(squatter)

    owner.post(SIGN_UP, form("victim@example.org"))  # "has one already": choose a new password
    owner.post("/account/password/reset/", {"email": "victim@example.org"})
    link = re.search(r"http://testserver(/account/password/reset/key/\S+)", str(mailoutbox[-1].body))
    assert link, mailoutbox[-1].body
    page = owner.get(link[1], follow=True)
    owner.post(page.redirect_chain[-1][0], {"password1": "quite-Another-91", "password2": "quite-Another-91"})
    assert is_signed_in(owner)

    assert not is_signed_in(squatter)
    squatter.get(CODE)
    squatter.post("/account/login/", {"login": "victim@example.org", "password": PASSWORD})
    assert not is_signed_in(squatter)
    user = User.objects.get(email="victim@example.org")
    assert not user.check_password(PASSWORD)


@pytest.mark.django_db
def test_an_order_for_a_squatted_address_takes_the_squatters_password_away(settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    squatter = Client()
    squatter.post(SIGN_UP, form("victim@example.org", first_name="Not the victim"))
    with transaction.atomic():
        user = provision_buyer(
            marketplace_id="customer-9",
            email="victim@example.org",
            first_name="Vic",
            last_name="Tim",
            language="fr",
            time_zone=None,
            told_at=timezone.now(),
        )
    assert (user.first_name, user.has_usable_password()) == ("Vic", False)
    page = squatter.post(
        "/account/login/", {"login": "victim@example.org", "password": PASSWORD}, follow=True
    )
    assert not is_signed_in(squatter)
    assert "Vic" not in page.content.decode()
