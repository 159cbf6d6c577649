"""The master patient index, consent, and who may see whom."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.core.fields import EncryptedTextField
from alliance.core.identifiers import IdType
from alliance.core.masking import mask_name
from alliance.core.models import Public
from alliance.institutions.models import Institution
from alliance.people.choices import Sex

from .choices import AccessReason, ConsentGiver, ConsentMethod, ConsentPurpose
from .querysets import ConsentQuerySet, PatientQuerySet


class Patient(Public):
    """One person in the master index. Identifiers are encrypted; `id_digest` finds them."""

    name = models.CharField(_("name"), max_length=50)
    pinyin = models.CharField(max_length=50, blank=True, editable=False)
    sex = models.CharField(_("sex"), max_length=12, choices=Sex)
    birth_date = models.DateField(_("date of birth"))
    id_type = models.CharField(_("kind of document"), max_length=2, choices=IdType)
    id_number = EncryptedTextField(_("ID number"), max_length=40)
    id_digest = models.CharField(max_length=64, editable=False)
    phone = EncryptedTextField(_("telephone"), blank=True, max_length=30)
    address = EncryptedTextField(_("address"), blank=True, max_length=200)
    record_number = models.CharField(_("health record number"), max_length=30, blank=True)
    registered_at = models.ForeignKey(
        Institution, models.PROTECT, related_name="+", verbose_name=_("registered at")
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_from", editable=False
    )
    deceased_on = models.DateField(_("died on"), null=True, blank=True)
    version = models.PositiveIntegerField(db_default=1, editable=False)

    objects = PatientQuerySet.as_manager()

    class Meta:
        verbose_name = _("patient")
        verbose_name_plural = _("patients")
        constraints = [
            models.UniqueConstraint(
                fields=["id_type", "id_digest"],
                condition=Q(merged_into=None),
                name="patients_patient_id_once",
                violation_error_message=_("A patient with this ID number is already registered."),
            ),
            models.CheckConstraint(condition=Q(sex__in=Sex.values), name="patients_patient_sex"),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                name="patients_patient_merged_into_other",
            ),
        ]
        indexes = [
            models.Index(fields=["pinyin"], opclasses=["text_pattern_ops"], name="patients_pinyin"),
            models.Index(fields=["name"], opclasses=["text_pattern_ops"], name="patients_name"),
            models.Index(fields=["birth_date", "pinyin"]),
        ]

    def __str__(self) -> str:
        return self.masked_name

    def get_absolute_url(self) -> str:
        """The patient's page."""
        return reverse("patients:detail", args=[self.public_id])

    @property
    def masked_name(self) -> str:
        """The name as lists show it."""
        return mask_name(self.name)

    @classmethod
    def access_rows(cls) -> models.QuerySet[PatientAccess]:
        """Who may see whom, for `visible_to`."""
        return PatientAccess.objects.all()


class PatientAccess(models.Model):
    """An institution that has this patient in its care and may therefore see the record."""

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="accesses")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=12, choices=AccessReason)
    since = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution", "patient"], name="patients_access_once"),
        ]

    def __str__(self) -> str:
        return f"{self.institution_id} → {self.patient_id}"


class Consent(Public):
    """A patient's separate consent to passing the record to a receiver (PIPL art. 23, 29)."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=20, choices=ConsentPurpose)
    receiver = models.ForeignKey(
        Institution, models.PROTECT, related_name="+", verbose_name=_("receiver")
    )
    method = models.CharField(_("how"), max_length=12, choices=ConsentMethod)
    given_by = models.CharField(_("given by"), max_length=12, choices=ConsentGiver)
    given_at = models.DateTimeField(_("given at"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at_institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    withdrawal_reason = models.CharField(max_length=200, blank=True, editable=False)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="patients_consent_withdrawn_pair",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} → {self.receiver}"


class PatientMerge(models.Model):
    """The trace of two entries found to be one person."""

    kept = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    merged = models.OneToOneField(Patient, models.PROTECT, related_name="merge")
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    moved = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("merged")), name="patients_merge_two"),
        ]

    def __str__(self) -> str:
        return f"{self.merged_id} → {self.kept_id}"
