"""Which institution is admitted for which technique (机构技术准入)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.catalogue.choices import RequirementKind
from alliance.catalogue.models import Technique
from alliance.core.models import Public, TimeStamped
from alliance.institutions.models import Alliance, DateRange, Institution
from alliance.institutions.querysets import InForceQuerySet

from .choices import GRANTED, OPEN, Move, Status, StopCondition
from .querysets import AdmissionQuerySet, AnswerQuerySet


class Admission(Public):
    """An institution's application for a technique, and the admission that came of it.

    The period is half-open. A withdrawal ends it early, so that what counted on a past day still
    shows; an application withdrawn before it was decided has no period.
    """

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="admissions")
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="admissions", verbose_name=_("institution")
    )
    technique = models.ForeignKey(
        Technique, models.PROTECT, related_name="admissions", verbose_name=_("technique")
    )
    status = models.CharField(
        _("status"), max_length=12, choices=Status, db_default=Status.DRAFT, editable=False
    )
    statement = models.TextField(_("statement"), blank=True)
    conditions = models.TextField(_("conditions"), blank=True)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_until = models.DateField(_("until"), null=True, blank=True)
    first_used_on = models.DateField(_("first used on"), null=True, blank=True)
    filing_due = models.DateField(_("file by"), null=True, blank=True)
    filed_on = models.DateField(_("filed on"), null=True, blank=True)
    filing_number = models.CharField(_("filing number"), max_length=60, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(_("submitted"), null=True, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = AdmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("admission")
        verbose_name_plural = _("admissions")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="standards_admission_status"
            ),
            models.CheckConstraint(
                condition=(~Q(status=Status.ADMITTED) | Q(valid_from__isnull=False))
                & (~Q(status__in=(*OPEN, Status.REFUSED)) | Q(valid_from=None, valid_until=None)),
                name="standards_admission_granted",
            ),
            # A withdrawal on the first day leaves an empty period: it never counted.
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="standards_admission_period",
                violation_error_code="valid_until",
                violation_error_message=_("The end must be after the start."),
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="standards_admission_decided_pair",
            ),
            models.CheckConstraint(
                condition=Q(filed_on=None, filing_number="")
                | Q(first_used_on__isnull=False, filed_on__isnull=False),
                name="standards_admission_filed_after_use",
            ),
            models.UniqueConstraint(
                fields=["institution", "technique"],
                condition=Q(status__in=OPEN),
                name="standards_admission_one_open",
                violation_error_code="technique",
                violation_error_message=_("This technique is being applied for already."),
            ),
            ExclusionConstraint(
                name="standards_admission_no_overlap",
                expressions=[
                    ("institution", RangeOperators.EQUAL),
                    ("technique", RangeOperators.EQUAL),
                    (
                        DateRange("valid_from", "valid_until", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(status__in=GRANTED, valid_from__isnull=False),
                violation_error_code="valid_from",
                violation_error_message=_("Another admission counts in that time."),
            ),
        ]
        indexes = [
            models.Index(fields=["alliance", "-created_at", "-id"], name="standards_adm_alliance"),
            models.Index(fields=["institution", "-created_at", "-id"], name="standards_adm_house"),
            models.Index(
                fields=["alliance", "submitted_at", "id"],
                condition=Q(status=Status.SUBMITTED),
                name="standards_adm_inbox",
            ),
            models.Index(fields=["technique", "institution"], name="standards_adm_pair"),
        ]

    def __str__(self) -> str:
        return f"{self.institution}: {self.technique}"

    def get_absolute_url(self) -> str:
        """The admission's page."""
        return reverse("standards:admission", args=[self.public_id])


class AdmissionAnswer(models.Model):
    """One requirement as it was asked when the application began, and what the institution says.

    `known` is what the platform itself counted when the application was submitted.
    """

    admission = models.ForeignKey(Admission, models.CASCADE, related_name="answers")
    place = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("kind"), max_length=20, choices=RequirementKind)
    topic = models.CharField(_("of what"), max_length=60, blank=True)
    minimum = models.PositiveIntegerField(_("at least"))
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    source = models.CharField(_("source"), max_length=200)
    is_verified = models.BooleanField(_("verified"), default=False)
    value = models.PositiveIntegerField(_("what we have"), null=True, blank=True)
    known = models.PositiveIntegerField(_("counted by the platform"), null=True, blank=True)
    proof = models.CharField(_("evidence"), max_length=300, blank=True)
    met = models.GeneratedField(
        expression=Q(value__isnull=False) & Q(value__gte=F("minimum")),  # type: ignore[arg-type]  # a Q is one
        output_field=models.BooleanField(_("met")),
        db_persist=True,
    )

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer of an application")
        verbose_name_plural = _("answers of applications")
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["admission", "kind", "topic"], name="standards_answer_once"
            ),
            models.CheckConstraint(condition=Q(minimum__gte=1), name="standards_answer_minimum"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.topic}: {self.value}"


class AdmissionSuspension(TimeStamped):
    """A time in which an admission does not count, with the condition that stopped it."""

    admission = models.ForeignKey(Admission, models.PROTECT, related_name="suspensions")
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)
    stop_condition = models.CharField(_("stop condition"), max_length=12, choices=StopCondition)
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    restored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    restore_reason = models.CharField(_("why it was restored"), max_length=300, blank=True)

    objects = InForceQuerySet.as_manager()

    class Meta:
        verbose_name = _("suspension of an admission")
        verbose_name_plural = _("suspensions of admissions")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="standards_suspension_period",
                violation_error_code="valid_until",
                violation_error_message=_("The end must be after the start."),
            ),
            models.CheckConstraint(
                condition=Q(stop_condition__in=StopCondition.values) & ~Q(reason=""),
                name="standards_suspension_reason",
            ),
            models.CheckConstraint(
                condition=Q(restored_by=None, restore_reason="")
                | Q(valid_until__isnull=False, restored_by__isnull=False) & ~Q(restore_reason=""),
                name="standards_suspension_restored",
            ),
            ExclusionConstraint(
                name="standards_suspension_no_overlap",
                expressions=[
                    ("admission", RangeOperators.EQUAL),
                    (
                        DateRange("valid_from", "valid_until", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_code="valid_from",
                violation_error_message=_("It is suspended in that time already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.admission} {self.valid_from}"


class AdmissionEvent(models.Model):
    """One move of an admission; never changed."""

    admission = models.ForeignKey(Admission, models.PROTECT, related_name="events")
    move = models.CharField(_("move"), max_length=12, choices=Move)
    source = models.CharField(max_length=12, choices=Status)
    target = models.CharField(max_length=12, choices=Status)
    reason = models.TextField(_("reason"), blank=True)
    data = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("event of an admission")
        verbose_name_plural = _("events of admissions")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    move__in=Move.values, source__in=Status.values, target__in=Status.values
                ),
                name="standards_event_move",
            ),
        ]
        indexes = [models.Index(fields=["admission", "id"], name="standards_event_order")]

    def __str__(self) -> str:
        return f"{self.admission_id} {self.move}"
