"""Calibration and maintenance: what is due again and again, and what was done."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.core.models import Public
from alliance.core.words import in_own_language
from equipment.devices.models import Device

from ..choices import GOOD_RESULTS, FirstDue, PlanKind, Result
from ..querysets import PlanQuerySet, RecordQuerySet


class MaintenancePlan(Public):
    """A check or maintenance of a device that comes round every so many months (检定/校准/保养计划).

    `due_on` is the last day on which the next one is in time; it follows from the first day and
    the records, and is written by the action that keeps them. From the day after, a plan that
    `stops_use` keeps the device out of service. `first_due_why` says where the first day comes
    from; `last_on` is the last check before the device came onto the register, where that is it.
    """

    device = models.ForeignKey(
        Device, models.PROTECT, related_name="plans", verbose_name=_("device")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=PlanKind)
    name = models.CharField(_("what is done"), max_length=100)
    months = models.PositiveSmallIntegerField(
        _("every so many months"), validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    first_due_on = models.DateField(_("first due on"))
    first_due_why = models.CharField(
        _("why then"),
        max_length=10,
        choices=FirstDue,
        default=FirstDue.CHOSEN,
        db_default=FirstDue.CHOSEN,
        editable=False,
    )
    last_on = models.DateField(_("last done before the registration"), null=True, editable=False)
    due_on = models.DateField(_("due on"), editable=False)
    stops_use = models.BooleanField(_("out of use when overdue"), default=True)
    agency = models.CharField(_("done by"), max_length=100, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    # For which due day people have been reminded, and told that it has passed.
    reminded_for = models.DateField(null=True, editable=False)
    overdue_told_for = models.DateField(null=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PlanQuerySet.as_manager()

    @property
    def title(self) -> str:
        """What is done; where that is only its kind, in the language of who reads."""
        return in_own_language(self.name, PlanKind(self.kind).label)

    class Meta:
        verbose_name = _("maintenance plan")
        verbose_name_plural = _("maintenance plans")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PlanKind.values), name="service_plan_kind"),
            models.CheckConstraint(condition=Q(months__range=(1, 120)), name="service_plan_months"),
            models.CheckConstraint(
                condition=Q(first_due_why=FirstDue.LAST, last_on__isnull=False)
                | Q(
                    first_due_why__in=[one for one in FirstDue.values if one != FirstDue.LAST],
                    last_on=None,
                ),
                name="service_plan_first_due",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="service_plan_ended_pair",
            ),
            models.UniqueConstraint(
                fields=["device", "kind", "name"],
                condition=Q(ended_at=None),
                name="service_plan_once",
                violation_error_code="name",
                violation_error_message=_("The device has such a plan already."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["device", "due_on"], condition=Q(ended_at=None), name="service_plan_device"
            ),
            models.Index(
                fields=["due_on", "id"], condition=Q(ended_at=None), name="service_plan_by_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.device}: {self.name}"

    def get_absolute_url(self) -> str:
        """The page of the plan."""
        return reverse("service:plan", args=[self.public_id])


class ServiceRecord(Public):
    """One calibration or maintenance that was done, with its result and certificate.

    `due_on` is by when it was due: a late one of a plan that stops use had the device out of
    service from the day after until it was done. `valid_until` is the last day the certificate
    counts, where it says so itself. One entered in error is taken back, not removed.
    """

    device = models.ForeignKey(
        Device, models.PROTECT, related_name="service_records", verbose_name=_("device")
    )
    plan = models.ForeignKey(
        MaintenancePlan,
        models.PROTECT,
        null=True,
        related_name="records",
        verbose_name=_("maintenance plan"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=PlanKind)
    done_on = models.DateField(_("done on"))
    result = models.CharField(_("result"), max_length=10, choices=Result, default=Result.PASSED)
    due_on = models.DateField(_("was due on"), null=True, editable=False)
    certificate_number = models.CharField(_("certificate number"), max_length=60, blank=True)
    valid_until = models.DateField(_("certificate valid until"), null=True, blank=True)
    agency = models.CharField(_("done by"), max_length=100, blank=True)
    cost = models.DecimalField(
        _("cost in yuan"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    voided_at = models.DateTimeField(_("taken back"), null=True, editable=False)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    void_reason = models.CharField(_("why"), max_length=300, blank=True, editable=False)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("service record")
        verbose_name_plural = _("service records")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=PlanKind.values) & Q(result__in=Result.values),
                name="service_record_words",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None)
                | Q(valid_until__gt=F("done_on"), result__in=GOOD_RESULTS),
                name="service_record_valid",
                violation_error_code="valid_until",
                violation_error_message=_("A certificate counts beyond the day of the check."),
            ),
            models.CheckConstraint(
                condition=Q(cost=None) | Q(cost__gte=0),
                name="service_record_cost",
                violation_error_code="cost",
                violation_error_message=_("A cost is not negative."),
            ),
            models.CheckConstraint(
                condition=Q(voided_at=None, voided_by=None, void_reason="")
                | Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason=""),
                name="service_record_voided",
            ),
            models.UniqueConstraint(
                fields=["plan", "done_on"],
                condition=Q(voided_at=None),
                name="service_record_once",
                violation_error_code="done_on",
                violation_error_message=_("This plan has a record of that day already."),
            ),
        ]
        indexes = [
            models.Index(fields=["device", "-done_on", "-id"], name="service_record_device"),
            models.Index(
                fields=["device", "done_on"],
                condition=Q(voided_at=None, due_on__lt=F("done_on")),
                name="service_record_late",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.device} {self.done_on}"
