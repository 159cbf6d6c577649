"""Refusals of bookings in words: why, and what would work."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.templatetags.times import day_and_weekday, when
from equipment.devices.models import Device

from .choices import Code
from .errors import Told
from .rules import Refusal

_TEXTS: Final[dict[str, tuple[Any, Any]]] = {
    Code.PERIOD: (_("The end is not after the start."), _("Choose a later end.")),
    Code.PAST: (_("This time is over."), _("Choose a time to come.")),
    Code.TOO_LONG: (
        _("A use may take %(minutes)s minutes at most."),
        _("Book less, or two times with a pause."),
    ),
    Code.TOO_SOON: (
        _("Others' devices are booked some time ahead."),
        _("Book from %(earliest_at)s on, or call the keeper."),
    ),
    Code.TOO_FAR: (
        _("Bookings are made %(days)s days ahead at most."),
        _("Until %(latest_on)s may be booked now."),
    ),
    Code.CLOSED: (
        _("Devices are shared from %(opens)s:00 to %(closes)s:00."),
        _("Choose a time within these hours."),
    ),
    Code.NOT_SHARED: (
        _("%(device)s is not shared with your institution."),
        _("Choose a device that is, or ask its keeper."),
    ),
    Code.UNFIT: (
        _("%(device)s is not meant for this technique."),
        _("Search by technique for devices that are."),
    ),
    Code.NO_TECHNIQUE: (
        _("%(device)s is booked for a technique."),
        _("Say which technique will be performed."),
    ),
    Code.NOT_PRIVILEGED: (
        _("The operator may not perform this technique at %(place)s: %(reasons)s"),
        _("Choose an operator who may, or apply for the privilege."),
    ),
    Code.NEEDS_MENTOR: (
        _("The operator may perform this technique under supervision only."),
        _("Book a mentor for the same time."),
    ),
    Code.MENTOR_UNFIT: (
        _("The mentor may not perform this technique independently at %(place)s: %(reasons)s"),
        _("Choose a mentor who may."),
    ),
    Code.OUT: (
        _("%(device)s is not in service in this time: %(why)s"),
        _("Choose another time or another device."),
    ),
    Code.TAKEN: (
        _("%(device)s is taken in this time, set-up and cleaning included."),
        _("Take one of the free times."),
    ),
    Code.OPERATOR_BUSY: (
        _("The operator is booked elsewhere in this time."),
        _("Choose another time or another operator."),
    ),
    Code.MENTOR_BUSY: (
        _("The mentor is booked elsewhere in this time."),
        _("Choose another time or another mentor."),
    ),
    Code.QUOTA: (
        _("Your institution has used its %(quota)s bookings of this week."),
        _("Book from %(again_at)s on, or cancel one you do not need."),
    ),
    Code.RESERVED: (
        _("%(from_at)s to %(until_at)s is reserved for townships."),
        _("It opens to all at %(opens_at)s; until then choose another time."),
    ),
    Code.BLOCKED: (
        _("%(strikes)s bookings were missed or cancelled too late."),
        _("You can book again from %(until_at)s; a keeper may excuse a missed booking."),
    ),
}


def told(refusals: Iterable[Refusal], devices: Mapping[int, Device]) -> list[Told]:
    """Each refusal as the reader is told it."""
    return [_told(one, devices) for one in refusals]


def _told(one: Refusal, devices: Mapping[int, Device]) -> Told:
    device = devices.get(one.device_id) if one.device_id else None
    values = {name: _say(name, value) for name, value in one.facts.items()}
    values["device"] = device.name if device else ""
    text, step = _TEXTS[one.code]
    return Told(one.code.value, str(text) % values, str(step) % values, device)


def _say(name: str, value: Any) -> str:
    if name.endswith("_at"):
        return str(when(value))
    if name.endswith("_on"):
        return day_and_weekday(timezone.localtime(value))
    if isinstance(value, list):
        return " ".join(str(part) for part in value)
    return str(value)
