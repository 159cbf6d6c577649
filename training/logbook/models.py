"""Cases performed, their earlier versions, rating scales, and reviews of curves."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.catalogue.models import Technique
from alliance.core.models import Public, TimeStamped
from alliance.institutions.models import Alliance, Institution
from alliance.patients.models import Patient
from alliance.people.models import Practitioner

from .choices import (
    STANDING,
    Act,
    CaseRole,
    CaseStatus,
    ClavienDindo,
    Outcome,
    ReviewCause,
    ReviewDecision,
    Source,
)
from .querysets import (
    CaseDraftQuerySet,
    CaseQuerySet,
    CaseVersionQuerySet,
    CurveReviewQuerySet,
    RatingScaleQuerySet,
)

_COMPLICATIONS = [grade.value for grade in ClavienDindo if grade != ClavienDindo.V]


class RatingScale(Public):
    """A named scale by which a mentor rates how somebody operated, such as OSATS.

    A scale that was used is never changed: a new version of it is a new row. Items are
    `{"code": …, "name": …}`; each is rated from `lowest` to `highest`.
    """

    alliance = models.ForeignKey(
        Alliance, models.PROTECT, null=True, blank=True, related_name="rating_scales"
    )
    code = models.CharField(_("code"), max_length=20)
    edition = models.PositiveSmallIntegerField(_("edition"), default=1)
    name = models.CharField(_("name"), max_length=60)
    items = models.JSONField(_("items"), default=list)
    lowest = models.PositiveSmallIntegerField(_("lowest mark"), default=1)
    highest = models.PositiveSmallIntegerField(_("highest mark"), default=5)
    marks = models.JSONField(_("what the marks mean"), default=dict, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects = RatingScaleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rating scale")
        verbose_name_plural = _("rating scales")
        constraints = [
            models.UniqueConstraint(
                fields=["alliance", "code", "edition"],
                name="logbook_ratingscale_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(highest__gt=F("lowest")), name="logbook_ratingscale_marks"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Case(Public):
    """One performed procedure in a practitioner's logbook (手术/操作病例).

    Until it is confirmed its writer may correct it; a confirmed one is amended, and what it said
    before stays readable (`CaseVersion`).
    """

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="cases")
    technique = models.ForeignKey(
        Technique, models.PROTECT, related_name="cases", verbose_name=_("technique")
    )
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="cases", verbose_name=_("institution")
    )
    performed_on = models.DateField(_("date of the operation"))
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    patient = models.ForeignKey(
        Patient,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("patient"),
    )
    external_case_number = models.CharField(_("hospital case number"), max_length=40, blank=True)
    referral_number = models.CharField(_("number of the referral"), max_length=30, blank=True)
    operator = models.ForeignKey(
        Practitioner, models.PROTECT, related_name="cases", verbose_name=_("operator")
    )
    role = models.CharField(_("role in the operation"), max_length=12, choices=CaseRole)
    supervisor = models.ForeignKey(
        Practitioner,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="supervised_cases",
        verbose_name=_("supervisor"),
    )
    duration_minutes = models.PositiveSmallIntegerField(
        _("duration in minutes"), null=True, blank=True
    )
    is_emergency = models.BooleanField(_("emergency"), default=False)
    converted = models.BooleanField(_("converted to open surgery"), default=False)
    mdt_recorded = models.BooleanField(_("team discussion recorded before"), default=False)
    outcome = models.CharField(
        _("outcome"), max_length=12, choices=Outcome, default=Outcome.GOOD.value
    )
    clavien_dindo = models.CharField(
        _("Clavien-Dindo grade"), max_length=4, choices=ClavienDindo, blank=True, default=""
    )
    scale = models.ForeignKey(
        RatingScale, models.PROTECT, null=True, blank=True, verbose_name=_("rating scale")
    )
    ratings = models.JSONField(_("ratings"), default=dict, blank=True)
    rating = models.DecimalField(
        _("mean rating"), max_digits=4, decimal_places=2, null=True, blank=True
    )
    notes = models.TextField(_("notes"), blank=True, max_length=2000)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.PAGE.value)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=CaseStatus,
        db_default=CaseStatus.RECORDED,
        editable=False,
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    closing_reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints = [
            models.CheckConstraint(condition=Q(role__in=CaseRole.values), name="logbook_case_role"),
            models.CheckConstraint(
                condition=Q(source__in=Source.values), name="logbook_case_source"
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.GOOD, clavien_dindo="")
                | Q(outcome=Outcome.COMPLICATION, clavien_dindo__in=_COMPLICATIONS)
                | Q(outcome=Outcome.DEATH, clavien_dindo=ClavienDindo.V),
                name="logbook_case_outcome_graded",
                violation_error_code="clavien_dindo",
                violation_error_message=_("Give the grade of the complication."),
            ),
            models.CheckConstraint(
                condition=Q(role=CaseRole.INDEPENDENT) | Q(supervisor__isnull=False),
                name="logbook_case_supervised_by_whom",
                violation_error_code="supervisor",
                violation_error_message=_("Say who supervised the operation."),
            ),
            models.CheckConstraint(
                condition=Q(supervisor=None) | ~Q(supervisor=F("operator")),
                name="logbook_case_supervisor_is_other",
                violation_error_code="supervisor",
                violation_error_message=_("Nobody supervises their own operation."),
            ),
            models.CheckConstraint(
                condition=Q(patient__isnull=False) | ~Q(external_case_number=""),
                name="logbook_case_patient_named",
                violation_error_code="external_case_number",
                violation_error_message=_("Choose the patient, or enter the hospital case number."),
            ),
            models.CheckConstraint(
                condition=Q(duration_minutes=None) | Q(duration_minutes__range=(1, 2880)),
                name="logbook_case_duration",
                violation_error_code="duration_minutes",
                violation_error_message=_("Enter 1 to 2880 minutes."),
            ),
            models.CheckConstraint(
                condition=Q(scale=None, rating=None) | Q(scale__isnull=False, rating__isnull=False),
                name="logbook_case_rated_on_a_scale",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="logbook_case_confirmed_pair",
            ),
            models.CheckConstraint(
                condition=Q(status=CaseStatus.CONFIRMED, confirmed_at__isnull=False)
                | Q(status__in=[CaseStatus.RECORDED, CaseStatus.REJECTED], confirmed_at=None)
                | Q(status=CaseStatus.VOID),
                name="logbook_case_confirmed_when",
            ),
            # Says at the same time that a status is one of these four.
            models.CheckConstraint(
                condition=Q(status__in=STANDING, closing_reason="")
                | Q(Q(status__in=[CaseStatus.REJECTED, CaseStatus.VOID]), ~Q(closing_reason="")),
                name="logbook_case_closed_why",
            ),
            models.UniqueConstraint(
                fields=["operator", "technique", "performed_on", "patient"],
                condition=Q(status__in=STANDING, patient__isnull=False),
                name="logbook_case_patient_once",
                violation_error_code="patient",
                violation_error_message=_("This operation is already in the logbook."),
            ),
            models.UniqueConstraint(
                fields=[
                    "operator", "technique", "performed_on", "institution", "external_case_number",
                ],
                condition=Q(status__in=STANDING) & ~Q(external_case_number=""),
                name="logbook_case_number_once",
                violation_error_code="external_case_number",
                violation_error_message=_("This operation is already in the logbook."),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["alliance", "-performed_on", "-id"], name="logbook_case_alliance"),
            models.Index(fields=["institution", "-performed_on", "-id"], name="logbook_case_house"),
            models.Index(fields=["operator", "-performed_on", "-id"], name="logbook_case_operator"),
            models.Index(
                fields=["supervisor", "-performed_on", "-id"],
                condition=Q(supervisor__isnull=False),
                name="logbook_case_supervisor",
            ),
            models.Index(
                fields=["institution", "-performed_on", "-id"],
                condition=Q(status=CaseStatus.RECORDED),
                name="logbook_case_waiting",
            ),
            # Curves and counts of a whole alliance are read off this index alone.
            models.Index(
                fields=["alliance", "operator", "technique", "performed_on", "id"],
                include=["role", "outcome", "clavien_dindo", "converted", "rating"],
                condition=Q(status=CaseStatus.CONFIRMED),
                name="logbook_case_series",
            ),
            models.Index(
                fields=["operator", "technique", "performed_on"],
                include=["role", "outcome", "rating"],
                condition=Q(status=CaseStatus.CONFIRMED),
                name="logbook_case_counted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.technique} {self.performed_on}"

    def get_absolute_url(self) -> str:
        """The case's page."""
        return reverse("logbook:case", args=[self.public_id])


class CaseVersion(models.Model):
    """What was done with a case, and what it said before; never changed, by trigger.

    `number` is the version the case had before the act, `content` its whole content then where the
    act changed any of it.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    act = models.CharField(_("act"), max_length=10, choices=Act)
    source = models.CharField(max_length=10, choices=CaseStatus)
    target = models.CharField(max_length=10, choices=CaseStatus)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    content = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    objects = CaseVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("earlier version of a case")
        verbose_name_plural = _("earlier versions of cases")
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="logbook_caseversion_once"),
            models.CheckConstraint(condition=Q(act__in=Act.values), name="logbook_caseversion_act"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} v{self.number}"


class CaseDraft(TimeStamped):
    """What somebody is typing into the form for a new case, kept so that a lost line loses nothing."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="case_draft")
    content = models.JSONField(default=dict)

    objects = CaseDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft of a case")
        verbose_name_plural = _("drafts of cases")

    def __str__(self) -> str:
        return str(self.user)


class CurveReview(Public):
    """A signal on somebody's curve that a person has to look into: advice asks, a person decides."""

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="curve_reviews")
    practitioner = models.ForeignKey(
        Practitioner, models.PROTECT, related_name="curve_reviews", verbose_name=_("practitioner")
    )
    technique = models.ForeignKey(
        Technique, models.PROTECT, related_name="curve_reviews", verbose_name=_("technique")
    )
    cause = models.CharField(_("signal"), max_length=12, choices=ReviewCause)
    # The case that gave the signal: its place in the row may change when older ones come in late.
    case = models.ForeignKey(Case, models.PROTECT, related_name="reviews")
    case_number = models.PositiveIntegerField(_("at case"))
    opened_at = models.DateTimeField(_("opened"), db_default=Now())
    decision = models.CharField(
        _("decision"), max_length=10, choices=ReviewDecision, blank=True, default=""
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CurveReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review of a curve")
        verbose_name_plural = _("reviews of curves")
        constraints = [
            models.CheckConstraint(
                condition=Q(cause__in=ReviewCause.values), name="logbook_curvereview_cause"
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, decision="")
                | Q(
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                    decision__in=ReviewDecision.values,
                ),
                name="logbook_curvereview_decided_whole",
            ),
            models.UniqueConstraint(
                fields=["practitioner", "technique", "cause", "case"],
                name="logbook_curvereview_once",
            ),
            models.UniqueConstraint(
                fields=["practitioner", "technique", "cause"],
                condition=Q(decided_at=None),
                name="logbook_curvereview_one_open",
            ),
        ]
        indexes = [
            models.Index(fields=["alliance", "-opened_at", "-id"], name="logbook_review_alliance"),
        ]

    def __str__(self) -> str:
        return f"{self.practitioner}: {self.technique}"

    def get_absolute_url(self) -> str:
        """The review's page."""
        return reverse("logbook:review", args=[self.public_id])
