"""A booking that is not granted, with every reason and what would work instead."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.catalogue.models import Technique
from alliance.core.errors import DomainError
from alliance.core.policy import PolicySet
from alliance.institutions.models import Alliance, Institution
from alliance.patients.models import Patient
from alliance.people.models import Practitioner
from equipment.devices.models import Device

from .models import Booking, BookingSeries
from .rules import Period, Refusal


@dataclass(frozen=True, slots=True)
class Asked:
    """All that is asked for with one booking; `at` is when it is asked."""

    devices: Sequence[Device]
    institution: Institution
    place: Institution
    operator: Practitioner
    technique: Technique | None
    period: Period
    by: Any
    at: datetime
    mentor: Practitioner | None = None
    patient: Patient | None = None
    referral_number: str = ""
    note: str = ""
    series: BookingSeries | None = None
    # The booking that is exchanged for this one.
    replaces: Booking | None = None

    @property
    def people(self) -> list[int]:
        """Ids of those whose time it takes."""
        return [one.pk for one in (self.operator, self.mentor) if one is not None]


@dataclass(frozen=True, slots=True)
class Ground:
    """On what a booking is judged: the alliance in which it would be made, and its policy.

    `shared` are the owners whose devices the house may have: members of that alliance, and itself.
    """

    alliance: Alliance | None
    shared: frozenset[int]
    settings: PolicySet


@dataclass(frozen=True, slots=True)
class Free:
    """A time in which a device, or several together, could be booked instead."""

    device_ids: tuple[int, ...]
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """A reason in words, and what may be done about it."""

    code: str
    text: str
    next_step: str
    device: Device | None = None


@dataclass(slots=True)
class Instead:
    """What would work: other times of the same devices, other devices at the same time."""

    times: list[Free] = field(default_factory=list)
    devices: list[Device] = field(default_factory=list)


class BookingRefused(DomainError):
    """A booking that is not granted. `refusals_kept` (in actions) adds what would work instead."""

    def __init__(
        self,
        asked: Asked,
        ground: Ground | None,
        refusals: Sequence[Refusal],
        told: Sequence[Told],
    ) -> None:
        reasons = [
            {
                "code": one.code,
                "text": one.text,
                "next_step": one.next_step,
                "device": str(one.device.public_id) if one.device else None,
            }
            for one in told
        ]
        super().__init__(
            "booking_refused",
            _("This cannot be booked: %(why)s") % {"why": " ".join(one.text for one in told)},
            reasons=reasons,
            alternatives=[],
            other_devices=[],
        )
        self.asked, self.ground = asked, ground
        self.refusals, self.told = refusals, told
        self.instead = Instead()

    @property
    def codes(self) -> list[str]:
        """The codes of the reasons, each once, in order."""
        return list(dict.fromkeys(one.code for one in self.told))

    def offer(self, instead: Instead) -> None:
        """Add what would work, for pages (`instead`) and for other systems (`details`)."""
        self.instead = instead
        names = {device.pk: str(device.public_id) for device in self.asked.devices}
        self.details["alternatives"] = [
            {
                "devices": [names[pk] for pk in one.device_ids],
                "starts_at": timezone.localtime(one.starts_at).isoformat(),
                "ends_at": timezone.localtime(one.ends_at).isoformat(),
            }
            for one in instead.times
        ]
        self.details["other_devices"] = [
            {
                "device": str(one.public_id),
                "name": one.name,
                "owner": str(one.owner.public_id),
                "owner_name": one.owner.name,
            }
            for one in instead.devices
        ]
