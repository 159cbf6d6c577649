"""Dispatch down, rotation up: plan, days present, evaluations, assessment."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.core.models import Public
from alliance.institutions.models import Alliance, DateRange, Department, Institution
from alliance.people.models import PracticeSite, Practitioner

from ..choices import Assessment, Party, PostingKind, PostingMove, PostingStatus
from ..querysets import PostingPartQuerySet, PostingQuerySet


class Posting(Public):
    """One practitioner works at another institution for a time: 派驻 down, 进修 up.

    `valid_from` and `valid_until` are what was planned until it begins and ends, then what was;
    the events keep the plan.
    """

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="postings")
    kind = models.CharField(_("kind"), max_length=10, choices=PostingKind)
    practitioner = models.ForeignKey(
        Practitioner, models.PROTECT, related_name="postings", verbose_name=_("practitioner")
    )
    from_institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="+", verbose_name=_("sending institution")
    )
    to_institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="+", verbose_name=_("receiving institution")
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department"),
    )
    plan = models.TextField(_("plan"), max_length=2000)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), help_text=_("The first day no longer there."))
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=PostingStatus,
        db_default=PostingStatus.PLANNED,
        editable=False,
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    assessment = models.CharField(
        _("assessment"), max_length=10, choices=Assessment, blank=True, editable=False
    )
    assessment_text = models.TextField(_("what it rests on"), max_length=2000, blank=True)
    assessed_at = models.DateTimeField(null=True, editable=False)
    assessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    # Where it gives the right to practise that the person did not have there already.
    sites = models.ManyToManyField(PracticeSite, editable=False, related_name="+")
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=PostingKind.values), name="mentoring_posting_kind"
            ),
            models.CheckConstraint(
                condition=Q(status__in=PostingStatus.values), name="mentoring_posting_status"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from")),
                name="mentoring_posting_period",
                violation_error_code="valid_until",
                violation_error_message=_("The end must be after the start."),
            ),
            models.CheckConstraint(
                condition=~Q(from_institution=F("to_institution")),
                name="mentoring_posting_elsewhere",
                violation_error_code="to_institution",
                violation_error_message=_("A posting leads to another institution."),
            ),
            models.CheckConstraint(
                condition=Q(status=PostingStatus.CANCELLED) | Q(reason=""),
                name="mentoring_posting_reason",
            ),
            models.CheckConstraint(
                condition=Q(assessment="", assessed_at=None, assessed_by=None)
                | Q(
                    assessment__in=Assessment.values,
                    assessed_at__isnull=False,
                    assessed_by__isnull=False,
                    status=PostingStatus.DONE,
                ),
                name="mentoring_posting_assessment",
            ),
            ExclusionConstraint(
                name="mentoring_posting_no_overlap",
                expressions=[
                    ("practitioner", RangeOperators.EQUAL),
                    (
                        DateRange("valid_from", "valid_until", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=~Q(status=PostingStatus.CANCELLED),
                violation_error_code="valid_from",
                violation_error_message=_("This person is already posted in that period."),
            ),
        ]
        indexes = [
            models.Index(fields=["alliance", "-valid_from", "-id"], name="mentoring_post_alliance"),
            models.Index(fields=["from_institution", "-valid_from", "-id"], name="mentoring_out"),
            models.Index(fields=["to_institution", "-valid_from", "-id"], name="mentoring_in"),
            models.Index(fields=["practitioner", "kind", "valid_until"], name="mentoring_person"),
        ]

    def __str__(self) -> str:
        return f"{self.practitioner} → {self.to_institution}"

    def get_absolute_url(self) -> str:
        """The posting's page."""
        return reverse("mentoring:posting", args=[self.public_id])


class PostingDay(models.Model):
    """A day on which the posted person was there."""

    posting = models.ForeignKey(Posting, models.CASCADE, related_name="days_present")
    day = models.DateField(_("day"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    objects = PostingPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("day present")
        verbose_name_plural = _("days present")
        constraints = [
            models.UniqueConstraint(fields=["posting", "day"], name="mentoring_postingday_once"),
        ]

    def __str__(self) -> str:
        return f"{self.posting_id} {self.day}"


class PostingEvaluation(models.Model):
    """What one side says of a posting."""

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="evaluations")
    party = models.CharField(_("side"), max_length=10, choices=Party)
    rating = models.PositiveSmallIntegerField(_("rating"), help_text=_("1 (poor) to 5 (very good)"))
    text = models.TextField(_("in words"), max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    objects = PostingPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluation of a posting")
        verbose_name_plural = _("evaluations of postings")
        constraints = [
            models.CheckConstraint(
                condition=Q(party__in=Party.values), name="mentoring_postingevaluation_party"
            ),
            models.CheckConstraint(
                condition=Q(rating__gte=1, rating__lte=5),
                name="mentoring_postingevaluation_rating",
            ),
            models.UniqueConstraint(
                fields=["posting", "party"], name="mentoring_postingevaluation_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.posting_id} {self.party}"


class PostingEvent(models.Model):
    """One step of a posting: who did what, when, why. Immutable by trigger."""

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="events")
    move = models.CharField(max_length=10, choices=PostingMove)
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    data = models.JSONField(default=dict)

    objects = PostingPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a posting")
        verbose_name_plural = _("steps of postings")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(move__in=PostingMove.values), name="mentoring_postingevent_move"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.posting_id} {self.move}"
