"""When a device is down, the one source of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from alliance.core.models import Public
from equipment.devices.models import Device

from ..choices import OutageReason
from ..querysets import OutageQuerySet
from .adverse import AdverseEvent
from .orders import WorkOrder
from .plans import ServiceRecord
from .recalls import Recall


class Outage(Public):
    """A time in which a device is down (停用), half-open; open until somebody brings it back.

    Outages of one device may overlap: a device under recall may break down as well, and comes back
    when the last of them has ended.
    """

    device = models.ForeignKey(
        Device, models.PROTECT, related_name="outages", verbose_name=_("device")
    )
    reason = models.CharField(_("reason"), max_length=10, choices=OutageReason)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    order = models.ForeignKey(
        WorkOrder, models.PROTECT, null=True, related_name="outages", editable=False
    )
    record = models.ForeignKey(
        ServiceRecord, models.PROTECT, null=True, related_name="outages", editable=False
    )
    recall = models.ForeignKey(
        Recall, models.PROTECT, null=True, related_name="outages", editable=False
    )
    event = models.ForeignKey(
        AdverseEvent, models.PROTECT, null=True, related_name="outages", editable=False
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = OutageQuerySet.as_manager()

    class Meta:
        verbose_name = _("outage")
        verbose_name_plural = _("outages")
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__in=OutageReason.values), name="service_outage_reason"
            ),
            # One that is called off before it began leaves an empty time: it took nothing away.
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")),
                name="service_outage_period",
                violation_error_code="ends_at",
                violation_error_message=_("The end must be after the start."),
            ),
            models.UniqueConstraint(
                fields=["device", "order"],
                condition=Q(ends_at=None, order__isnull=False),
                name="service_outage_once_per_order",
            ),
            models.UniqueConstraint(
                fields=["device", "recall"],
                condition=Q(ends_at=None, recall__isnull=False),
                name="service_outage_once_per_recall",
            ),
        ]
        indexes = [
            models.Index(fields=["device", "starts_at"], name="service_outage_device"),
            models.Index(fields=["device"], condition=Q(ends_at=None), name="service_outage_open"),
        ]

    def __str__(self) -> str:
        return f"{self.device}: {self.get_reason_display()}"
