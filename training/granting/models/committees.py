"""The committee of an alliance: its terms, its members, its meetings."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.core.models import Public, TimeStamped
from alliance.institutions.models import Alliance, DateRange, Institution

from ..choices import Position
from ..querysets import CommitteeQuerySet, MeetingQuerySet, MemberQuerySet

_PERIOD = DateRange("valid_from", "valid_until", RangeBoundary())


class Committee(Public):
    """The people who decide about an alliance's privileges, for one term (质控委员会)."""

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="committees")
    name = models.CharField(_("name of the committee"), max_length=60)
    valid_from = models.DateField(_("in office from"))
    valid_until = models.DateField(_("in office until"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CommitteeQuerySet.as_manager()

    class Meta:
        verbose_name = _("committee")
        verbose_name_plural = _("committees")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="granting_committee_period",
                violation_error_code="valid_until",
                violation_error_message=_("The end must be after the start."),
            ),
            ExclusionConstraint(
                name="granting_committee_one_at_a_time",
                expressions=[
                    ("alliance", RangeOperators.EQUAL),
                    (_PERIOD, RangeOperators.OVERLAPS),
                ],
                violation_error_code="valid_from",
                violation_error_message=_(
                    "Another committee is in office then. End its term first."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The committee's page."""
        return reverse("granting:committee")


class Member(TimeStamped):
    """Somebody who sits in a committee, from a day on, and where they work."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="seats", verbose_name=_("person")
    )
    position = models.CharField(
        _("position"), max_length=10, choices=Position, default=Position.MEMBER
    )
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="committee_members",
        verbose_name=_("works at"),
        help_text=_("Members do not vote on applicants of their own institution."),
    )
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of a committee")
        verbose_name_plural = _("members of committees")
        constraints = [
            models.CheckConstraint(
                condition=Q(position__in=Position.values), name="granting_member_position"
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="granting_member_period",
                violation_error_code="valid_until",
                violation_error_message=_("The end must be after the start."),
            ),
            ExclusionConstraint(
                name="granting_member_one_seat",
                expressions=[
                    ("committee", RangeOperators.EQUAL),
                    ("user", RangeOperators.EQUAL),
                    (_PERIOD, RangeOperators.OVERLAPS),
                ],
                violation_error_code="user",
                violation_error_message=_("This person sits in the committee already."),
            ),
            ExclusionConstraint(
                name="granting_member_one_chair",
                expressions=[
                    ("committee", RangeOperators.EQUAL),
                    (_PERIOD, RangeOperators.OVERLAPS),
                ],
                condition=Q(position=Position.CHAIR),
                violation_error_code="position",
                violation_error_message=_("The committee has a chair already."),
            ),
        ]
        indexes = [models.Index(fields=["user", "committee"])]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_position_display()}"


class Meeting(Public):
    """A meeting of the committee: when, where, and what was written down."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="meetings")
    held_on = models.DateField(_("day"))
    starts_at = models.TimeField(_("time"))
    place = models.CharField(_("place or link"), max_length=200)
    minutes = models.TextField(_("minutes"), blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "held_on", "starts_at"],
                name="granting_meeting_once",
                violation_error_message=_("The committee meets then already."),
            ),
            models.CheckConstraint(condition=~Q(place=""), name="granting_meeting_place"),
        ]

    def __str__(self) -> str:
        return f"{self.held_on:%Y-%m-%d} {self.starts_at:%H:%M} {self.place}"

    def get_absolute_url(self) -> str:
        """The meeting's page."""
        return reverse("granting:meeting", args=[self.public_id])
