"""Programmes, their versions, stages and what a stage asks for."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.catalogue.choices import TechniqueGrade
from alliance.catalogue.models import Technique
from alliance.core.models import Public
from alliance.institutions.models import Alliance

from ..choices import (
    CourseVariety,
    ExamVariety,
    Need,
    Part,
    ProgrammeKind,
    StageKind,
    Variety,
    VersionStatus,
)
from ..querysets import ProgrammeQuerySet, StageQuerySet, StageRequirementQuerySet, VersionQuerySet


class Programme(Public):
    """What an alliance teaches, and what it leads to (培训项目)."""

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="programmes")
    name = models.CharField(_("programme"), max_length=100)
    kind = models.CharField(_("leads to"), max_length=12, choices=ProgrammeKind)
    technique = models.ForeignKey(
        Technique,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="programmes",
        verbose_name=_("technique"),
    )
    grade = models.CharField(_("grade"), max_length=10, choices=TechniqueGrade, blank=True)
    summary = models.TextField(_("what it is for"), max_length=1000, blank=True)
    # Has a published version and has not been closed.
    is_offered = models.BooleanField(_("offered"), default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=ProgrammeKind.TECHNIQUE, technique__isnull=False, grade="")
                | Q(kind=ProgrammeKind.GRADE, technique=None, grade__in=TechniqueGrade.values)
                | Q(
                    kind__in=[
                        ProgrammeKind.FELLOWSHIP,
                        ProgrammeKind.GATEKEEPER,
                        ProgrammeKind.ENTRY,
                    ],
                    grade="",
                ),
                name="programmes_programme_leads_to",
                violation_error_code="kind",
                violation_error_message=_(
                    "A programme for a technique names the technique, one for a grade the grade."
                ),
            ),
            models.UniqueConstraint(
                fields=["alliance", "name"],
                name="programmes_programme_name_once",
                violation_error_code="name",
                violation_error_message=_("This alliance has a programme of that name."),
            ),
            models.UniqueConstraint(
                fields=["alliance", "technique"],
                condition=Q(kind=ProgrammeKind.TECHNIQUE),
                name="programmes_programme_technique_once",
                violation_error_code="technique",
                violation_error_message=_(
                    "This technique has a programme. Make a new version of it instead."
                ),
            ),
        ]
        indexes = [models.Index(fields=["alliance", "kind", "name", "id"])]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The programme's page."""
        return reverse("programmes:programme", args=[self.public_id])


class ProgrammeVersion(Public):
    """One version of a programme: whoever is enrolled in it stays in it (培训方案版本)."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=VersionStatus,
        db_default=VersionStatus.DRAFT,
        editable=False,
    )
    effective_from = models.DateField(_("in force from"), null=True, blank=True)
    note = models.CharField(_("what is new"), max_length=300, blank=True)
    published_at = models.DateTimeField(null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a programme")
        verbose_name_plural = _("versions of programmes")
        constraints = [
            models.CheckConstraint(
                condition=Q(status=VersionStatus.DRAFT, published_at=None)
                | Q(
                    status=VersionStatus.PUBLISHED,
                    published_at__isnull=False,
                    effective_from__isnull=False,
                ),
                name="programmes_version_published",
            ),
            models.UniqueConstraint(
                fields=["programme", "number"], name="programmes_version_number_once"
            ),
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(status=VersionStatus.DRAFT),
                name="programmes_version_one_draft",
            ),
            models.UniqueConstraint(
                fields=["programme", "effective_from"],
                condition=Q(status=VersionStatus.PUBLISHED),
                name="programmes_version_one_a_date",
                violation_error_code="effective_from",
                violation_error_message=_("Another version takes effect on that date."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} v{self.number}"

    def get_absolute_url(self) -> str:
        """The version's page."""
        return reverse("programmes:version", args=[self.public_id])


class Stage(models.Model):
    """A stage of a version; the next one opens when all before it are passed (培训阶段)."""

    version = models.ForeignKey(ProgrammeVersion, models.CASCADE, related_name="stages")
    kind = models.CharField(_("kind"), max_length=12, choices=StageKind)
    order = models.PositiveSmallIntegerField(_("place"))
    name = models.CharField(_("name of the stage"), max_length=60)

    objects = StageQuerySet.as_manager()

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["version", "order"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=StageKind.values), name="programmes_stage_kind"
            ),
            models.UniqueConstraint(fields=["version", "order"], name="programmes_stage_place"),
        ]

    def __str__(self) -> str:
        return self.name


class StageRequirement(models.Model):
    """What a stage asks for, as data: so much of something (阶段要求).

    A course or an exam is named, or any one of a variety counts. Where cases name no technique,
    those of the enrolment's own technique count.
    """

    stage = models.ForeignKey(Stage, models.CASCADE, related_name="requirements")
    kind = models.CharField(_("asks for"), max_length=12, choices=Need)
    order = models.PositiveSmallIntegerField(_("place"), default=1)
    label = models.CharField(_("in words"), max_length=120)
    minimum = models.DecimalField(_("at least"), max_digits=6, decimal_places=1, default=1)
    course = models.ForeignKey(
        "courses.Course", models.PROTECT, null=True, blank=True, verbose_name=_("course")
    )
    exam = models.ForeignKey(
        "exams.Exam", models.PROTECT, null=True, blank=True, verbose_name=_("exam")
    )
    variety = models.CharField(_("any of"), max_length=12, choices=Variety, blank=True)
    station_code = models.CharField(_("station"), max_length=30, blank=True)
    technique = models.ForeignKey(
        Technique,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("technique"),
    )
    part = models.CharField(_("role"), max_length=12, choices=Part, blank=True)

    objects = StageRequirementQuerySet.as_manager()

    class Meta:
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        ordering = ["stage", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minimum__gt=0),
                name="programmes_requirement_minimum",
                violation_error_code="minimum",
                violation_error_message=_("Enter a number above nought."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind=Need.COURSE, exam=None, station_code="", part="")
                    & (
                        Q(course__isnull=False, variety="")
                        | Q(course=None, variety__in=CourseVariety.values)
                    )
                )
                | (
                    Q(kind=Need.EXAM, course=None, station_code="", part="")
                    & (
                        Q(exam__isnull=False, variety="")
                        | Q(exam=None, variety__in=ExamVariety.values)
                    )
                )
                | (
                    Q(kind__in=[Need.STATION, Need.ANIMAL_CASES])
                    & Q(course=None, exam=None, variety="", part="")
                    & ~Q(station_code="")
                )
                | (
                    Q(kind__in=[Need.CASES, Need.RATING])
                    & Q(course=None, exam=None, variety="", station_code="", part__in=Part.values)
                )
                | (
                    Q(kind__in=[Need.MONTHS, Need.HOURS, Need.SIGN_OFF])
                    & Q(course=None, exam=None, variety="", station_code="", part="")
                ),
                name="programmes_requirement_names",
            ),
        ]

    def __str__(self) -> str:
        return self.label
