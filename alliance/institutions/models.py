"""Alliances, their members, institutions, departments and who may refer to whom."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.core.models import Public, TimeStamped

from .choices import AllianceKind, Direction, Grade, HelpForm, MemberRole, Tier
from .querysets import (
    DepartmentQuerySet,
    InstitutionQuerySet,
    MatrixQuerySet,
    MembershipQuerySet,
    ReferenceQuerySet,
)


class DateRange(Func):
    """`daterange(from, until)` for exclusion constraints."""

    function = "DATERANGE"
    output_field = DateRangeField()


class Alliance(Public):
    """A set of institutions under one lead (医联体)."""

    name = models.CharField(_("alliance name"), max_length=70, unique=True)
    short_name = models.CharField(_("short name"), max_length=30)
    kind = models.CharField(_("kind"), max_length=30, choices=AllianceKind)
    division_code = models.CharField(_("division code"), max_length=12)
    is_active = models.BooleanField(_("active"), default=True)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("alliance")
        verbose_name_plural = _("alliances")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=AllianceKind.values), name="institutions_alliance_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Specialty(models.Model):
    """A clinical specialty of the national list of 诊疗科目."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    name = models.CharField(_("specialty name"), max_length=50)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("specialty")
        verbose_name_plural = _("specialties")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Institution(Public):  # type: ignore[django-manager-missing]  # ApiClient is swappable
    """A hospital, township hospital or village clinic (机构)."""

    name = models.CharField(_("institution name"), max_length=70)
    short_name = models.CharField(_("short name"), max_length=30)
    pinyin = models.CharField(_("pinyin initials"), max_length=70, blank=True, editable=False)
    tier = models.CharField(_("tier"), max_length=20, choices=Tier)
    type_code = models.CharField(_("type code (WS 218)"), max_length=4)
    grade = models.PositiveSmallIntegerField(
        _("hospital grade"), choices=Grade, null=True, blank=True
    )
    uscc = models.CharField(_("unified social credit code"), max_length=18, unique=True)
    division_code = models.CharField(_("division code"), max_length=12)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="clinics",
        verbose_name=_("parent"),
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    liaison_phone = models.CharField(_("liaison desk telephone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    beds = models.PositiveIntegerField(_("beds"), default=0)
    reviews_referrals = models.BooleanField(_("reviews referrals before they leave"), default=False)
    is_external = models.BooleanField(_("outside the platform"), default=False)
    is_active = models.BooleanField(_("active"), default=True)

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        constraints = [
            models.CheckConstraint(condition=Q(tier__in=Tier.values), name="institutions_tier"),
            models.CheckConstraint(
                condition=~Q(tier=Tier.VILLAGE) | Q(parent__isnull=False),
                name="institutions_village_has_parent",
                violation_error_message=_("A village clinic hangs under a township hospital."),
                violation_error_code="parent",
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")), name="institutions_parent_is_other"
            ),
        ]
        indexes = [models.Index(fields=["tier", "name"]), models.Index(fields=["pinyin"])]

    def __str__(self) -> str:
        return self.short_name or self.name

    def get_absolute_url(self) -> str:
        """The institution's page."""
        return reverse("institutions:detail", args=[self.public_id])


class Membership(TimeStamped):
    """An institution in an alliance for a period, with its role and form of help."""

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="memberships")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=MemberRole)
    help_form = models.CharField(
        _("form of help"), max_length=30, choices=HelpForm, default=HelpForm.NONE
    )
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)
    agreement = models.TextField(_("agreement"), blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="institutions_membership_period",
                violation_error_message=_("The end must be after the start."),
                violation_error_code="valid_until",
            ),
            models.CheckConstraint(
                condition=Q(role__in=MemberRole.values), name="institutions_membership_role"
            ),
            ExclusionConstraint(
                name="institutions_membership_no_overlap",
                expressions=[
                    ("alliance", RangeOperators.EQUAL),
                    ("institution", RangeOperators.EQUAL),
                    (
                        DateRange("valid_from", "valid_until", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            ExclusionConstraint(
                name="institutions_membership_one_lead",
                expressions=[
                    ("alliance", RangeOperators.EQUAL),
                    (
                        DateRange("valid_from", "valid_until", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(role=MemberRole.LEAD),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution} / {self.alliance}"


class Department(Public):
    """A clinical department of an institution."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="departments")
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("department name"), max_length=50)
    pinyin = models.CharField(_("pinyin initials"), max_length=50, blank=True, editable=False)
    specialty = models.ForeignKey(
        Specialty, models.PROTECT, related_name="departments", verbose_name=_("specialty")
    )
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    beds = models.PositiveIntegerField(_("beds"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "code"],
                name="institutions_department_code_once",
                violation_error_message=_(
                    "This institution already has a department of that code."
                ),
                violation_error_code="code",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Relation(TimeStamped):
    """One cell of the relation matrix: may `sender` refer to `receiver` within the alliance."""

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="relations")
    sender = models.ForeignKey(Institution, models.PROTECT, related_name="relations_out")
    receiver = models.ForeignKey(Institution, models.PROTECT, related_name="relations_in")
    direction = models.CharField(_("direction"), max_length=10, choices=Direction)
    is_allowed = models.BooleanField(_("allowed"), default=True)
    by_rule = models.BooleanField(_("made by rule"), default=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = MatrixQuerySet.as_manager()

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        constraints = [
            models.UniqueConstraint(
                fields=["alliance", "sender", "receiver"], name="institutions_relation_once"
            ),
            models.CheckConstraint(
                condition=~Q(sender=F("receiver")), name="institutions_relation_two_parties"
            ),
            models.CheckConstraint(
                condition=Q(direction__in=Direction.values), name="institutions_relation_direction"
            ),
        ]
        indexes = [models.Index(fields=["sender", "receiver"])]

    def __str__(self) -> str:
        return f"{self.sender} → {self.receiver}"


class CalendarDay(TimeStamped):
    """An institution's own exception from the national working calendar."""

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="calendar_days")
    day = models.DateField(_("day"))
    is_open = models.BooleanField(_("works on this day"), default=False)
    opens_at = models.TimeField(_("opens"), null=True, blank=True)
    closes_at = models.TimeField(_("closes"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=100)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar exception")
        verbose_name_plural = _("calendar exceptions")
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "day"], name="institutions_calendarday_once"
            ),
            models.CheckConstraint(
                condition=Q(is_open=False) | Q(opens_at__isnull=False, closes_at__gt=F("opens_at")),
                name="institutions_calendarday_hours",
                violation_error_message=_("An open day needs an opening and a later closing time."),
                violation_error_code="closes_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution} {self.day}"
