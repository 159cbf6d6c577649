"""Contests, key doctors and simulation centres (三个一): tables of this room."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.catalogue.models import Technique
from alliance.core.models import Public
from alliance.institutions.models import Alliance, DateRange, Institution
from alliance.people.models import Practitioner

from .querysets import ContestQuerySet, ContestResultQuerySet, PostQuerySet

_PERIOD = (DateRange("valid_from", "valid_until", RangeBoundary()), RangeOperators.OVERLAPS)
_AFTER = Q(valid_until=None) | Q(valid_until__gt=F("valid_from"))
_ORDER = _("The end must be after the start.")


class Contest(Public):
    """A skills contest of an alliance (技能竞赛); one that was called off stays with the reason."""

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="contests")
    name = models.CharField(_("contest name"), max_length=100)
    held_on = models.DateField(_("held on"))
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="+", verbose_name=_("held at")
    )
    technique = models.ForeignKey(
        Technique, models.PROTECT, null=True, blank=True, verbose_name=_("technique")
    )
    hours = models.DecimalField(
        _("education hours for taking part"),
        max_digits=5,
        decimal_places=1,
        default=0,
        validators=[MinValueValidator(0)],
    )
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)
    cancel_reason = models.CharField(_("reason"), max_length=200, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ContestQuerySet.as_manager()

    class Meta:
        verbose_name = _("skills contest")
        verbose_name_plural = _("skills contests")
        constraints = [
            models.UniqueConstraint(
                fields=["alliance", "held_on", "name"],
                condition=Q(cancelled_at=None),
                name="courses_contest_once",
                violation_error_code="name",
                violation_error_message=_("This contest is entered already."),
            ),
            models.CheckConstraint(
                condition=Q(hours__gte=0, hours__lte=500), name="courses_contest_hours"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancel_reason="")
                | (Q(cancelled_at__isnull=False) & ~Q(cancel_reason="")),
                name="courses_contest_cancelled",
            ),
        ]
        indexes = [
            models.Index(fields=["alliance", "-held_on", "-id"], name="courses_contest_latest")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The contest's page."""
        return reverse("courses:contest", args=[self.public_id])


class ContestResult(models.Model):
    """What one practitioner reached in a contest."""

    contest = models.ForeignKey(Contest, models.PROTECT, related_name="results")
    practitioner = models.ForeignKey(
        Practitioner, models.PROTECT, related_name="+", verbose_name=_("practitioner")
    )
    rank = models.PositiveSmallIntegerField(_("rank"), null=True, blank=True)
    score = models.DecimalField(_("score"), max_digits=6, decimal_places=2, null=True, blank=True)
    award = models.CharField(_("award"), max_length=40, blank=True)

    objects = ContestResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("contest result")
        verbose_name_plural = _("contest results")
        ordering = [F("rank").asc(nulls_last=True), "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "practitioner"],
                name="courses_contestresult_once",
                violation_error_code="practitioner",
                violation_error_message=_("This practitioner's result is entered already."),
            ),
            models.CheckConstraint(
                condition=Q(rank=None) | Q(rank__gte=1), name="courses_contestresult_rank"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.practitioner}: {self.contest}"


class KeyDoctor(Public):
    """A doctor on whom an institution builds its technique, for a period (骨干医师)."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="key_doctors")
    practitioner = models.ForeignKey(
        Practitioner, models.PROTECT, related_name="+", verbose_name=_("practitioner")
    )
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("key doctor")
        verbose_name_plural = _("key doctors")
        constraints = [
            models.CheckConstraint(
                condition=_AFTER,
                name="courses_keydoctor_period",
                violation_error_code="valid_until",
                violation_error_message=_ORDER,
            ),
            ExclusionConstraint(
                name="courses_keydoctor_no_overlap",
                expressions=[
                    ("institution", RangeOperators.EQUAL),
                    ("practitioner", RangeOperators.EQUAL),
                    _PERIOD,
                ],
                violation_error_code="practitioner",
                violation_error_message=_("This practitioner is a key doctor here already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution}: {self.practitioner}"


class SimulationCentre(Public):
    """Where an institution trains by simulation, for a period (模拟培训中心)."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="simulation_centres")
    name = models.CharField(_("name of the centre"), max_length=60)
    equipment = models.CharField(_("equipment"), max_length=200, blank=True)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("simulation centre")
        verbose_name_plural = _("simulation centres")
        constraints = [
            models.CheckConstraint(
                condition=_AFTER,
                name="courses_simulationcentre_period",
                violation_error_code="valid_until",
                violation_error_message=_ORDER,
            ),
            ExclusionConstraint(
                name="courses_simulationcentre_no_overlap",
                expressions=[("institution", RangeOperators.EQUAL), _PERIOD],
                violation_error_code="name",
                violation_error_message=_("This institution has a simulation centre already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution}: {self.name}"
