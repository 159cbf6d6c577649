"""Where else practitioners work, and when they do not: tables of people."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from alliance.core.models import TimeStamped
from alliance.institutions.models import DateRange, Institution

from .choices import AbsenceKind
from .querysets import AbsenceQuerySet, PracticeSiteQuerySet


class PracticeSite(TimeStamped):
    """An institution beside the home one where a practitioner is registered to practise (多机构执业)."""

    practitioner = models.ForeignKey("people.Practitioner", models.PROTECT, related_name="sites")
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="visiting", verbose_name=_("institution")
    )
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = PracticeSiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("practice site")
        verbose_name_plural = _("practice sites")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="people_practicesite_period",
                violation_error_code="valid_until",
                violation_error_message=_("The end must be after the start."),
            ),
            ExclusionConstraint(
                name="people_practicesite_no_overlap",
                expressions=[
                    ("practitioner", RangeOperators.EQUAL),
                    ("institution", RangeOperators.EQUAL),
                    (
                        DateRange("valid_from", "valid_until", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        indexes = [models.Index(fields=["institution", "practitioner"])]

    def __str__(self) -> str:
        return f"{self.practitioner}: {self.institution}"


class Absence(TimeStamped):
    """Days on which a practitioner does not work at all, such as leave (休假)."""

    practitioner = models.ForeignKey("people.Practitioner", models.PROTECT, related_name="absences")
    kind = models.CharField(_("kind"), max_length=10, choices=AbsenceKind)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), help_text=_("The first day back at work."))
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from")),
                name="people_absence_period",
                violation_error_code="valid_until",
                violation_error_message=_("The end must be after the start."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=AbsenceKind.values), name="people_absence_kind"
            ),
            ExclusionConstraint(
                name="people_absence_no_overlap",
                expressions=[
                    ("practitioner", RangeOperators.EQUAL),
                    (
                        DateRange("valid_from", "valid_until", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.practitioner} {self.valid_from}"
