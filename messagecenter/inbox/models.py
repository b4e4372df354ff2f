"""Mailboxes and their rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models.expressions import F, Func, Value
from django.utils.translation import gettext_lazy as _

from accounts.models import Store, User
from messagecenter.datakeys import DataKey


class MailboxQuerySet(models.QuerySet["Mailbox"]):
    def for_user(self, user: User) -> MailboxQuerySet:
        """The mailboxes that this person may read: the own one, and those of the stores he works for."""
        return self.filter(models.Q(user=user) | models.Q(store__memberships__user=user))

    def owned_by(self, *, user_ids: Iterable[int], store_ids: Iterable[int]) -> MailboxQuerySet:
        return self.filter(models.Q(user__in=sorted(user_ids)) | models.Q(store__in=sorted(store_ids)))


class MailboxManager(models.Manager.from_queryset(MailboxQuerySet)):  # type: ignore[misc]
    def of(self, *, user: User | None = None, store: Store | None = None) -> Mailbox:
        """This person's or this store's mailbox, made with its data key when it is first needed."""
        found = self.filter(user=user, store=store).first()
        return found or self.make_missing(
            user_ids=[user.id] if user else [], store_ids=[store.id] if store else []
        ).get(user=user, store=store)

    def make_missing(self, *, user_ids: Iterable[int], store_ids: Iterable[int]) -> MailboxQuerySet:
        """Makes the mailboxes that do not exist yet, and returns all. Two processes at once make one."""
        users, stores = sorted(set(user_ids)), sorted(set(store_ids))  # one order everywhere: no deadlock
        wanted = self.owned_by(user_ids=users, store_ids=stores)
        have = set(wanted.values_list("user_id", "store_id"))
        pairs = [(user, None) for user in users] + [(None, store) for store in stores]
        missing = [pair for pair in pairs if pair not in have]
        if missing:
            with transaction.atomic():
                keys = DataKey.objects.make_many(len(missing))
                made = [
                    self.model(user_id=user, store_id=store, data_key=key)
                    for (user, store), key in zip(missing, keys, strict=True)
                ]
                self.bulk_create(made, ignore_conflicts=True)
                # Where another process was first, its key counts and ours goes.
                unused = DataKey.objects.filter(id__in=[key.id for key in keys], mailbox=None)
                unused._raw_delete(unused.db)
        found: MailboxQuerySet = wanted.all()
        return found


class Mailbox(models.Model):
    """The inbox of one person or of one store (shared by its team)."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="mailbox")
    store = models.OneToOneField(Store, models.CASCADE, null=True, related_name="mailbox")
    data_key = models.OneToOneField(DataKey, models.PROTECT, related_name="mailbox")
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = MailboxManager()

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        constraints = [
            models.CheckConstraint(
                name="mailbox_has_one_owner",
                condition=models.Q(user__isnull=False, store__isnull=True)
                | models.Q(user__isnull=True, store__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"mailbox {self.id}"


class Category(models.IntegerChoices):
    """The tabs (IN-2). A store reads SELLERS as "Buyers" and has no offers."""

    ORDERS = 1, _("Orders")
    SELLERS = 2, _("Sellers")
    PLATFORM = 3, _("Platform")
    OFFERS = 4, _("Offers")


class State(models.IntegerChoices):
    INBOX = 0, _("Inbox")
    ARCHIVED = 1, _("Archive")
    TRASHED = 2, _("Trash")
    SPAM = 3, _("Spam")


class Source(models.IntegerChoices):
    """What a row stands for. `source_id` is that table's id, checked by the service that writes the row."""

    ORDER = 1, _("Order")
    NOTICE = 2, _("Notice")
    CONVERSATION = 3, _("Conversation")
    CAMPAIGN = 4, _("Campaign")


class EntryQuerySet(models.QuerySet["Entry"]):
    def for_mailbox(self, mailbox_id: int) -> EntryQuerySet:
        return self.filter(mailbox_id=mailbox_id)


class Entry(models.Model):
    """One row of one mailbox, complete: the list page reads one index range of this table, joins nothing.

    No foreign-key constraints: three of them cut fan-out from 176,000 to 36,000 rows a second (DESIGN,
    Speed). Every unique constraint begins with the mailbox, so that the table can be partitioned by it.
    `payload` is sealed for `entry_place(...)`; None where the row's words stand in its notice or campaign.
    """

    pk = models.CompositePrimaryKey("mailbox_id", "id")
    id = models.BigIntegerField(
        db_default=Func(Value("messagecenter_entry_ids"), function="nextval"), editable=False
    )
    mailbox = models.ForeignKey(
        Mailbox, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    source = models.PositiveSmallIntegerField(choices=Source.choices)
    source_id = models.BigIntegerField()
    category = models.PositiveSmallIntegerField(choices=Category.choices)
    state = models.PositiveSmallIntegerField(
        choices=State.choices, default=State.INBOX, db_default=State.INBOX
    )
    unread = models.BooleanField(default=True, db_default=True)
    has_attachment = models.BooleanField(default=False, db_default=False)
    active_at = models.DateTimeField()
    payload = models.BinaryField(null=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("inbox row")
        verbose_name_plural = _("inbox rows")
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "source", "source_id"], name="entry_source_once")
        ]
        indexes = [
            # The list, newest activity first, of a state (inbox, archive, trash), and of one tab of it.
            models.Index("mailbox", "state", F("active_at").desc(), F("id").desc(), name="entry_list"),
            models.Index(
                "mailbox", "state", "category", F("active_at").desc(), F("id").desc(), name="entry_tab"
            ),
            models.Index(
                fields=["mailbox", "category"], name="entry_unread", condition=models.Q(unread=True, state=0)
            ),
        ]

    def __str__(self) -> str:
        return f"entry {self.id}"


def entry_place(mailbox_id: int, source: int, source_id: int) -> str:
    """Where an entry's payload is sealed for: known before the row has its id."""
    return f"entry:{mailbox_id}:{source}:{source_id}:payload"
