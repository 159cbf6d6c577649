"""Privileges, their suspensions and history, certificates, and emergencies beyond them."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Least, Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.catalogue.models import Technique
from alliance.core.models import Public, TimeStamped
from alliance.institutions.models import Alliance, DateRange, Institution
from alliance.people.models import Practitioner

from .choices import EventKind, Ground, Level
from .querysets import (
    CertificateQuerySet,
    EventQuerySet,
    OverrideQuerySet,
    PrivilegeQuerySet,
    SuspensionQuerySet,
)


class Privilege(Public):
    """A practitioner's standing right to perform one technique at one institution (技术授权).

    `valid_until` is what was decided; `ends_on` what came of it: a privilege that was withdrawn or
    replaced keeps the days before. So what was in force on a past day can still be told.
    """

    # Four foreign keys have no index of their own: the composite ones below begin with them.
    alliance = models.ForeignKey(
        Alliance, models.PROTECT, related_name="privileges", db_index=False
    )
    practitioner = models.ForeignKey(
        Practitioner,
        models.PROTECT,
        related_name="privileges",
        db_index=False,
        verbose_name=_("practitioner"),
    )
    technique = models.ForeignKey(
        Technique,
        models.PROTECT,
        related_name="privileges",
        db_index=False,
        verbose_name=_("technique"),
    )
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        related_name="privileges",
        db_index=False,
        verbose_name=_("institution"),
    )
    level = models.CharField(_("level"), max_length=12, choices=Level)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"))
    conditions = models.TextField(_("conditions"), blank=True)
    evidence = models.JSONField(_("evidence"), default=dict, blank=True)
    ground = models.CharField(_("ground"), max_length=12, choices=Ground)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    withdrawn_on = models.DateField(_("withdrawn from"), null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        editable=False,
    )
    withdrawal_reason = models.CharField(
        _("reason of the withdrawal"), max_length=300, blank=True, editable=False
    )
    replaced_on = models.DateField(_("replaced from"), null=True, editable=False)
    ends_on = models.GeneratedField(
        expression=Least(F("valid_until"), F("withdrawn_on"), F("replaced_on")),
        output_field=models.DateField(),
        db_persist=True,
        verbose_name=_("ends"),
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PrivilegeQuerySet.as_manager()

    class Meta:
        verbose_name = _("privilege")
        verbose_name_plural = _("privileges")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from")),
                name="privileges_privilege_period",
                violation_error_code="valid_until",
                violation_error_message=_("The end must be after the start."),
            ),
            models.CheckConstraint(
                condition=Q(level__in=Level.values), name="privileges_privilege_level"
            ),
            models.CheckConstraint(
                condition=Q(ground__in=Ground.values), name="privileges_privilege_ground"
            ),
            # A programme leads to operating under supervision; the committee alone lets go further.
            models.CheckConstraint(
                condition=~Q(ground=Ground.PROGRAMME) | Q(level=Level.SUPERVISED),
                name="privileges_privilege_programme_supervised",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None, withdrawn_by=None, withdrawal_reason="")
                | Q(
                    ~Q(withdrawal_reason=""),
                    withdrawn_on__gte=F("valid_from"),
                    withdrawn_by__isnull=False,
                ),
                name="privileges_privilege_withdrawal_whole",
            ),
            models.CheckConstraint(
                condition=Q(replaced_on=None) | Q(replaced_on__gte=F("valid_from")),
                name="privileges_privilege_replaced_after",
            ),
            ExclusionConstraint(
                name="privileges_privilege_no_overlap",
                expressions=[
                    ("practitioner", RangeOperators.EQUAL),
                    ("technique", RangeOperators.EQUAL),
                    ("institution", RangeOperators.EQUAL),
                    (DateRange("valid_from", "ends_on", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("There is a privilege for this time already."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["practitioner", "technique", "institution", "valid_from"],
                name="privileges_privilege_triple",
            ),
            models.Index(
                fields=["technique", "institution", "ends_on"], name="privileges_priv_who"
            ),
            models.Index(
                fields=["alliance", "technique", "ends_on"], name="privileges_priv_who_group"
            ),
            models.Index(fields=["alliance", "ends_on", "id"], name="privileges_priv_ending"),
            models.Index(
                fields=["institution", "ends_on", "id"], name="privileges_priv_ending_here"
            ),
            models.Index(
                fields=["institution", "-valid_from", "-id"], name="privileges_priv_house"
            ),
            models.Index(fields=["alliance", "-valid_from", "-id"], name="privileges_priv_group"),
        ]

    def __str__(self) -> str:
        return f"{self.practitioner}: {self.technique}"

    @property
    def last_day(self) -> date:
        """The last day on which it counts, or would have counted."""
        return max(self.valid_from, self.ends_on - timedelta(days=1))

    def get_absolute_url(self) -> str:
        """The privilege's page."""
        return reverse("privileges:detail", args=[self.public_id])


class Suspension(TimeStamped):
    """A time in which a privilege does not count, with the reason, and why it ended."""

    privilege = models.ForeignKey(Privilege, models.PROTECT, related_name="suspensions")
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    suspended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    restored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    restore_reason = models.CharField(
        _("reason of the restoration"), max_length=300, blank=True, editable=False
    )

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suspension")
        verbose_name_plural = _("suspensions")
        constraints = [
            # The same day twice is an empty time: suspended and restored before it began to count.
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="privileges_suspension_period",
                violation_error_code="valid_until",
                violation_error_message=_("The end must be after the start."),
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="privileges_suspension_reason"),
            models.CheckConstraint(
                condition=Q(restored_by=None, restore_reason="")
                | Q(~Q(restore_reason=""), restored_by__isnull=False, valid_until__isnull=False),
                name="privileges_suspension_restored_whole",
            ),
            ExclusionConstraint(
                name="privileges_suspension_no_overlap",
                expressions=[
                    ("privilege", RangeOperators.EQUAL),
                    (
                        DateRange("valid_from", "valid_until", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("It is suspended for this time already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.privilege} {self.valid_from}"


class PrivilegeEvent(models.Model):
    """What happened to a privilege: who, when, why. Append-only by trigger."""

    privilege = models.ForeignKey(Privilege, models.PROTECT, related_name="events")
    kind = models.CharField(_("what"), max_length=12, choices=EventKind)
    at = models.DateTimeField(_("at"), db_default=Now())
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    data = models.JSONField(_("details"), default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event of a privilege")
        verbose_name_plural = _("events of privileges")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=EventKind.values), name="privileges_event_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.privilege_id} {self.kind}"


class Certificate(Public):
    """The paper of a privilege, with a number and an address where anybody may verify it."""

    privilege = models.OneToOneField(Privilege, models.PROTECT, related_name="certificate")
    number = models.CharField(_("number"), max_length=30, unique=True)
    token = models.CharField(max_length=40, unique=True, editable=False)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(_("issued"), db_default=Now())

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = [
            models.CheckConstraint(
                condition=Q(token__regex="^[A-Za-z0-9_-]{20,}$"),  # noqa: S106 - a shape, no secret
                name="privileges_certificate_token",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Override(Public):
    """An emergency in which somebody went beyond their privilege to save a life, and the report owed."""

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="+", db_index=False)
    practitioner = models.ForeignKey(
        Practitioner, models.PROTECT, related_name="overrides", verbose_name=_("practitioner")
    )
    technique = models.ForeignKey(
        Technique, models.PROTECT, related_name="+", verbose_name=_("technique")
    )
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("institution"),
    )
    at = models.DateTimeField(_("at"))
    reason = models.CharField(_("reason"), max_length=500)
    case_number = models.CharField(_("case number"), max_length=40, blank=True)
    lacked = models.JSONField(_("what was missing"), default=list)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    report_due_at = models.DateTimeField(_("report due"))
    report = models.TextField(_("report"), blank=True)
    reported_at = models.DateTimeField(_("reported"), null=True, editable=False)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    review = models.TextField(_("review"), blank=True)
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, editable=False)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = OverrideQuerySet.as_manager()

    class Meta:
        verbose_name = _("emergency beyond a privilege")
        verbose_name_plural = _("emergencies beyond a privilege")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="privileges_override_reason"),
            models.CheckConstraint(
                condition=Q(report_due_at__gt=F("at")), name="privileges_override_due_after"
            ),
            models.CheckConstraint(
                condition=Q(reported_at=None, reported_by=None, report="")
                | Q(~Q(report=""), reported_at__isnull=False, reported_by__isnull=False),
                name="privileges_override_report_whole",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at=None, reviewed_by=None, review="")
                | Q(
                    ~Q(review=""),
                    reviewed_at__isnull=False,
                    reviewed_by__isnull=False,
                    reported_at__isnull=False,
                ),
                name="privileges_override_review_whole",
            ),
            models.UniqueConstraint(
                fields=["practitioner", "technique", "institution", "at"],
                name="privileges_override_once",
                violation_error_code="at",
                violation_error_message=_("This emergency is recorded already."),
            ),
        ]
        indexes = [
            models.Index(fields=["institution", "-at", "-id"], name="privileges_over_house"),
            models.Index(fields=["alliance", "-at", "-id"], name="privileges_over_group"),
            models.Index(
                fields=["alliance", "report_due_at"],
                condition=Q(reported_at=None),
                name="privileges_over_owing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.practitioner}: {self.technique}"

    def get_absolute_url(self) -> str:
        """The page of this emergency."""
        return reverse("privileges:override", args=[self.public_id])
