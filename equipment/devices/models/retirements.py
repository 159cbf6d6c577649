"""That devices left the register, also where that was a mistake."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from ..choices import Retirement
from ..querysets import RetirementQuerySet
from .devices import Device


class DeviceRetirement(models.Model):
    """That a device left the register, who said so, and who took it back as a mistake and why.

    `by` is None of one that left before these rows were kept.
    """

    device = models.ForeignKey(Device, models.PROTECT, related_name="retirements")
    retired_on = models.DateField()
    retirement = models.CharField(max_length=10, choices=Retirement)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now())
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    undone_why = models.CharField(max_length=300, blank=True)

    objects = RetirementQuerySet.as_manager()

    class Meta:
        verbose_name = _("retirement of a device")
        verbose_name_plural = _("retirements of devices")
        constraints = [
            models.UniqueConstraint(
                fields=["device"],
                condition=Q(undone_at=None),
                name="devices_retirement_once",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None, undone_why="")
                | Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undone_why=""),
                name="devices_retirement_undone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.device}: {self.retired_on}"
