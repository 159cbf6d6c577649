"""Stock-takes of devices (设备盘点)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.core.models import Public, TimeStamped
from alliance.institutions.models import Institution

from ..querysets import LineQuerySet, StocktakeQuerySet
from .devices import Device


class Stocktake(Public):
    """A stock-take of an institution's devices: what was expected is found by scanning labels."""

    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="stocktakes", verbose_name=_("institution")
    )
    name = models.CharField(_("name"), max_length=60)
    begun_on = models.DateField(_("begun on"))
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = StocktakeQuerySet.as_manager()

    class Meta:
        verbose_name = _("stock-take")
        verbose_name_plural = _("stock-takes")
        constraints = [
            models.UniqueConstraint(
                fields=["institution"],
                condition=Q(closed_at=None),
                name="devices_stocktake_one_open",
                violation_error_code="name",
                violation_error_message=_("Another stock-take is still open."),
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="devices_stocktake_closed_pair",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of the stock-take."""
        return reverse("devices:stocktake", args=[self.public_id])


class StocktakeLine(TimeStamped):
    """One device of a stock-take: found by whom, when and where; or found though not expected."""

    stocktake = models.ForeignKey(Stocktake, models.CASCADE, related_name="lines")
    device = models.ForeignKey(Device, models.PROTECT, related_name="+")
    is_expected = models.BooleanField(_("expected"), default=True)
    found_at = models.DateTimeField(pgettext_lazy("stock-take", "found"), null=True)
    found_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    location = models.CharField(_("location"), max_length=120, blank=True)
    remark = models.CharField(_("remark"), max_length=300, blank=True)

    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a stock-take")
        verbose_name_plural = _("lines of stock-takes")
        constraints = [
            models.UniqueConstraint(fields=["stocktake", "device"], name="devices_line_once"),
            models.CheckConstraint(
                condition=Q(found_at=None, found_by=None, is_expected=True)
                | Q(found_at__isnull=False, found_by__isnull=False),
                name="devices_line_found_pair",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stocktake}: {self.device}"
