"""Tours: a vehicle with devices that stops at institutions, with places to be booked (设备巡回)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.core.expressions import MomentRange
from alliance.core.models import Public
from alliance.institutions.models import Alliance, Institution
from alliance.people.models import Practitioner
from equipment.devices.models import Device

from .choices import Act, PlaceStatus, Status
from .querysets import EventQuerySet, PlaceQuerySet, StopQuerySet, TourDeviceQuerySet, TourQuerySet

PLACES_MOST = 500


def _apart(name: str, subject: str, at: str, sentence: Any) -> ExclusionConstraint:
    """No two live rows of one subject share a moment; told in a sentence at a field."""
    return ExclusionConstraint(
        name=name,
        expressions=[
            (subject, RangeOperators.EQUAL),
            (MomentRange("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
        ],
        condition=Q(is_live=True),
        violation_error_code=at,
        violation_error_message=sentence,
    )


class Tour(Public):
    """A vehicle and the devices on board, away from `starts_at` until before `ends_at`.

    Planned by the keeper of the vehicle's owner or by the alliance office; members see it once it
    is announced.
    """

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="tours")
    owner = models.ForeignKey(
        Institution, models.PROTECT, related_name="tours", verbose_name=_("owner")
    )
    vehicle = models.ForeignKey(
        Device,
        models.PROTECT,
        related_name="tours",
        verbose_name=pgettext_lazy("equipment", "vehicle"),
    )
    name = models.CharField(pgettext_lazy("tour", "name"), max_length=60)
    starts_at = models.DateTimeField(_("leaves"))
    ends_at = models.DateTimeField(_("is back"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.PLANNED, editable=False
    )
    cancel_reason = models.CharField(_("reason"), max_length=200, blank=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    # Counted by `for_list`.
    stop_count: int

    objects = TourQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("equipment", "tour")
        verbose_name_plural = pgettext_lazy("equipment", "tours")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="tours_tour_status"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="tours_tour_period",
                violation_error_code="ends_at",
                violation_error_message=_("The end must be after the start."),
            ),
            models.CheckConstraint(
                condition=Q(~Q(cancel_reason=""), status=Status.CANCELLED)
                | Q(~Q(status=Status.CANCELLED), cancel_reason=""),
                name="tours_tour_cancelled",
            ),
        ]
        indexes = [
            models.Index(fields=["alliance", "starts_at", "id"], name="tours_tour_alliance"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of the tour."""
        return reverse("tours:tour", args=[self.public_id])


class TourDevice(models.Model):
    """The vehicle of a tour, or a device on board: held as long as the tour holds it, by trigger.

    Bookings ask for these rows (see `selectors.holds`), and no two tours hold the same device.
    """

    tour = models.ForeignKey(Tour, models.PROTECT, related_name="lines")
    device = models.ForeignKey(Device, models.PROTECT, related_name="tour_lines")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    is_live = models.BooleanField(default=True, editable=False)

    objects = TourDeviceQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("equipment", "device on a tour")
        verbose_name_plural = pgettext_lazy("equipment", "devices on tours")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["tour", "device"], name="tours_tourdevice_once"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="tours_tourdevice_period"
            ),
            _apart(
                "tours_tourdevice_no_overlap",
                "device",
                "device",
                _("It is on another tour in this time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tour_id}: {self.device_id}"


class Stop(Public):
    """When and where a tour stops, and how many places it has there.

    `vehicle`, `is_live` and `taken` follow the tour and the booked places, by trigger: the table
    itself refuses one place too many.
    """

    tour = models.ForeignKey(Tour, models.PROTECT, related_name="stops")
    vehicle = models.ForeignKey(Device, models.PROTECT, related_name="+", editable=False)
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="tour_stops", verbose_name=_("institution")
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    location = models.CharField(_("where it stands"), max_length=100, blank=True)
    capacity = models.PositiveSmallIntegerField(
        pgettext_lazy("tour", "places"),
        validators=[MinValueValidator(1), MaxValueValidator(PLACES_MOST)],
    )
    taken = models.PositiveSmallIntegerField(_("taken"), default=0, editable=False)
    is_live = models.BooleanField(default=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    cancel_reason = models.CharField(_("reason"), max_length=200, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = StopQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("equipment", "stop of a tour")
        verbose_name_plural = pgettext_lazy("equipment", "stops of tours")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="tours_stop_period",
                violation_error_code="ends_at",
                violation_error_message=_("The end must be after the start."),
            ),
            models.CheckConstraint(
                condition=Q(capacity__range=(1, PLACES_MOST)), name="tours_stop_capacity"
            ),
            models.CheckConstraint(
                condition=Q(taken__lte=F("capacity")), name="tours_stop_not_overbooked"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancel_reason="")
                | Q(~Q(cancel_reason=""), cancelled_at__isnull=False),
                name="tours_stop_cancelled",
            ),
            # A vehicle is at one place at a time.
            _apart(
                "tours_stop_no_overlap",
                "vehicle",
                "starts_at",
                _("The vehicle stands elsewhere at that time."),
            ),
        ]
        indexes = [
            models.Index(fields=["institution", "starts_at", "id"], name="tours_stop_house"),
            models.Index(fields=["tour", "starts_at", "id"], name="tours_stop_tour"),
        ]

    def __str__(self) -> str:
        return f"{self.institution} {self.starts_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        """The page of the stop."""
        return reverse("tours:stop", args=[self.public_id])

    @property
    def free(self) -> int:
        """Places that nobody has taken."""
        return self.capacity - self.taken


class Place(Public):
    """One numbered place at a stop, for a patient or a case, booked by the institution's doctor.

    `subject` is free text, so that nobody need be registered to be examined: it is for the eyes of
    the institution of the stop, of the tour's owner and of the alliance office.
    """

    stop = models.ForeignKey(Stop, models.PROTECT, related_name="places")
    number = models.PositiveSmallIntegerField(pgettext_lazy("tour", "number"))
    subject = models.CharField(_("patient or case"), max_length=60)
    doctor = models.ForeignKey(
        Practitioner, models.PROTECT, related_name="tour_places", verbose_name=_("doctor")
    )
    note = models.CharField(_("what is to be examined"), max_length=200, blank=True)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=PlaceStatus,
        default=PlaceStatus.BOOKED,
        editable=False,
    )
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True, editable=False)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("equipment", "place at a stop")
        verbose_name_plural = pgettext_lazy("equipment", "places at stops")
        constraints = [
            models.UniqueConstraint(
                fields=["stop", "number"],
                condition=Q(status=PlaceStatus.BOOKED),
                name="tours_place_number_once",
            ),
            models.CheckConstraint(
                condition=Q(number__range=(1, PLACES_MOST)), name="tours_place_number"
            ),
            models.CheckConstraint(
                condition=Q(status=PlaceStatus.BOOKED, cancelled_at=None, cancelled_by=None)
                | Q(
                    status=PlaceStatus.CANCELLED,
                    cancelled_at__isnull=False,
                    cancelled_by__isnull=False,
                ),
                name="tours_place_status",
            ),
        ]
        indexes = [models.Index(fields=["stop", "number", "id"], name="tours_place_stop")]

    def __str__(self) -> str:
        return f"{self.stop_id}: {self.number}"


class TourEvent(models.Model):
    """One line in the history of a tour; never changed, by trigger."""

    tour = models.ForeignKey(Tour, models.PROTECT, related_name="events")
    act = models.CharField(_("act"), max_length=12, choices=Act)
    source = models.CharField(max_length=10, choices=Status, blank=True)
    target = models.CharField(max_length=10, choices=Status)
    stop = models.ForeignKey(Stop, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("equipment", "event of a tour")
        verbose_name_plural = pgettext_lazy("equipment", "events of tours")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(act__in=Act.values, target__in=Status.values)
                & Q(source__in=["", *Status.values]),
                name="tours_event_words",
            ),
        ]
        indexes = [models.Index(fields=["tour", "id"], name="tours_event_tour")]

    def __str__(self) -> str:
        return f"{self.tour_id}: {self.act}"
