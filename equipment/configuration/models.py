"""What each tier must have (基本配置标准), in editions."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.core.models import Public
from alliance.institutions.models import Alliance
from equipment.devices.models import DeviceType

from .choices import CONFIGURED_TIER_CHOICES, CONFIGURED_TIERS, EditionStatus
from .querysets import ItemQuerySet, StandardQuerySet
from .rules import MOST, OLDEST


class Standard(Public):
    """An edition of the base configuration of an alliance, in force from a date on.

    A draft is edited; a published one is never changed, a mistake is mended by the next edition.
    """

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="equipment_standards")
    name = models.CharField(_("name of the edition"), max_length=60)
    note = models.TextField(_("note"), blank=True)
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=EditionStatus,
        db_default=EditionStatus.DRAFT,
        editable=False,
    )
    effective_from = models.DateField(_("in force from"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = StandardQuerySet.as_manager()

    class Meta:
        verbose_name = _("base configuration")
        verbose_name_plural = _("base configurations")
        constraints = [
            models.CheckConstraint(
                condition=Q(status=EditionStatus.DRAFT, published_at=None, published_by=None)
                | Q(
                    status=EditionStatus.PUBLISHED,
                    published_at__isnull=False,
                    published_by__isnull=False,
                    effective_from__isnull=False,
                ),
                name="configuration_standard_published",
            ),
            models.UniqueConstraint(
                fields=["alliance", "effective_from"],
                condition=Q(status=EditionStatus.PUBLISHED),
                name="configuration_standard_one_a_date",
                violation_error_code="effective_from",
                violation_error_message=_("Another edition takes effect on that date."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The edition's page."""
        return reverse("configuration:standard", args=[self.public_id])


class StandardItem(models.Model):
    """What institutions of one tier must have of one type of device, and how old it may be."""

    standard = models.ForeignKey(Standard, models.CASCADE, related_name="items")
    tier = models.CharField(_("tier"), max_length=20, choices=CONFIGURED_TIER_CHOICES)
    type = models.ForeignKey(
        DeviceType, models.PROTECT, related_name="asked_by", verbose_name=_("device type")
    )
    minimum = models.PositiveSmallIntegerField(
        _("at least"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST)]
    )
    max_age_years = models.PositiveSmallIntegerField(
        _("at most years in use"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(OLDEST)],
    )
    purpose = models.CharField(_("what for"), max_length=120, blank=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a base configuration")
        verbose_name_plural = _("lines of base configurations")
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "tier", "type"], name="configuration_item_once"
            ),
            models.CheckConstraint(
                condition=Q(tier__in=CONFIGURED_TIERS), name="configuration_item_tier"
            ),
            models.CheckConstraint(
                condition=Q(minimum__range=(1, MOST))
                & (Q(max_age_years=None) | Q(max_age_years__range=(1, OLDEST))),
                name="configuration_item_numbers",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_tier_display()}: {self.type} ≥ {self.minimum}"
