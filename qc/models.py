"""Runs of scheduled checks, and what they found."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import MD5, Cast, Concat, Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Severity
from alliance.core.models import Public
from alliance.institutions.models import Alliance, DateRange, Institution

from .choices import RunState
from .querysets import CheckRunQuerySet, FindingQuerySet

_WEIGHT = Case(
    *[When(severity=severity, then=Value(place)) for place, severity in enumerate(Severity)],
    default=Value(0),
    output_field=models.SmallIntegerField(),
)
# What a finding is about as one short key: four columns, three of them texts, cost three times as much.
_END = Value("\x1f")
_THING = Cast(
    MD5(
        Concat(
            Cast("alliance", models.TextField()), _END, "check_code", _END, "subject", _END, "facet"
        )
    ),
    models.UUIDField(),
)


class CheckRun(Public):
    """One check of one alliance for one day: asked for, and how it went."""

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="check_runs")
    check_code = models.CharField(_("check"), max_length=60)
    day = models.DateField(_("for the day"))
    state = models.CharField(
        _("state"), max_length=10, choices=RunState, db_default=RunState.WAITING
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    available_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    found = models.PositiveIntegerField(_("found"), default=0)
    opened = models.PositiveIntegerField(_("newly wrong"), default=0)
    cleared = models.PositiveIntegerField(_("right again"), default=0)
    last_error = models.TextField(_("error"), blank=True)

    objects = CheckRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("run of a check")
        verbose_name_plural = _("runs of checks")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RunState.values), name="qc_run_state"),
            models.CheckConstraint(
                condition=Q(state=RunState.WAITING, finished_at=None)
                | Q(~Q(state=RunState.WAITING), finished_at__isnull=False),
                name="qc_run_finished_when",
            ),
            models.UniqueConstraint(
                fields=["alliance", "check_code", "day"],
                condition=Q(state=RunState.WAITING),
                name="qc_run_one_waiting",
            ),
        ]
        indexes = [
            models.Index(fields=["alliance", "-created_at", "-id"], name="qc_run_newest"),
            models.Index(
                fields=["alliance", "check_code", "day"],
                condition=Q(state=RunState.DONE),
                name="qc_run_done",
            ),
            models.Index(
                fields=["available_at"], condition=Q(state=RunState.WAITING), name="qc_run_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.check_code} {self.day}"


class Finding(Public):
    """What a check found wrong with a thing, from the day it was seen until it was right again.

    The sentence, its evidence and its weight are those of the day it was opened. A thing that goes
    wrong again gets a new finding that points to the one before.
    """

    # No index of its own where another begins with the column, or where nobody looks by it: a night
    # opens many thousands.
    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="findings", db_index=False)
    check_code = models.CharField(_("check"), max_length=60)
    subject = models.CharField(_("thing"), max_length=60)
    facet = models.CharField(max_length=40, blank=True)
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        related_name="findings",
        verbose_name=_("institution"),
        db_index=False,
    )
    severity = models.CharField(_("severity"), max_length=10, choices=Severity)
    weight = models.GeneratedField(
        expression=_WEIGHT, output_field=models.SmallIntegerField(), db_persist=True
    )
    citation = models.CharField(_("citation"), max_length=300, blank=True)
    evidence = models.JSONField(_("evidence"), default=dict)
    due_on = models.DateField(_("mend by"), null=True)
    opened_on = models.DateField(_("wrong since"))
    cleared_on = models.DateField(_("right again since"), null=True)
    opened_by = models.ForeignKey(CheckRun, models.PROTECT, related_name="+")
    cleared_by = models.ForeignKey(
        CheckRun, models.PROTECT, null=True, related_name="+", db_index=False
    )
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", db_index=False
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="findings",
        verbose_name=_("owner"),
    )
    waived_until = models.DateField(_("waived until"), null=True)
    waived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    waiver_reason = models.CharField(_("reason of the waiver"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        constraints = [
            models.CheckConstraint(
                condition=Q(severity__in=Severity.values), name="qc_finding_severity"
            ),
            models.CheckConstraint(
                condition=Q(cleared_on=None, cleared_by=None)
                | Q(cleared_on__gte=F("opened_on"), cleared_by__isnull=False),
                name="qc_finding_cleared_after_opened",
            ),
            models.CheckConstraint(
                condition=Q(waived_until=None, waived_by=None, waiver_reason="")
                | Q(~Q(waiver_reason=""), waived_until__isnull=False, waived_by__isnull=False),
                name="qc_finding_waiver_whole",
            ),
            # One finding per thing and day: what makes any number of runs give the same answer.
            ExclusionConstraint(
                name="qc_finding_once_a_day",
                expressions=[
                    (_THING, RangeOperators.EQUAL),
                    (
                        DateRange("opened_on", "cleared_on", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        indexes = [
            models.Index(
                fields=["institution", "-weight", "-id"],
                condition=Q(cleared_on=None),
                name="qc_finding_house_open",
            ),
            models.Index(
                fields=["alliance", "-weight", "-id"],
                condition=Q(cleared_on=None),
                name="qc_finding_alliance_open",
            ),
            models.Index(fields=["institution", "-opened_on", "-id"], name="qc_finding_house"),
            models.Index(fields=["alliance", "check_code", "subject"], name="qc_finding_thing"),
        ]

    def __str__(self) -> str:
        return f"{self.check_code} {self.subject}"

    def get_absolute_url(self) -> str:
        """The finding's page."""
        return reverse("qc:finding", args=[self.public_id])
