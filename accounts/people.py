"""Who you are: one account per person, known by e-mail address."""

from __future__ import annotations

from typing import Any, ClassVar
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.duties import Duty
from accounts.zones import zone_or_default


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("“%(name)s” is not a time zone."), params={"name": name})


def display_name(user: User) -> str:
    """What allauth's pages and mails call somebody to himself."""
    return user.get_full_name() or user.email


def person_of(request: HttpRequest) -> User:
    """Whoever is signed in. Raises PermissionDenied for a visitor: such a view wants `login_required`."""
    if isinstance(request.user, User):
        return request.user
    raise PermissionDenied


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)  # None: unusable, until its owner sets one by e-mail
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(_("e-mail address"))
    first_name = models.CharField(_("first name"), max_length=80, blank=True)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    # The marketplace's own name for this customer, as its events bear it.
    marketplace_id = models.CharField(_("customer number"), max_length=64, null=True, blank=True, unique=True)
    # What it last told of him (see accounts.provisioning): a field still equal to it follows its events.
    marketplace_profile = models.JSONField(default=dict, blank=True, editable=False)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES, default="en")
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[validate_time_zone]
    )
    is_staff = models.BooleanField(_("may open the administration"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                violation_error_message=_("This e-mail address is taken."),
            )
        ]

    def __str__(self) -> str:
        return self.email

    def get_short_name(self) -> str:
        return self.first_name

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def shown_name(self) -> str:
        """What the other side may see: a name, never the address (CO-6)."""
        return self.get_full_name() or str(_("A customer"))

    @property
    def zone(self) -> ZoneInfo:
        return zone_or_default(self.time_zone)

    @cached_property
    def group_names(self) -> frozenset[str]:
        """The colleague's groups, asked for once; a buyer or seller has none, and no statement asks."""
        return frozenset(self.groups.values_list("name", flat=True)) if self.is_staff else frozenset()

    @property
    def is_moderator(self) -> bool:
        return self._works_as(Duty.MODERATORS)

    @property
    def is_service(self) -> bool:
        return self._works_as(Duty.SERVICE)

    def _works_as(self, duty: Duty) -> bool:
        return self.is_active and (self.is_superuser or duty in self.group_names)
