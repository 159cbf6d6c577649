"""Bookings of devices: who has which device when, for what (设备预约)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.catalogue.models import Technique
from alliance.core.expressions import MomentRange
from alliance.core.models import Public
from alliance.institutions.models import Alliance, Institution
from alliance.patients.models import Patient
from alliance.people.models import Practitioner
from equipment.devices.choices import Condition
from equipment.devices.models import Device
from training.logbook.models import Case

from ..choices import Act, Every, MentorWord, PersonRole, Status
from ..querysets import (
    BookedDeviceQuerySet,
    BookedPersonQuerySet,
    BookingEventQuerySet,
    BookingQuerySet,
    BookingSeriesQuerySet,
)

REPEATS_MOST = 60


class BookingSeries(Public):
    """A booking that repeats: each occurrence is a booking of its own, or was refused."""

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="+")
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="booking_series", verbose_name=_("institution")
    )
    every = models.CharField(_("repeats"), max_length=2, choices=Every)
    count = models.PositiveSmallIntegerField(
        _("times"), validators=[MinValueValidator(2), MaxValueValidator(REPEATS_MOST)]
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = BookingSeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("repeating booking")
        verbose_name_plural = _("repeating bookings")
        constraints = [
            models.CheckConstraint(
                condition=Q(every__in=Every.values, count__range=(2, REPEATS_MOST)),
                name="bookings_series_repeats",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_every_display()} x {self.count}"


class Booking(Public):
    """One or more devices for one use by one operator, from `starts_at` until before `ends_at`.

    `institution` booked it, `place` is where it is used (the same, or a house whose device it is).
    `mentor_word`: what the mentor said, where they are asked (without an account, by telephone, as
    who called them recorded); who declined is bound no more.
    Set-up and cleaning come on top, for each device (`BookedDevice`). `used_from` and `used_until`
    are the real use. `is_late`: cancelled after the deadline. `is_excused`: being missed or late
    does not count. While the last user has not given a device back in time, `held_up_at` and
    `held_up_by` say since when and who. While one of its devices is not available, `affected_at` and `affected_code`
    say since when and why. `replaces` is the one that was exchanged for it, then cancelled.
    """

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="bookings")
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="bookings", verbose_name=_("institution")
    )
    place = models.ForeignKey(
        Institution, models.PROTECT, related_name="+", verbose_name=_("place of use")
    )
    technique = models.ForeignKey(
        Technique,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="bookings",
        verbose_name=_("technique"),
    )
    operator = models.ForeignKey(
        Practitioner, models.PROTECT, related_name="bookings", verbose_name=_("operator")
    )
    mentor = models.ForeignKey(
        Practitioner,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="mentored_bookings",
        verbose_name=_("mentor"),
    )
    mentor_word = models.CharField(
        _("word of the mentor"), max_length=10, choices=MentorWord, blank=True, editable=False
    )
    is_supervised = models.BooleanField(_("under supervision"), default=False)
    patient = models.ForeignKey(
        Patient,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="bookings",
        verbose_name=_("patient"),
    )
    referral_number = models.CharField(_("number of the referral"), max_length=30, blank=True)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    series = models.ForeignKey(
        BookingSeries, models.PROTECT, null=True, blank=True, related_name="bookings"
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, editable=False)
    used_from = models.DateTimeField(_("use began"), null=True, editable=False)
    used_until = models.DateTimeField(_("use ended"), null=True, editable=False)
    consumables = models.CharField(_("consumables"), max_length=500, blank=True)
    remark = models.CharField(_("remark"), max_length=500, blank=True)
    case = models.ForeignKey(
        Case,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="bookings",
        verbose_name=_("case in the logbook"),
    )
    is_late = models.BooleanField(_("cancelled too late"), default=False, editable=False)
    is_excused = models.BooleanField(_("excused"), default=False, editable=False)
    affected_at = models.DateTimeField(_("device away since"), null=True, editable=False)
    affected_code = models.CharField(max_length=30, blank=True, editable=False)
    held_up_at = models.DateTimeField(_("held up since"), null=True, editable=False)
    held_up_by = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="holds_up", editable=False
    )
    reminded_at = models.DateTimeField(_("reminded"), null=True, editable=False)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="replaced_by", editable=False
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="bookings_booking_status"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="bookings_booking_period",
                violation_error_code="ends_at",
                violation_error_message=_("The end must be after the start."),
            ),
            models.CheckConstraint(
                condition=Q(mentor=None, is_supervised=False)
                | Q(mentor__isnull=False) & ~Q(mentor=F("operator")),
                name="bookings_booking_mentor",
                violation_error_code="mentor",
                violation_error_message=_("Somebody else than the operator is the mentor."),
            ),
            models.CheckConstraint(
                condition=Q(mentor_word="")
                | Q(mentor_word__in=MentorWord.values, mentor__isnull=False),
                name="bookings_booking_mentor_word",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.IN_USE, used_from__isnull=False, used_until=None)
                | Q(
                    status=Status.COMPLETED,
                    used_from__isnull=False,
                    used_until__isnull=False,
                    used_until__gt=F("used_from"),
                )
                | Q(~Q(status__in=(Status.IN_USE, Status.COMPLETED)), used_from=None,
                    used_until=None),
                name="bookings_booking_used",
            ),
            models.CheckConstraint(
                condition=Q(is_late=False) | Q(status=Status.CANCELLED),
                name="bookings_booking_late",
            ),
            models.CheckConstraint(
                condition=Q(affected_at=None, affected_code="")
                | Q(~Q(affected_code=""), affected_at__isnull=False),
                name="bookings_booking_affected_pair",
            ),
            models.CheckConstraint(
                condition=Q(held_up_at=None, held_up_by=None)
                | Q(held_up_at__isnull=False, held_up_by__isnull=False)
                & ~Q(held_up_by=F("id")),
                name="bookings_booking_held_up_pair",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["alliance", "-starts_at", "-id"], name="bookings_book_alliance"),
            models.Index(fields=["institution", "-starts_at", "-id"], name="bookings_book_house"),
            models.Index(
                fields=["starts_at"],
                condition=Q(status__in=(Status.REQUESTED, Status.CONFIRMED)),
                name="bookings_book_waiting",
            ),
            models.Index(fields=["-starts_at", "-id"], name="bookings_book_newest"),
            models.Index(fields=["updated_at"], name="bookings_book_updated"),
            models.Index(
                fields=["ends_at"], condition=Q(status=Status.IN_USE), name="bookings_book_in_use"
            ),
            models.Index(
                fields=["-starts_at", "-id"],
                condition=Q(is_excused=False)
                & (Q(status=Status.NO_SHOW) | Q(status=Status.CANCELLED, is_late=True)),
                name="bookings_book_counting",
            ),
            models.Index(
                fields=["referral_number"],
                condition=~Q(referral_number=""),
                name="bookings_book_referral",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution} {self.starts_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        """The page of the booking."""
        return reverse("bookings:booking", args=[self.public_id])


class BookedDevice(models.Model):
    """A device of a booking, and how long nobody else has it: set-up and cleaning included.

    `is_live` follows the status of the booking, by trigger. After use, `block_until` is when it was
    clean again. `condition` is what was found after use, for who comes next.
    """

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="lines")
    device = models.ForeignKey(Device, models.PROTECT, related_name="bookings")
    block_from = models.DateTimeField(_("blocked from"))
    block_until = models.DateTimeField(_("blocked until"))
    is_live = models.BooleanField(default=True, editable=False)
    needs_approval = models.BooleanField(_("waits for its keeper"), default=False)
    approved_at = models.DateTimeField(_("approved"), null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    condition = models.CharField(
        _("condition after use"), max_length=10, choices=Condition, blank=True
    )
    condition_note = models.CharField(_("remark on the condition"), max_length=300, blank=True)

    objects = BookedDeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("booked device")
        verbose_name_plural = _("booked devices")
        constraints = [
            models.UniqueConstraint(
                fields=["booking", "device"], name="bookings_bookeddevice_once"
            ),
            models.CheckConstraint(
                condition=Q(block_until__gt=F("block_from")), name="bookings_bookeddevice_period"
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False, needs_approval=True),
                name="bookings_bookeddevice_approved",
            ),
            models.CheckConstraint(
                condition=Q(condition="") | Q(condition__in=Condition.values),
                name="bookings_bookeddevice_condition",
            ),
            # The same hour of a device is never promised twice.
            ExclusionConstraint(
                name="bookings_bookeddevice_no_overlap",
                expressions=[
                    ("device", RangeOperators.EQUAL),
                    (
                        MomentRange("block_from", "block_until", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(is_live=True),
            ),
        ]
        indexes = [
            models.Index(fields=["device", "-block_from", "-id"], name="bookings_line_device"),
            models.Index(
                fields=["device"],
                condition=Q(needs_approval=True, approved_at=None),
                name="bookings_line_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.device} {self.block_from:%Y-%m-%d %H:%M}"


class BookedPerson(models.Model):
    """Who is bound by a booking, and when; `is_live` follows the booking, by trigger."""

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="people")
    practitioner = models.ForeignKey(Practitioner, models.PROTECT, related_name="booked_times")
    role = models.CharField(_("role"), max_length=10, choices=PersonRole)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    is_live = models.BooleanField(default=True, editable=False)

    objects = BookedPersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("booked person")
        verbose_name_plural = _("booked people")
        constraints = [
            models.UniqueConstraint(fields=["booking", "role"], name="bookings_bookedperson_once"),
            models.CheckConstraint(
                condition=Q(role__in=PersonRole.values), name="bookings_bookedperson_role"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="bookings_bookedperson_period"
            ),
            # Nobody is at two places at a time, neither as operator nor as mentor.
            ExclusionConstraint(
                name="bookings_bookedperson_no_overlap",
                expressions=[
                    ("practitioner", RangeOperators.EQUAL),
                    (MomentRange("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                condition=Q(is_live=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.practitioner} {self.starts_at:%Y-%m-%d %H:%M}"


class BookingEvent(models.Model):
    """One line in the history of a booking; never changed, by trigger. `by` None: the scheduler."""

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="events")
    act = models.CharField(_("act"), max_length=10, choices=Act)
    source = models.CharField(max_length=10, choices=Status, blank=True)
    target = models.CharField(max_length=10, choices=Status)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    data = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("at"))

    objects = BookingEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event of a booking")
        verbose_name_plural = _("events of bookings")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(act__in=Act.values, target__in=Status.values)
                & Q(source__in=["", *Status.values]),
                name="bookings_event_words",
            ),
        ]
        indexes = [models.Index(fields=["booking", "id"], name="bookings_event_booking")]

    def __str__(self) -> str:
        return f"{self.booking_id}: {self.act}"
