"""The secrets of two-step sign-in, sealed: a copy of the database lets nobody make codes (SE-1)."""

from __future__ import annotations

import base64

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from messagecenter.sealing import DataKeyBytes, SealingError, new_data_key

PLACE = "second-factor"


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("You need a second step to work here: it cannot be switched off."),
        "cannot_generate_recovery_codes": _("Turn on two-step sign-in first."),
        "incorrect_code": _("This code is not right, or was used already."),
        "unverified_email": _("Verify your e-mail address first."),
    }

    def encrypt(self, text: str) -> str:
        """Sealed under a key of its own, which the current key-encryption key wraps."""
        data_key = new_data_key()
        key_id, wrapped = settings.SEALING_KEYS.wrap(data_key, place=PLACE)
        sealed = DataKeyBytes(data_key).seal({"secret": text}, place=PLACE)
        return ":".join((key_id, _encode(wrapped), _encode(sealed)))

    def decrypt(self, encrypted_text: str) -> str:
        """Raises SealingError where the stored text was altered or its key is not configured."""
        try:
            key_id, wrapped, sealed = encrypted_text.split(":")
        except ValueError as error:
            raise SealingError("not a sealed second factor") from error
        data_key = settings.SEALING_KEYS.unwrap(_decode(wrapped), key_id=key_id, place=PLACE)
        return str(data_key.open(_decode(sealed), place=PLACE)["secret"])

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """A colleague keeps his last second factor where one is required of him."""
        user: User = authenticator.user
        if not (settings.REQUIRE_STAFF_MFA and user.is_staff):
            return True
        others = Authenticator.objects.filter(user=user).exclude(pk=authenticator.pk)
        return bool(others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey") if number == 1 else gettext("Passkey %(number)s") % {"number": number}

    def _get_site_name(self) -> str:
        return str(settings.SITE_NAME)


def _encode(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text)
