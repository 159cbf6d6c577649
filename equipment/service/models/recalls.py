"""Recalls by makers, and which devices they concern."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.core.models import Public, TimeStamped
from alliance.institutions.models import Alliance, Institution
from equipment.devices.models import Device, DeviceType

from ..choices import RecallLevel, RecallOutcome
from ..querysets import RecalledQuerySet, RecallQuerySet


class Recall(Public):
    """A maker's recall (医疗器械召回) that concerns devices of the alliance, or of one institution.

    Devices are found by what the notice says: everything that is filled in must fit. One that
    `stops_use` takes each of them out of service until it is dealt with.
    """

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="recalls", editable=False)
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, related_name="recalls", editable=False
    )
    title = models.CharField(_("title"), max_length=120)
    level = models.CharField(_("class"), max_length=1, choices=RecallLevel)
    reference = models.CharField(_("number or source of the notice"), max_length=200)
    published_on = models.DateField(_("published on"))
    type = models.ForeignKey(
        DeviceType, models.PROTECT, null=True, blank=True, verbose_name=_("device type")
    )
    maker = models.CharField(_("manufacturer"), max_length=100, blank=True)
    model = models.CharField(_("words in the name or model"), max_length=100, blank=True)
    udi = models.CharField(_("UDI begins with"), max_length=120, blank=True)
    serials = models.TextField(_("serial numbers"), max_length=20_000, blank=True)
    instruction = models.CharField(_("what to do"), max_length=500, blank=True)
    stops_use = models.BooleanField(_("out of use until dealt with"), default=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = RecallQuerySet.as_manager()

    class Meta:
        verbose_name = _("recall")
        verbose_name_plural = _("recalls")
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=RecallLevel.values), name="service_recall_level"
            ),
            # A recall of everything would stop every device of the alliance.
            models.CheckConstraint(
                condition=~Q(maker="", model="", udi="", serials="", type=None),
                name="service_recall_aim",
                violation_error_code="maker",
                violation_error_message=_("Say which devices are meant, by at least one of these."),
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="service_recall_closed_pair",
            ),
        ]
        indexes = [
            models.Index(fields=["alliance", "-created_at", "-id"], name="service_recall_list"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page of the recall."""
        return reverse("service:recall", args=[self.public_id])

    @property
    def serial_numbers(self) -> list[str]:
        """The serial numbers it names, one a line; none means all."""
        return [line.strip() for line in self.serials.splitlines() if line.strip()]


class RecalledDevice(TimeStamped):
    """A device that a recall concerns, and what became of it."""

    recall = models.ForeignKey(Recall, models.PROTECT, related_name="devices")
    device = models.ForeignKey(Device, models.PROTECT, related_name="recalls")
    outcome = models.CharField(_("outcome"), max_length=10, choices=RecallOutcome, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    handled_at = models.DateTimeField(_("dealt with"), null=True, editable=False)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = RecalledQuerySet.as_manager()

    class Meta:
        verbose_name = _("recalled device")
        verbose_name_plural = _("recalled devices")
        constraints = [
            models.UniqueConstraint(fields=["recall", "device"], name="service_recalled_once"),
            models.CheckConstraint(
                condition=Q(handled_at=None, handled_by=None, outcome="")
                | Q(
                    handled_at__isnull=False,
                    handled_by__isnull=False,
                    outcome__in=RecallOutcome.values,
                ),
                name="service_recalled_handled",
            ),
        ]
        indexes = [
            models.Index(
                fields=["device"], condition=Q(handled_at=None), name="service_recalled_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recall}: {self.device}"
