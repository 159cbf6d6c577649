"""Adverse events with devices, and the files of this room."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.core.models import Public
from alliance.institutions.models import Alliance, Institution
from equipment.devices.models import Device

from ..choices import Harm
from ..querysets import AdverseQuerySet, ServiceFileQuerySet
from .orders import WorkOrder
from .plans import ServiceRecord


class AdverseEvent(Public):
    """Harm, or nearly, in which a device had a part (医疗器械不良事件); no patient is named.

    `report_due_at` is by when the national system must have the report, counted from when the
    institution learned of it, by policy. It stays open until the report's number is on record and
    the inquiry has a conclusion.
    """

    alliance = models.ForeignKey(
        Alliance, models.PROTECT, related_name="device_events", editable=False
    )
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="device_events", editable=False
    )
    device = models.ForeignKey(
        Device, models.PROTECT, related_name="adverse_events", verbose_name=_("device")
    )
    harm = models.CharField(_("harm"), max_length=10, choices=Harm)
    happened_at = models.DateTimeField(_("happened"))
    known_at = models.DateTimeField(_("learned of"))
    description = models.CharField(_("what happened"), max_length=1000)
    measures = models.CharField(_("what was done"), max_length=500, blank=True)
    report_due_at = models.DateTimeField(_("report by"), editable=False)
    reported_at = models.DateTimeField(_("reported"), null=True, editable=False)
    report_number = models.CharField(_("report number"), max_length=60, blank=True)
    conclusion = models.CharField(_("conclusion of the inquiry"), max_length=1000, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    warned_at = models.DateTimeField(null=True, editable=False)
    overdue_told_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = AdverseQuerySet.as_manager()

    class Meta:
        verbose_name = _("adverse event with a device")
        verbose_name_plural = _("adverse events with devices")
        constraints = [
            models.CheckConstraint(condition=Q(harm__in=Harm.values), name="service_event_harm"),
            models.CheckConstraint(
                condition=Q(known_at__gte=F("happened_at"), report_due_at__gt=F("known_at")),
                name="service_event_order",
                violation_error_code="known_at",
                violation_error_message=_("Nobody learns of it before it happened."),
            ),
            models.CheckConstraint(
                condition=Q(reported_at=None, report_number="")
                | Q(reported_at__isnull=False) & ~Q(report_number=""),
                name="service_event_reported",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False, reported_at__isnull=False)
                & ~Q(conclusion=""),
                name="service_event_closed",
            ),
        ]
        indexes = [
            models.Index(fields=["institution", "-created_at", "-id"], name="service_event_house"),
            models.Index(fields=["alliance", "-created_at", "-id"], name="service_event_alliance"),
            models.Index(
                fields=["report_due_at"], condition=Q(reported_at=None), name="service_event_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.device}: {self.get_harm_display()}"

    def get_absolute_url(self) -> str:
        """The page of the event."""
        return reverse("service:event", args=[self.public_id])


class ServiceFile(Public):
    """A photograph of a fault, or the paper of a calibration; seen by those who see its row."""

    order = models.ForeignKey(WorkOrder, models.PROTECT, null=True, related_name="files")
    record = models.ForeignKey(ServiceRecord, models.PROTECT, null=True, related_name="files")
    file = models.FileField(_("file"), upload_to="service/%Y/%m/")
    name = models.CharField(_("file name"), max_length=120)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ServiceFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of service")
        verbose_name_plural = _("files of service")
        constraints = [
            models.CheckConstraint(
                condition=Q(order=None, record__isnull=False) | Q(order__isnull=False, record=None),
                name="service_file_of_one",
            ),
        ]

    def __str__(self) -> str:
        return self.name
