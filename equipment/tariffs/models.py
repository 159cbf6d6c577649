"""The price list of sharing (共享收费目录)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.core.models import Public
from alliance.institutions.models import Alliance, DateRange
from equipment.devices.models import Device, DeviceType

from .choices import PRICED_TIER_CHOICES, PRICED_TIERS, Unit
from .querysets import PriceQuerySet

_OVERLAP = _("Another price counts in that time.")


def _no_overlap(name: str, subject: str) -> ExclusionConstraint:
    """One price at a time for one subject and tier of an alliance."""
    return ExclusionConstraint(
        name=name,
        expressions=[
            ("alliance", RangeOperators.EQUAL),
            (subject, RangeOperators.EQUAL),
            ("tier", RangeOperators.EQUAL),
            (DateRange("valid_from", "valid_until", RangeBoundary()), RangeOperators.OVERLAPS),
        ],
        condition=Q(**{f"{subject}__isnull": False}),
        violation_error_code="valid_from",
        violation_error_message=_OVERLAP,
    )


class Price(Public):
    """What the use of a type of device, or of one device, costs members of a tier for a period.

    The period is half-open; one that ends on its first day never counted. An empty tier stands for
    all. Of the amount nothing is changed later: a new price is a new row.
    """

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="prices")
    type = models.ForeignKey(
        DeviceType,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="prices",
        verbose_name=_("device type"),
    )
    device = models.ForeignKey(
        Device,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="prices",
        verbose_name=_("device"),
    )
    tier = models.CharField(
        _("tier of the user"), max_length=20, choices=PRICED_TIER_CHOICES, blank=True, default=""
    )
    unit = models.CharField(pgettext_lazy("price", "paid"), max_length=10, choices=Unit)
    amount = models.DecimalField(
        _("yuan"), max_digits=10, decimal_places=2, validators=[MinValueValidator(0)]
    )
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PriceQuerySet.as_manager()

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        constraints = [
            models.CheckConstraint(
                condition=Q(type=None, device__isnull=False) | Q(type__isnull=False, device=None),
                name="tariffs_price_subject",
                violation_error_code="type",
                violation_error_message=_("Name a type of device or one device, not both."),
            ),
            models.CheckConstraint(
                condition=Q(unit__in=Unit.values, tier__in=("", *PRICED_TIERS)),
                name="tariffs_price_words",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="tariffs_price_amount"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="tariffs_price_period",
                violation_error_code="valid_until",
                violation_error_message=_("It cannot end before it begins."),
            ),
            _no_overlap("tariffs_price_type_once", "type"),
            _no_overlap("tariffs_price_device_once", "device"),
        ]
        indexes = [
            models.Index(fields=["alliance", "-valid_from", "-id"], name="tariffs_price_list"),
        ]

    def __str__(self) -> str:
        return f"{self.device or self.type} {self.amount}"

    def get_absolute_url(self) -> str:
        """The price list, at this price."""
        return f"{reverse('tariffs:prices')}#price-{self.public_id}"
