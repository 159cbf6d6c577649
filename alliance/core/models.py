"""Tables that every room uses: policy, ledger, outbox, idempotency, imports, saved views."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .choices import ImportState
from .querysets import (
    AuditEntryQuerySet,
    ImportJobQuerySet,
    PolicySettingQuerySet,
    SavedViewQuerySet,
)


class TimeStamped(models.Model):
    """When a row was made and last changed."""

    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        abstract = True


class Public(TimeStamped):
    """A row that people and other systems name by an unguessable id."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


class PolicySetting(models.Model):
    """One value of one policy from one date on, for one alliance (or for all, as the default).

    Where a room lets institutions decide for themselves, a row may be one institution's; its value
    null then means: again as the alliance. Rows are never changed: a new value is a new row, so the
    history is the table.
    """

    alliance = models.ForeignKey(
        "institutions.Alliance", models.PROTECT, null=True, blank=True, related_name="policies"
    )
    institution = models.ForeignKey(
        "institutions.Institution", models.PROTECT, null=True, blank=True, related_name="policies"
    )
    key = models.CharField(_("setting"), max_length=80)
    value = models.JSONField(_("value"))
    effective_from = models.DateField(_("in force from"))
    source = models.CharField(_("source"), max_length=300)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = PolicySettingQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy setting")
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="core_policysetting_source"),
            models.CheckConstraint(
                condition=Q(alliance=None) | Q(institution=None), name="core_policysetting_place"
            ),
        ]
        indexes = [
            models.Index(fields=["alliance", "key", "-effective_from", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"


class AuditEntry(models.Model):
    """One line of the ledger: who did what to which thing, when. Append-only by trigger."""

    at = models.DateTimeField(_("at"), db_default=Now())
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    institution = models.ForeignKey(
        "institutions.Institution", models.PROTECT, null=True, related_name="+"
    )
    action = models.CharField(_("action"), max_length=60)
    subject_type = models.CharField(_("kind of thing"), max_length=60)
    subject_id = models.CharField(_("thing"), max_length=60)
    data = models.JSONField(_("details"), default=dict)
    request_id = models.CharField(max_length=40, default="-")
    ip = models.GenericIPAddressField(null=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger entry")
        indexes = [
            models.Index(fields=["-at", "-id"]),
            models.Index(fields=["subject_type", "subject_id", "-at", "-id"]),
            models.Index(fields=["actor", "-at", "-id"]),
            models.Index(fields=["action", "-at", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type}:{self.subject_id}"


class LedgerSeal(models.Model):
    """The link of one ledger entry in the hash chain: SHA-256 of the last link and the entry.

    `id` is the position in the chain, given by the sealer, without gaps.
    """

    id = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(AuditEntry, models.PROTECT, related_name="seal")
    digest = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("ledger seal")

    def __str__(self) -> str:
        return f"{self.entry_id}: {bytes(self.digest).hex()[:12]}"


class OutboxMessage(models.Model):
    """An effect promised in a transaction, carried out after it (notices, e-mail, webhooks)."""

    topic = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    available_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("outbox message")
        indexes = [
            models.Index(
                fields=["available_at", "id"],
                condition=Q(done_at=None, given_up_at=None),
                name="core_outbox_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} #{self.pk}"


class IdempotencyKey(models.Model):
    """The answer already given to a create request, so that a retry gets the same one."""

    scope = models.CharField(max_length=120)
    key = models.CharField(max_length=120)
    fingerprint = models.CharField(max_length=64)
    answer = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now(), editable=False, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "key"], name="core_idempotencykey_once"),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"


class ImportJob(Public):
    """One uploaded table: dry run first, then all rows or none."""

    kind = models.CharField(_("what"), max_length=40)
    file_name = models.CharField(_("file"), max_length=200)
    file = models.FileField(upload_to="imports/%Y/%m/")
    state = models.CharField(
        _("state"), max_length=20, choices=ImportState, db_default=ImportState.UPLOADED
    )
    alliance = models.ForeignKey(
        "institutions.Alliance", models.PROTECT, null=True, related_name="+"
    )
    institution = models.ForeignKey(
        "institutions.Institution", models.PROTECT, null=True, related_name="+"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    summary = models.JSONField(default=dict)
    errors = models.JSONField(default=list)
    finished_at = models.DateTimeField(null=True)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ImportState.values), name="core_importjob_state"
            ),
        ]
        indexes = [models.Index(fields=["created_by", "-id"])]

    def __str__(self) -> str:
        return f"{self.kind}: {self.file_name}"


class SavedView(TimeStamped):
    """A list's filters that somebody keeps under a name."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    view = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(max_length=1000)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "view", "name"], name="core_savedview_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name
