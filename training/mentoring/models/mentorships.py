"""Who teaches whom, for how long, to what end."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.catalogue.models import Technique
from alliance.core.models import Public
from alliance.institutions.models import Alliance, DateRange, Institution
from alliance.people.models import Practitioner

from ..choices import MentorshipMove, MentorshipStatus
from ..querysets import MentorshipPartQuerySet, MentorshipQuerySet

_HOLDS = Q(status__in=(MentorshipStatus.AGREED, MentorshipStatus.ENDED))
_OVER = Q(status__in=(MentorshipStatus.DECLINED, MentorshipStatus.ENDED))
_BOTH = Q(mentor_agreed_at__isnull=False, mentee_agreed_at__isnull=False)


class Mentorship(Public):
    """One mentor teaches one mentee for a period, in a technique or in general (带教).

    The houses are those of the day it was proposed, so that a later move rewrites no history.
    `valid_until` moves forward when it is ended early; the events keep what was agreed.
    """

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="mentorships")
    mentor = models.ForeignKey(
        Practitioner, models.PROTECT, related_name="mentoring", verbose_name=_("mentor")
    )
    mentee = models.ForeignKey(
        Practitioner, models.PROTECT, related_name="mentored", verbose_name=_("mentee")
    )
    mentor_institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="+", verbose_name=_("mentor's institution")
    )
    mentee_institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="+", verbose_name=_("mentee's institution")
    )
    technique = models.ForeignKey(
        Technique,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="mentorships",
        verbose_name=_("technique"),
    )
    goals = models.TextField(_("goals"), max_length=2000)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), help_text=_("The first day after it."))
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=MentorshipStatus,
        db_default=MentorshipStatus.PROPOSED,
        editable=False,
    )
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    mentor_agreed_at = models.DateTimeField(null=True, editable=False)
    mentor_agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    mentee_agreed_at = models.DateTimeField(null=True, editable=False)
    mentee_agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = MentorshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("mentorship")
        verbose_name_plural = _("mentorships")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=MentorshipStatus.values), name="mentoring_mentorship_status"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from"))
                | Q(status=MentorshipStatus.ENDED, valid_until=F("valid_from")),
                name="mentoring_mentorship_period",
                violation_error_code="valid_until",
                violation_error_message=_("The end must be after the start."),
            ),
            models.CheckConstraint(
                condition=~Q(mentor=F("mentee")),
                name="mentoring_mentorship_two_people",
                violation_error_code="mentee",
                violation_error_message=_("Nobody is their own mentor."),
            ),
            models.CheckConstraint(
                condition=Q(mentor_agreed_at=None, mentor_agreed_by=None)
                | Q(mentor_agreed_at__isnull=False, mentor_agreed_by__isnull=False),
                name="mentoring_mentorship_mentor_pair",
            ),
            models.CheckConstraint(
                condition=Q(mentee_agreed_at=None, mentee_agreed_by=None)
                | Q(mentee_agreed_at__isnull=False, mentee_agreed_by__isnull=False),
                name="mentoring_mentorship_mentee_pair",
            ),
            # Both sides have agreed exactly where it is agreed: nobody is taught unasked.
            models.CheckConstraint(
                condition=(_HOLDS & _BOTH) | (~_HOLDS & ~_BOTH),
                name="mentoring_mentorship_both_agreed",
            ),
            models.CheckConstraint(
                condition=Q(_OVER, ~Q(reason="")) | Q(~_OVER, reason=""),
                name="mentoring_mentorship_reason",
            ),
            # A proposal that nobody answers must not stand in the way of another mentor.
            models.UniqueConstraint(
                "mentor",
                "mentee",
                Coalesce("technique", 0),
                condition=Q(status=MentorshipStatus.PROPOSED),
                name="mentoring_mentorship_one_proposal",
                violation_error_code="mentee",
                violation_error_message=_("The same was already proposed and waits for an answer."),
            ),
            ExclusionConstraint(
                name="mentoring_mentorship_no_overlap",
                expressions=[
                    ("mentee", RangeOperators.EQUAL),
                    (Coalesce("technique", 0), RangeOperators.EQUAL),
                    (
                        DateRange("valid_from", "valid_until", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=_HOLDS,
                violation_error_code="valid_from",
                violation_error_message=_(
                    "The mentee already has a mentor for this in that period."
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["alliance", "-valid_from", "-id"], name="mentoring_by_alliance"),
            models.Index(fields=["mentor_institution", "-valid_from", "-id"], name="mentoring_up"),
            models.Index(
                fields=["mentee_institution", "-valid_from", "-id"], name="mentoring_down"
            ),
            models.Index(fields=["mentor", "valid_until"], name="mentoring_mentor"),
            models.Index(fields=["mentee", "valid_until"], name="mentoring_mentee"),
        ]

    def __str__(self) -> str:
        return f"{self.mentor} → {self.mentee}"

    def get_absolute_url(self) -> str:
        """The mentorship's page."""
        return reverse("mentoring:mentorship", args=[self.public_id])


class MentorshipEvent(models.Model):
    """One step of a mentorship: who did what, when, why. Immutable by trigger."""

    mentorship = models.ForeignKey(Mentorship, models.PROTECT, related_name="events")
    move = models.CharField(max_length=10, choices=MentorshipMove)
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    data = models.JSONField(default=dict)

    objects = MentorshipPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a mentorship")
        verbose_name_plural = _("steps of mentorships")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(move__in=MentorshipMove.values), name="mentoring_mentorshipevent_move"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mentorship_id} {self.move}"
