"""A fault and its repair, from the report to the device's return, with all that happened."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.core.models import Public
from alliance.institutions.models import Institution
from equipment.devices.models import Device

from ..choices import OPEN, Move, Status
from ..querysets import OrderEventQuerySet, OrderQuerySet


class WorkOrder(Public):
    """A reported fault and the work that mends it (报修工单).

    It belongs to the institution whose device it was at the time; while it is open it goes along
    with a device that is given away. Its `outages`, where there are any, say for how long the
    device was down.
    """

    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    device = models.ForeignKey(
        Device, models.PROTECT, related_name="work_orders", verbose_name=_("device")
    )
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="work_orders", editable=False
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status, db_default=Status.REPORTED, editable=False
    )
    description = models.CharField(_("what is wrong"), max_length=500)
    is_usable = models.BooleanField(_("can still be used"), default=False)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("colleague"),
    )
    vendor = models.CharField(_("repair company"), max_length=100, blank=True)
    expected_on = models.DateField(_("expected back on"), null=True, blank=True)
    work_done = models.CharField(_("what was done"), max_length=500, blank=True)
    cost = models.DecimalField(
        _("cost in yuan"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    parts_cost = models.DecimalField(
        _("parts in yuan"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    labour_cost = models.DecimalField(
        _("labour in yuan"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("work order")
        verbose_name_plural = _("work orders")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="service_order_status"
            ),
            models.CheckConstraint(
                condition=Q(status__in=OPEN, closed_at=None)
                | ~Q(status__in=OPEN) & Q(closed_at__isnull=False),
                name="service_order_closed",
            ),
            models.CheckConstraint(
                condition=Q(cost=None) | Q(cost__gte=0),
                name="service_order_cost",
                violation_error_code="cost",
                violation_error_message=_("A cost is not negative."),
            ),
            models.CheckConstraint(
                condition=Q(parts_cost=None, labour_cost=None)
                | Q(
                    parts_cost__isnull=False,
                    labour_cost__isnull=False,
                    cost__isnull=False,
                    parts_cost__gte=0,
                    labour_cost__gte=0,
                    cost=F("parts_cost") + F("labour_cost"),
                ),
                name="service_order_parted",
                violation_error_code="parts_cost",
                violation_error_message=_("A cost is not negative."),
            ),
            # What has been tested was mended by something.
            models.CheckConstraint(
                condition=~Q(status__in=[Status.TESTED, Status.RETURNED]) | ~Q(work_done=""),
                name="service_order_work",
                violation_error_code="work_done",
                violation_error_message=_("Say what was done."),
            ),
        ]
        indexes = [
            models.Index(fields=["institution", "-created_at", "-id"], name="service_order_house"),
            models.Index(
                fields=["institution", "created_at", "id"],
                condition=Q(closed_at=None),
                name="service_order_open",
            ),
            models.Index(fields=["device", "-created_at"], name="service_order_device"),
            models.Index(fields=["reported_by", "-created_at", "-id"], name="service_order_by"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The page of the work order."""
        return reverse("service:order", args=[self.public_id])

    @property
    def is_open(self) -> bool:
        """Whether somebody still works on it."""
        return self.closed_at is None


class WorkOrderEvent(models.Model):
    """One thing that happened to a work order; never changed, by trigger."""

    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="events")
    move = models.CharField(max_length=10, choices=[("report", "report"), *Move.choices])
    source = models.CharField(max_length=10, blank=True)
    target = models.CharField(max_length=10, choices=Status)
    reason = models.CharField(max_length=500, blank=True)
    data = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    objects = OrderEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event of a work order")
        verbose_name_plural = _("events of work orders")
        indexes = [models.Index(fields=["order", "id"], name="service_event_order")]

    def __str__(self) -> str:
        return f"{self.order}: {self.move}"
