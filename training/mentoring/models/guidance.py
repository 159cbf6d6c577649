"""Guidance sessions: an expert guides colleagues on site or over the network."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.catalogue.models import Technique
from alliance.core import expressions
from alliance.core.models import Public
from alliance.institutions.models import Alliance, Institution
from alliance.people.models import Practitioner
from training.logbook.models import Case

from ..choices import Mode
from ..querysets import GuidanceQuerySet
from .mentorships import Mentorship

MINUTES_MOST = 1440


class MomentRange(expressions.MomentRange):
    """Under the name that this room's migrations know."""


class GuidanceSession(Public):
    """One session of guidance, on site or remote, with its minutes and the cases it was about (指导).

    `institution` is where the colleagues who were guided work. A session entered in error is struck
    out with the reason and counts no longer.
    """

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="guidance_sessions")
    mentor = models.ForeignKey(
        Practitioner, models.PROTECT, related_name="guidance_given", verbose_name=_("mentor")
    )
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="+", verbose_name=_("guided institution")
    )
    mentorship = models.ForeignKey(
        Mentorship,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions",
        verbose_name=_("mentorship"),
    )
    technique = models.ForeignKey(
        Technique,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("technique"),
    )
    mode = models.CharField(_("mode"), max_length=10, choices=Mode)
    starts_at = models.DateTimeField(_("began"))
    ends_at = models.DateTimeField(_("ended"))
    minutes = models.TextField(
        _("minutes of the session"),
        max_length=4000,
        help_text=_("What was done, what was found, what to do next. No names of patients."),
    )
    participants = models.ManyToManyField(
        Practitioner, related_name="guidance_received", verbose_name=_("who was guided")
    )
    cases = models.ManyToManyField(
        Case, blank=True, related_name="guidance", verbose_name=_("cases")
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    struck_at = models.DateTimeField(null=True, editable=False)
    struck_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    struck_reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = GuidanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("guidance session")
        verbose_name_plural = _("guidance sessions")
        constraints = [
            models.CheckConstraint(
                condition=Q(mode__in=Mode.values), name="mentoring_guidancesession_mode"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="mentoring_guidancesession_period",
                violation_error_code="ends_at",
                violation_error_message=_("The end must be after the start."),
            ),
            models.CheckConstraint(
                condition=Q(struck_at=None, struck_by=None, struck_reason="")
                | Q(~Q(struck_reason=""), struck_at__isnull=False, struck_by__isnull=False),
                name="mentoring_guidancesession_struck_whole",
            ),
            # The same session is entered once, and nobody guides at two places at a time.
            ExclusionConstraint(
                name="mentoring_guidancesession_no_overlap",
                expressions=[
                    ("mentor", RangeOperators.EQUAL),
                    (
                        MomentRange("starts_at", "ends_at", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(struck_at=None),
                violation_error_code="starts_at",
                violation_error_message=_("The mentor already guided somebody at that time."),
            ),
        ]
        indexes = [
            models.Index(fields=["alliance", "-starts_at", "-id"], name="mentoring_guid_alliance"),
            models.Index(fields=["institution", "-starts_at", "-id"], name="mentoring_guid_house"),
            models.Index(fields=["mentor", "-starts_at", "-id"], name="mentoring_guid_mentor"),
        ]

    def __str__(self) -> str:
        return f"{self.mentor} {self.starts_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        """The session's page."""
        return reverse("mentoring:session", args=[self.public_id])
