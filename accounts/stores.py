"""Stores and their teams (SD-1)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.people import User


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    MANAGER = "manager", _("Manager")
    AGENT = "agent", _("Agent")
    READER = "reader", _("Read-only")


class StoreQuerySet(models.QuerySet["Store"]):
    def for_user(self, user: User) -> StoreQuerySet:
        return self.filter(memberships__user=user)


class Store(models.Model):
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("name in addresses"), max_length=80, unique=True)
    # The marketplace's own name for this seller, as its events bear it.
    marketplace_id = models.CharField(_("seller number"), max_length=64, unique=True)
    marketplace_profile = models.JSONField(default=dict, blank=True, editable=False)  # as a person's
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    team = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="accounts.Membership", related_name="stores"
    )

    objects = StoreQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        verbose_name = _("store")
        verbose_name_plural = _("stores")

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def for_user(self, user: User) -> MembershipQuerySet:
        """The places this person has in teams, each with its store."""
        return self.filter(user=user).select_related("store")

    def of_store(self, store: Store) -> MembershipQuerySet:
        """A store's team with its people: by role as the roles are listed, then by name."""
        rank = models.Case(
            *(models.When(role=role, then=place) for place, role in enumerate(Role.values)),
            output_field=models.SmallIntegerField(),
        )
        return (
            self.filter(store=store)
            .select_related("user")
            .order_by(rank, "user__first_name", "user__last_name", "id")
        )


class Membership(models.Model):
    store = models.ForeignKey(Store, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=8, choices=Role.choices)
    joined_at = models.DateTimeField(_("joined"), auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("team member")
        verbose_name_plural = _("team members")
        constraints = [models.UniqueConstraint(fields=["store", "user"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.store} · {self.get_role_display()}"

    @property
    def may_write(self) -> bool:
        return self.role != Role.READER

    @property
    def may_manage_team(self) -> bool:
        return self.role in (Role.OWNER, Role.MANAGER)
