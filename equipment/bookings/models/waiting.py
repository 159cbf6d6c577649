"""The waiting list: who wants a device that is taken, and what was offered to them (候补)."""

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
from equipment.devices.models import Device, DeviceType

from ..waiting.choices import ON_THE_LIST, Answer, EntryState
from ..waiting.querysets import EntryQuerySet, OfferQuerySet
from .bookings import Booking


class WaitingEntry(Public):
    """Somebody who wants a device for so long within a window; served in order of the key.

    `device` None: any of the type that the alliance shares. Everything a booking needs is kept, so
    that an offer is accepted with one tap.
    """

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="+")
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="waiting_entries", verbose_name=_("institution")
    )
    place = models.ForeignKey(
        Institution,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("place of use"),
    )
    type = models.ForeignKey(
        DeviceType, models.PROTECT, related_name="+", verbose_name=_("device type")
    )
    device = models.ForeignKey(
        Device,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="waiting_entries",
        verbose_name=_("device"),
    )
    technique = models.ForeignKey(
        Technique,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("technique"),
    )
    operator = models.ForeignKey(
        Practitioner, models.PROTECT, related_name="+", verbose_name=_("operator")
    )
    mentor = models.ForeignKey(
        Practitioner,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("mentor"),
    )
    patient = models.ForeignKey(
        Patient, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("patient")
    )
    referral_number = models.CharField(_("number of the referral"), max_length=30, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("minutes of use"), validators=[MinValueValidator(5), MaxValueValidator(1440)]
    )
    wanted_from = models.DateTimeField(_("not before"))
    wanted_until = models.DateTimeField(_("done by"))
    state = models.CharField(
        _("status"), max_length=10, choices=EntryState, default=EntryState.WAITING, editable=False
    )
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("waiting-list entry")
        verbose_name_plural = _("waiting list of devices")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=EntryState.values), name="bookings_waiting_state"
            ),
            models.CheckConstraint(
                condition=Q(wanted_until__gt=F("wanted_from")) & Q(minutes__range=(5, 1440)),
                name="bookings_waiting_window",
                violation_error_code="wanted_until",
                violation_error_message=_("The end must be after the start."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=ON_THE_LIST, ended_at=None)
                | Q(~Q(state__in=ON_THE_LIST), ended_at__isnull=False),
                name="bookings_waiting_ended",
            ),
            models.CheckConstraint(
                condition=Q(mentor=None) | ~Q(mentor=F("operator")), name="bookings_waiting_mentor"
            ),
        ]
        indexes = [
            models.Index(
                fields=["alliance", "type", "id"],
                condition=Q(state=EntryState.WAITING),
                name="bookings_waiting_line",
            ),
            models.Index(fields=["institution", "-id"], name="bookings_waiting_house"),
        ]

    def __str__(self) -> str:
        return f"{self.device or self.type} · {self.institution}"

    def get_absolute_url(self) -> str:
        """The list on which it stands."""
        return f"{reverse('bookings:waiting')}#entry-{self.public_id}"


class WaitingOffer(Public):
    """A freed time of a device, kept for one who waits until `answer_by`.

    While open it holds the device from `block_from` to `block_until`, set-up and cleaning included.
    """

    entry = models.ForeignKey(WaitingEntry, models.PROTECT, related_name="offers")
    device = models.ForeignKey(Device, models.PROTECT, related_name="offers")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    block_from = models.DateTimeField()
    block_until = models.DateTimeField()
    answer_by = models.DateTimeField(_("answer by"))
    answer = models.CharField(
        _("answer"), max_length=10, choices=Answer, default=Answer.OPEN, editable=False
    )
    answered_at = models.DateTimeField(null=True, editable=False)
    booking = models.OneToOneField(
        Booking, models.PROTECT, null=True, related_name="offer", editable=False
    )

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer to somebody waiting")
        verbose_name_plural = _("offers to people waiting")
        constraints = [
            models.CheckConstraint(
                condition=Q(answer__in=Answer.values), name="bookings_offer_answer"
            ),
            models.CheckConstraint(
                condition=Q(answer=Answer.OPEN, answered_at=None)
                | Q(~Q(answer=Answer.OPEN), answered_at__isnull=False),
                name="bookings_offer_answered_pair",
            ),
            models.CheckConstraint(
                condition=Q(answer=Answer.ACCEPTED, booking__isnull=False)
                | Q(~Q(answer=Answer.ACCEPTED), booking=None),
                name="bookings_offer_booked_pair",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at"))
                & Q(block_from__lte=F("starts_at"))
                & Q(block_until__gte=F("ends_at")),
                name="bookings_offer_period",
            ),
            models.UniqueConstraint(
                fields=["entry"], condition=Q(answer=Answer.OPEN), name="bookings_offer_one_open"
            ),
            # A freed hour is offered to one person at a time.
            ExclusionConstraint(
                name="bookings_offer_no_overlap",
                expressions=[
                    ("device", RangeOperators.EQUAL),
                    (
                        MomentRange("block_from", "block_until", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(answer=Answer.OPEN),
            ),
        ]
        indexes = [
            models.Index(
                fields=["answer_by"],
                condition=Q(answer=Answer.OPEN),
                name="bookings_offer_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.device} {self.starts_at:%Y-%m-%d %H:%M}"
