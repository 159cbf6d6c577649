"""What people reached in exams and at simulation stations, and what a failure makes them owe."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.core.models import Public
from alliance.institutions.models import Alliance, Institution
from alliance.people.models import Practitioner

from ..choices import Metric, StationKind
from ..querysets import (
    ResultQuerySet,
    RetrainingQuerySet,
    StationQuerySet,
    StationResultQuerySet,
)
from .sitting import Attempt, Exam

_HIGHEST = 100


def _user(**more: Any) -> Any:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", **more)


class Assessed(Public):
    """What an assessor saw somebody do, with what proves it; voided with a reason, never changed."""

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="+")
    practitioner = models.ForeignKey(
        Practitioner, models.PROTECT, related_name="+", verbose_name=_("practitioner")
    )
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    held_on = models.DateField(_("on"))
    passed = models.BooleanField(_("passed"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    evidence = models.FileField(upload_to="exams/%Y/%m/", max_length=200, blank=True)
    evidence_name = models.CharField(max_length=120, blank=True)
    voided_at = models.DateTimeField(_("voided"), null=True, blank=True)
    voided_by = _user(null=True, blank=True)
    void_reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        abstract = True


def _void_whole(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(voided_at=None, voided_by=None, void_reason="")
        | Q(~Q(void_reason=""), voided_at__isnull=False, voided_by__isnull=False),
        name=name,
    )


class ExamResult(Assessed):
    """What somebody reached in an exam: of an attempt, or entered by who held it in person."""

    exam = models.ForeignKey(Exam, models.PROTECT, related_name="results", verbose_name=_("exam"))
    attempt = models.OneToOneField(
        Attempt, models.PROTECT, null=True, blank=True, related_name="result"
    )
    score = models.PositiveSmallIntegerField(_("score"))
    assessor = _user(null=True, blank=True, verbose_name=_("assessor"))

    objects = ResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("exam result")
        verbose_name_plural = _("exam results")
        constraints = [
            models.CheckConstraint(
                condition=Q(score__lte=_HIGHEST),
                name="exams_examresult_score",
                violation_error_code="score",
                violation_error_message=_("A score is at most 100."),
            ),
            models.CheckConstraint(
                condition=Q(attempt=None, assessor__isnull=False)
                | Q(attempt__isnull=False, assessor=None),
                name="exams_examresult_source",
            ),
            _void_whole("exams_examresult_void_whole"),
        ]
        indexes = [
            models.Index(fields=["alliance", "-held_on", "-id"], name="exams_result_alliance"),
            models.Index(fields=["institution", "-held_on", "-id"], name="exams_result_house"),
            models.Index(fields=["practitioner", "-held_on", "-id"], name="exams_result_person"),
        ]

    def __str__(self) -> str:
        return f"{self.exam} · {self.practitioner} · {self.score}"

    def get_absolute_url(self) -> str:
        """The result's page."""
        return reverse("exams:result", args=[self.public_id])


class Station(Public):
    """A simulation station of the alliance, and what must be reached there."""

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="stations")
    code = models.SlugField(_("code"), max_length=30)
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=10, choices=StationKind)
    metric = models.CharField(_("measured in"), max_length=10, choices=Metric)
    threshold = models.DecimalField(_("to reach"), max_digits=8, decimal_places=2)
    source = models.CharField(_("source"), max_length=200, blank=True)
    is_verified = models.BooleanField(_("source verified"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = StationQuerySet.as_manager()

    class Meta:
        verbose_name = _("station")
        verbose_name_plural = _("stations")
        constraints = [
            models.UniqueConstraint(
                fields=["alliance", "code"],
                name="exams_station_code_once",
                violation_error_code="code",
                violation_error_message=_("There is a station of this code already."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=StationKind.values), name="exams_station_kind"
            ),
            models.CheckConstraint(
                condition=Q(metric__in=Metric.values), name="exams_station_metric"
            ),
            models.CheckConstraint(
                condition=Q(threshold__gt=0),
                name="exams_station_threshold",
                violation_error_code="threshold",
                violation_error_message=_("Enter a number above zero."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StationResult(Assessed):
    """What somebody reached at a station on a day."""

    station = models.ForeignKey(
        Station, models.PROTECT, related_name="results", verbose_name=_("station")
    )
    value = models.DecimalField(_("value"), max_digits=8, decimal_places=2)
    assessor = _user(verbose_name=_("assessor"))

    objects = StationResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("station result")
        verbose_name_plural = _("station results")
        constraints = [
            models.CheckConstraint(condition=Q(value__gt=0), name="exams_stationresult_value"),
            _void_whole("exams_stationresult_void_whole"),
        ]
        indexes = [
            models.Index(fields=["alliance", "-held_on", "-id"], name="exams_station_alliance"),
            models.Index(fields=["institution", "-held_on", "-id"], name="exams_station_house"),
            models.Index(
                fields=["practitioner", "station", "held_on"], name="exams_station_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.station} · {self.practitioner} · {self.value}"

    def get_absolute_url(self) -> str:
        """The result's page."""
        return reverse("exams:station_result", args=[self.public_id])


class Retraining(Public):
    """What somebody owes after a failed skills exam."""

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="+")
    practitioner = models.ForeignKey(Practitioner, models.PROTECT, related_name="retrainings")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    cause = models.OneToOneField(ExamResult, models.PROTECT, related_name="retraining")
    due_on = models.DateField(_("by"))
    done_on = models.DateField(_("done on"), null=True, blank=True)
    done_by = _user(null=True, blank=True)
    note = models.CharField(_("what was retrained"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = RetrainingQuerySet.as_manager()

    class Meta:
        verbose_name = _("retraining")
        verbose_name_plural = _("retrainings")
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on=None, done_by=None, note="")
                | Q(~Q(note=""), done_on__isnull=False, done_by__isnull=False),
                name="exams_retraining_done_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["alliance", "-due_on", "-id"], name="exams_retraining_alliance"),
            models.Index(fields=["institution", "-due_on", "-id"], name="exams_retraining_house"),
            models.Index(fields=["practitioner", "-due_on"], name="exams_retraining_person"),
        ]

    def __str__(self) -> str:
        return f"{self.practitioner} · {self.due_on}"

    def get_absolute_url(self) -> str:
        """The retraining's page."""
        return reverse("exams:retraining", args=[self.public_id])
