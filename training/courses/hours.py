"""The ledger of education hours: a table of this room."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.core.models import Public
from alliance.institutions.models import Alliance, Institution
from alliance.people.models import Practitioner

from .choices import EntryStatus, HoursKind
from .querysets import HoursQuerySet

_COUNTS = ~Q(status=EntryStatus.REFUSED)


class HoursEntry(Public):
    """Hours of education that a practitioner earned on a day (学时).

    What the platform saw counts at once; what happened elsewhere counts once somebody of the house
    has looked at the evidence. The house is where the practitioner worked on entry.
    """

    practitioner = models.ForeignKey(
        Practitioner, models.PROTECT, related_name="hours_entries", verbose_name=_("practitioner")
    )
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    alliance = models.ForeignKey(Alliance, models.PROTECT, null=True, blank=True, related_name="+")
    on = models.DateField(_("date"))
    hours = models.DecimalField(
        _("hours"), max_digits=5, decimal_places=1, validators=[MinValueValidator(0)]
    )
    kind = models.CharField(_("kind"), max_length=10, choices=HoursKind)
    is_thematic = models.BooleanField(_("thematic training"), default=False)
    title = models.CharField(pgettext_lazy("course", "title"), max_length=100)
    ref = models.CharField(_("certificate number"), max_length=60, blank=True)
    course = models.ForeignKey(
        "courses.Course", models.PROTECT, null=True, blank=True, related_name="+"
    )
    session = models.ForeignKey(
        "courses.Session", models.PROTECT, null=True, blank=True, related_name="+"
    )
    contest = models.ForeignKey(
        "courses.Contest", models.PROTECT, null=True, blank=True, related_name="+"
    )
    evidence = models.FileField(_("evidence"), upload_to="hours/%Y/%m/", blank=True, max_length=200)
    evidence_name = models.CharField(max_length=120, blank=True)
    evidence_type = models.CharField(max_length=40, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=EntryStatus, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    refusal = models.CharField(_("reason"), max_length=200, blank=True, editable=False)

    objects = HoursQuerySet.as_manager()

    class Meta:
        verbose_name = _("education hours")
        verbose_name_plural = _("education hours")
        constraints = [
            models.CheckConstraint(
                condition=Q(hours__gte=0, hours__lte=500), name="courses_hoursentry_hours"
            ),
            models.CheckConstraint(
                condition=Q(kind=HoursKind.COURSE, course__isnull=False)
                | Q(kind=HoursKind.SESSION, session__isnull=False, course__isnull=False)
                | Q(kind=HoursKind.TEACHING, session__isnull=False)
                | Q(kind=HoursKind.CONTEST, contest__isnull=False)
                | Q(kind=HoursKind.EXTERNAL, course=None, session=None, contest=None),
                name="courses_hoursentry_kind",
            ),
            models.CheckConstraint(
                condition=Q(status=EntryStatus.WAITING, decided_at=None, refusal="")
                | Q(status=EntryStatus.CONFIRMED, decided_at__isnull=False, refusal="")
                | (Q(status=EntryStatus.REFUSED, decided_at__isnull=False) & ~Q(refusal="")),
                name="courses_hoursentry_decided",
            ),
            models.UniqueConstraint(
                fields=["practitioner", "course"],
                condition=_COUNTS & Q(kind=HoursKind.COURSE),
                name="courses_hoursentry_course_once",
            ),
            models.UniqueConstraint(
                fields=["practitioner", "session", "kind"],
                condition=_COUNTS & Q(session__isnull=False),
                name="courses_hoursentry_session_once",
            ),
            models.UniqueConstraint(
                fields=["practitioner", "contest"],
                condition=_COUNTS & Q(contest__isnull=False),
                name="courses_hoursentry_contest_once",
            ),
            models.UniqueConstraint(
                fields=["practitioner", "on", "title"],
                condition=_COUNTS & Q(kind=HoursKind.EXTERNAL),
                name="courses_hoursentry_elsewhere_once",
                violation_error_code="title",
                violation_error_message=_("This is entered for that day already."),
            ),
        ]
        indexes = [
            models.Index(fields=["practitioner", "-on", "-id"], name="courses_hours_mine"),
            # Who is short is asked of everybody every night, off this index alone.
            models.Index(
                fields=["practitioner", "on"],
                include=["id", "hours", "is_thematic"],
                condition=Q(status=EntryStatus.CONFIRMED),
                name="courses_hours_year",
            ),
            models.Index(fields=["institution", "-on", "-id"], name="courses_hours_house"),
            models.Index(fields=["alliance", "-on", "-id"], name="courses_hours_alliance"),
            models.Index(
                fields=["practitioner", "course"],
                condition=Q(course__isnull=False),
                name="courses_hours_completed",
            ),
            models.Index(
                fields=["institution", "-on", "-id"],
                condition=Q(status=EntryStatus.WAITING),
                name="courses_hours_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.hours} h"
