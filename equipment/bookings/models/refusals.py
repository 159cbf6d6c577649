"""What was asked for and not granted."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliance.catalogue.models import Technique
from alliance.institutions.models import Alliance, Institution
from equipment.devices.models import Device, DeviceType

from ..querysets import BookingRefusalQuerySet
from .bookings import BookingSeries


class BookingRefusal(models.Model):
    """A booking that was asked for and not granted, with every reason: for seeing what is short.

    `at` is when it was asked for; `device` the first of those asked for that was refused.
    """

    alliance = models.ForeignKey(Alliance, models.PROTECT, null=True, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    type = models.ForeignKey(DeviceType, models.PROTECT, related_name="+")
    device = models.ForeignKey(Device, models.PROTECT, related_name="+")
    technique = models.ForeignKey(Technique, models.PROTECT, null=True, related_name="+")
    series = models.ForeignKey(
        BookingSeries, models.PROTECT, null=True, blank=True, related_name="refusals"
    )
    codes = ArrayField(models.CharField(max_length=30))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    objects = BookingRefusalQuerySet.as_manager()

    class Meta:
        verbose_name = _("refused booking")
        verbose_name_plural = _("refused bookings")
        constraints = [
            models.CheckConstraint(condition=Q(codes__len__gt=0), name="bookings_refusal_codes"),
        ]
        indexes = [
            models.Index(fields=["alliance", "-at", "-id"], name="bookings_refusal_alliance"),
        ]

    def __str__(self) -> str:
        return f"{self.device} {', '.join(self.codes)}"
