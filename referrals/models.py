"""Referrals, their history, attachments and alerts. No workflow here: see workflow.py, actions.py."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from alliance.catalogue.choices import TechniqueGrade
from alliance.catalogue.models import Disease, Technique
from alliance.core.fields import EncryptedTextField
from alliance.core.models import Public
from alliance.institutions.choices import Direction
from alliance.institutions.models import Alliance, Department, Institution, Specialty
from alliance.institutions.querysets import InForceQuerySet
from alliance.patients.models import Consent, Patient
from alliance.people.models import Practitioner

from .choices import AlertLevel, Clock, InfectionFlag, Move, Outcome, Purpose, Status, Urgency
from .querysets import AttachmentQuerySet, ReferralEventQuerySet, ReferralQuerySet
from .workflow import FINAL, OPEN

User = settings.AUTH_USER_MODEL
# Legs that occupy the patient: one at a time per specialty.
OCCUPYING = sorted(OPEN - {Status.BACK_REFERRED})


class Referral(Public):
    """One leg of a patient's way: up, down or lateral. `parent` links redirects, bounces, ways back.

    A draft keeps what was typed, however incomplete, in `form_data` (encrypted); the columns are
    filled when it is submitted.
    """

    number = models.CharField(_("number"), max_length=24, unique=True)
    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    is_back_leg = models.BooleanField(_("way back"), default=False)
    direction = models.CharField(_("direction"), max_length=10, choices=Direction)
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency)
    status = models.CharField(
        _("status"), max_length=20, choices=Status, db_default=Status.DRAFT, editable=False
    )
    version = models.PositiveIntegerField(db_default=1, editable=False)

    sender = models.ForeignKey(
        Institution, models.PROTECT, related_name="+", verbose_name=_("sender")
    )
    sender_department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    sender_doctor = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+")
    receiver = models.ForeignKey(
        Institution, models.PROTECT, null=True, related_name="+", verbose_name=_("receiver")
    )
    receiver_department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    receiver_doctor = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+")
    specialty = models.ForeignKey(Specialty, models.PROTECT, null=True, related_name="+")
    patient = models.ForeignKey(
        Patient, models.PROTECT, null=True, related_name="referrals", verbose_name=_("patient")
    )
    consent = models.ForeignKey(Consent, models.PROTECT, null=True, related_name="referrals")
    diagnosis = models.ForeignKey(
        Disease, models.PROTECT, null=True, related_name="+", verbose_name=_("main diagnosis")
    )
    technique = models.ForeignKey(
        Technique, models.PROTECT, null=True, related_name="+", verbose_name=_("technique")
    )
    grade = models.CharField(_("grade"), max_length=10, choices=TechniqueGrade, blank=True)
    purpose = models.CharField(
        _("purpose"), max_length=20, choices=Purpose, default=Purpose.TREATMENT
    )

    # The national referral form (国家基本公共卫生服务规范 2017, 双向转诊单).
    preliminary_impression = models.TextField(_("preliminary impression"), blank=True)
    present_illness = models.TextField(_("present illness (reason for referral)"), blank=True)
    past_history = models.TextField(_("past history"), blank=True)
    treatment_given = models.TextField(_("treatment given"), blank=True)
    contact_phone = models.CharField(_("referring doctor's telephone"), max_length=30, blank=True)
    # … and of the way back (回转单).
    diagnosis_result = models.TextField(_("diagnosis result"), blank=True)
    inpatient_number = models.CharField(_("inpatient record number"), max_length=30, blank=True)
    main_results = models.TextField(_("main examination results"), blank=True)
    rehabilitation_advice = models.TextField(
        _("next treatment and rehabilitation advice"), blank=True
    )
    stability = models.TextField(_("stability"), blank=True)
    # What the platform adds.
    indication = models.TextField(_("indication"), blank=True)
    allergies = models.TextField(_("allergies"), blank=True)
    current_medicines = models.TextField(_("current medicines"), blank=True)
    infection_flag = models.CharField(
        _("infection"), max_length=10, choices=InfectionFlag, default=InfectionFlag.UNKNOWN
    )
    infection_note = models.CharField(_("infection details"), max_length=200, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True)
    summary = models.TextField(_("summary of care"), blank=True)

    # Clock: whose, until when. Recomputable from the events (rules.py).
    holder = models.ForeignKey(Institution, models.PROTECT, null=True, related_name="+")
    clock = models.CharField(_("clock"), max_length=16, choices=Clock, blank=True)
    state_since = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(_("due"), null=True)
    next_alert_at = models.DateTimeField(null=True)
    decision_left = models.PositiveIntegerField(null=True)
    paperwork_due_at = models.DateTimeField(_("paperwork due"), null=True)
    reserved_at = models.DateTimeField(_("appointment"), null=True)
    reserved_place = models.CharField(_("place"), max_length=100, blank=True)
    expected_at = models.DateTimeField(_("expected arrival"), null=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True)
    sent_at = models.DateTimeField(_("reached the receiver"), null=True)
    closed_at = models.DateTimeField(_("ended"), null=True)
    followed_up_at = models.DateTimeField(null=True)
    next_follow_up_on = models.DateField(_("next follow-up"), null=True)

    form_data = EncryptedTextField(blank=True, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="referrals_status"),
            models.CheckConstraint(
                condition=Q(urgency__in=Urgency.values), name="referrals_urgency"
            ),
            models.CheckConstraint(
                condition=Q(direction__in=Direction.values), name="referrals_direction"
            ),
            models.CheckConstraint(
                condition=Q(receiver=None) | ~Q(sender=F("receiver")), name="referrals_two_parties"
            ),
            models.CheckConstraint(
                condition=Q(status__in=[Status.DRAFT, Status.CANCELLED])
                | Q(
                    patient__isnull=False,
                    receiver__isnull=False,
                    specialty__isnull=False,
                    submitted_at__isnull=False,
                ),
                name="referrals_complete_once_submitted",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=sorted(FINAL), holder=None, due_at=None, closed_at__isnull=False
                )
                | Q(status__in=sorted(set(Status) - FINAL), holder__isnull=False, closed_at=None),
                name="referrals_somebody_holds_open_legs",
            ),
            models.UniqueConstraint(
                fields=["patient", "specialty"],
                condition=Q(status__in=OCCUPYING),
                name="referrals_one_open_leg",
            ),
        ]
        indexes = [
            models.Index(fields=["sender", "-created_at", "-id"], name="referrals_sent"),
            models.Index(fields=["receiver", "-created_at", "-id"], name="referrals_received"),
            models.Index(fields=["alliance", "-created_at", "-id"], name="referrals_alliance"),
            models.Index(
                fields=["alliance", "status", "-created_at", "-id"], name="referrals_alliance_st"
            ),
            models.Index(
                fields=["sender", "status", "-created_at", "-id"], name="referrals_sent_st"
            ),
            models.Index(
                fields=["receiver", "status", "-created_at", "-id"], name="referrals_received_st"
            ),
            models.Index(fields=["sender", "-updated_at", "-id"], name="referrals_sent_up"),
            models.Index(fields=["receiver", "-updated_at", "-id"], name="referrals_received_up"),
            models.Index(
                fields=["holder", "due_at", "id"],
                condition=Q(due_at__isnull=False),
                name="referrals_holder_due",
            ),
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="referrals_due"
            ),
            models.Index(
                fields=["next_alert_at"],
                condition=Q(next_alert_at__isnull=False),
                name="referrals_next_alert",
            ),
            models.Index(
                fields=["paperwork_due_at"],
                condition=Q(paperwork_due_at__isnull=False),
                name="referrals_paperwork",
            ),
            models.Index(fields=["patient", "-created_at"], name="referrals_patient"),
            # The alliance's overview reads what is open, never what has ended.
            models.Index(
                fields=["alliance", "status", "due_at"],
                condition=Q(closed_at=None),
                name="referrals_open",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The referral's page."""
        return reverse("referrals:detail", args=[self.public_id])


class ReferralDiagnosis(models.Model):
    """A coded diagnosis of a referral; rank 1 is the main one."""

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="diagnoses")
    disease = models.ForeignKey(Disease, models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["referral", "rank"], name="referrals_diagnosis_rank"),
            models.UniqueConstraint(
                fields=["referral", "disease"], name="referrals_diagnosis_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.disease}"


class ReferralEvent(models.Model):
    """One step: who moved the leg, when, why, and whose clock runs from then. Immutable by trigger."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="events")
    version = models.PositiveIntegerField()
    move = models.CharField(max_length=16, choices=Move, blank=True)
    source = models.CharField(max_length=20, choices=Status, blank=True)
    target = models.CharField(max_length=20, choices=Status)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, related_name="+")
    reason_code = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    holder = models.ForeignKey(Institution, models.PROTECT, null=True, related_name="+")
    clock = models.CharField(max_length=16, choices=Clock, blank=True)
    due_at = models.DateTimeField(null=True)

    objects = ReferralEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("referral event")
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(fields=["referral", "version"], name="referrals_event_version"),
            models.CheckConstraint(
                condition=Q(target__in=Status.values), name="referrals_event_to"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.referral_id} v{self.version} {self.move}"


class Attachment(Public):
    """A picture or PDF that travels with a referral; seen by those who see the referral."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="attachments")
    file = models.FileField(upload_to="referrals/%Y/%m/")
    name = models.CharField(_("file name"), max_length=120)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="referrals_attachment_removed_pair",
            ),
            models.UniqueConstraint(
                fields=["referral", "sha256"],
                condition=Q(removed_at=None),
                name="referrals_attachment_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ReasonCode(models.Model):
    """A dated, coded reason that a move may carry."""

    move = models.CharField(_("move"), max_length=16, choices=Move)
    code = models.CharField(_("code"), max_length=40)
    label_zh = models.CharField(_("Chinese"), max_length=60)
    label_en = models.CharField(_("English"), max_length=80)
    needs_text = models.BooleanField(_("needs an explanation"), default=False)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)
    rank = models.PositiveSmallIntegerField(default=0)

    objects = InForceQuerySet.as_manager()

    class Meta:
        verbose_name = _("reason code")
        ordering = ["move", "rank", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["move", "code", "valid_from"], name="referrals_reasoncode_once"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The wording in the reader's language."""
        return self.label_zh if (get_language() or "").startswith("zh") else self.label_en


class ClockAlert(models.Model):
    """That somebody was told of a clock, once per level and run of the clock."""

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="alerts")
    due_at = models.DateTimeField()
    level = models.CharField(max_length=10, choices=AlertLevel)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["referral", "due_at", "level"], name="referrals_alert_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.level}"
