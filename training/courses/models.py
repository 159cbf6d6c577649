"""Courses, their parts and sessions, and who takes them."""

from __future__ import annotations

import secrets
from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.catalogue.models import Technique
from alliance.core.models import Public, TimeStamped
from alliance.institutions.models import Alliance, Institution
from alliance.people.models import Practitioner

from .choices import Mode, PartKind, SeatStatus
from .honours import Contest as Contest
from .honours import ContestResult as ContestResult
from .honours import KeyDoctor as KeyDoctor
from .honours import SimulationCentre as SimulationCentre
from .hours import HoursEntry as HoursEntry
from .querysets import CourseQuerySet, PartQuerySet, ProgressQuerySet, SeatQuerySet, SessionQuerySet


def new_token() -> str:
    """What a check-in code holds: nobody guesses it."""
    return secrets.token_urlsafe(18)


class Course(Public):
    """A course that an alliance, or one of its houses, offers (课程)."""

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="courses")
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="courses",
        verbose_name=_("offered by"),
    )
    title = models.CharField(pgettext_lazy("course", "title"), max_length=100)
    mode = models.CharField(_("how it is taken"), max_length=10, choices=Mode)
    technique = models.ForeignKey(
        Technique,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="courses",
        verbose_name=_("technique"),
    )
    hours = models.DecimalField(
        _("education hours"),
        max_digits=5,
        decimal_places=1,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
    )
    is_thematic = models.BooleanField(_("thematic training"), default=False)
    is_entry = models.BooleanField(_("entry training of new surgeons"), default=False)
    summary = models.TextField(_("what it is about"), max_length=2000, blank=True)
    is_published = models.BooleanField(_("published"), default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        constraints = [
            models.CheckConstraint(condition=Q(mode__in=Mode.values), name="courses_course_mode"),
            models.CheckConstraint(
                condition=Q(hours__gte=0, hours__lte=500), name="courses_course_hours"
            ),
        ]
        indexes = [
            models.Index(fields=["alliance", "-created_at", "-id"], name="courses_course_newest")
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The course's page."""
        return reverse("courses:course", args=[self.public_id])


class CoursePart(Public):
    """A document, a video or a link of a course, and how long it takes."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="parts")
    kind = models.CharField(_("kind"), max_length=10, choices=PartKind)
    title = models.CharField(pgettext_lazy("course", "title"), max_length=100)
    file = models.FileField(_("file"), upload_to="courses/%Y/%m/", blank=True, max_length=200)
    file_name = models.CharField(_("file name"), max_length=120, blank=True)
    content_type = models.CharField(max_length=40, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=10, validators=[MinValueValidator(1)]
    )
    order = models.PositiveSmallIntegerField(_("place in the course"), default=1)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("part of a course")
        verbose_name_plural = _("parts of courses")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PartKind.values), name="courses_part_kind"),
            models.CheckConstraint(
                condition=(Q(kind=PartKind.LINK) & ~Q(url="") & Q(file=""))
                | (~Q(kind=PartKind.LINK) & Q(url="") & ~Q(file="")),
                name="courses_part_content",
            ),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="courses_part_minutes"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The part's page."""
        return reverse("courses:part", args=[self.public_id])


class PartProgress(TimeStamped):
    """How far somebody is in a part of a course; kept until it is done, and after."""

    part = models.ForeignKey(CoursePart, models.PROTECT, related_name="progress")
    practitioner = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("opened"))
    position = models.PositiveIntegerField(_("place in it"), default=0)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    objects = ProgressQuerySet.as_manager()

    class Meta:
        verbose_name = _("progress")
        verbose_name_plural = _("progress")
        constraints = [
            models.UniqueConstraint(
                fields=["practitioner", "part"], name="courses_partprogress_once"
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(done_at__gte=F("opened_at")),
                name="courses_partprogress_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part_id} {self.practitioner_id}"


class Session(Public):
    """A date on which an on-site course is held, with its seats (培训场次)."""

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="sessions")
    course = models.ForeignKey(Course, models.PROTECT, related_name="sessions")
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=100)
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="sessions", verbose_name=_("institution")
    )
    seats = models.PositiveSmallIntegerField(_("seats"))
    # Counted under the row's lock, so that the table itself refuses one seat too many.
    taken = models.PositiveSmallIntegerField(_("taken"), default=0, editable=False)
    teacher = models.ForeignKey(
        Practitioner,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="taught_sessions",
        verbose_name=_("teacher"),
    )
    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)
    cancel_reason = models.CharField(_("reason"), max_length=200, blank=True, editable=False)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="courses_session_period",
                violation_error_code="ends_at",
                violation_error_message=_("The end must be after the start."),
            ),
            models.CheckConstraint(
                condition=Q(seats__gte=1),
                name="courses_session_seats",
                violation_error_code="seats",
                violation_error_message=_("Offer at least one seat."),
            ),
            models.CheckConstraint(
                condition=Q(taken__lte=F("seats")),
                name="courses_session_not_overbooked",
                violation_error_code="seats",
                violation_error_message=_("More seats than that are taken already."),
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancel_reason="")
                | (Q(cancelled_at__isnull=False) & ~Q(cancel_reason="")),
                name="courses_session_cancelled",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False, cancelled_at=None),
                name="courses_session_closed",
            ),
        ]
        indexes = [
            models.Index(fields=["alliance", "starts_at", "id"], name="courses_session_next"),
            models.Index(fields=["course", "starts_at"], name="courses_session_course"),
            models.Index(
                fields=["starts_at"],
                condition=Q(reminded_at=None, cancelled_at=None),
                name="courses_session_to_remind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course}"

    def get_absolute_url(self) -> str:
        """The session's page."""
        return reverse("courses:session", args=[self.public_id])

    @property
    def free(self) -> int:
        """Seats that nobody has taken."""
        return self.seats - self.taken


class Seat(TimeStamped):
    """How one practitioner stands to a session: booked, waiting, there, not there."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="places")
    practitioner = models.ForeignKey(Practitioner, models.PROTECT, related_name="seats")
    status = models.CharField(_("status"), max_length=10, choices=SeatStatus, editable=False)
    asked_at = models.DateTimeField(_("asked"))
    attended_at = models.DateTimeField(_("checked in"), null=True, blank=True, editable=False)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        constraints = [
            models.UniqueConstraint(fields=["session", "practitioner"], name="courses_seat_once"),
            models.CheckConstraint(
                condition=Q(status__in=SeatStatus.values), name="courses_seat_status"
            ),
            models.CheckConstraint(
                condition=Q(status=SeatStatus.ATTENDED, attended_at__isnull=False)
                | (~Q(status=SeatStatus.ATTENDED) & Q(attended_at=None)),
                name="courses_seat_attended",
            ),
        ]
        indexes = [
            models.Index(fields=["session", "status", "asked_at"], name="courses_seat_queue"),
            models.Index(fields=["practitioner", "status"], name="courses_seat_mine"),
        ]

    def __str__(self) -> str:
        return f"{self.practitioner}: {self.get_status_display()}"
