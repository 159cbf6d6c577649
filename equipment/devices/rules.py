"""Arithmetic of devices, and what is refused of them. Pure: facts in, refusals out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from django.utils.translation import gettext as _


def years_between(since: date, on: date) -> int:
    """Whole years from one day to another, as birthdays count; none before the first."""
    years = on.year - since.year - ((on.month, on.day) < (since.month, since.day))
    return max(years, 0)


def after_years(since: date, years: int) -> date:
    """The same day so many years later; 1 March where there is no 29 February."""
    try:
        return since.replace(year=since.year + years)
    except ValueError:
        return date(since.year + years, 3, 1)


def before_years(on: date, years: int) -> date:
    """The same day so many years before; 1 March where there was no 29 February."""
    return after_years(on, -years)


# What is told of a device on its registration: when a check was done last, by its kind.
LAST_DONE: Final[Mapping[str, str]] = MappingProxyType(
    {"statutory_on": "statutory", "preventive_on": "preventive"}
)


def last_done_errors(
    told: Mapping[str, date | None], months: Mapping[str, int | None], *, today: date
) -> dict[str, str]:
    """What is wrong with the days of the last checks, by field; `months` is by kind."""
    errors = {}
    for name, kind in LAST_DONE.items():
        day = told.get(name)
        if day is not None and day > today:
            errors[name] = _("This is still to come.")
        elif day is not None and months.get(kind) is None:
            errors[name] = _(
                "This type asks for no such check: leave it empty, or let the type say how often."
            )
    return errors


def last_done(told: Mapping[str, date | None]) -> dict[str, date]:
    """By kind of check: when it was done last, where that was told."""
    days = ((kind, told.get(name)) for name, kind in LAST_DONE.items())
    return {kind: day for kind, day in days if day is not None}


@dataclass(frozen=True)
class DeviceFacts:
    """What is said of a device, and what is known of what it names."""

    owner_id: int
    department_owner_id: int | None
    type_is_active: bool
    type_is_new: bool


def device_errors(facts: DeviceFacts) -> Mapping[str, Any]:
    """What is wrong with a device beyond its own columns, by field."""
    errors: dict[str, Any] = {}
    if facts.department_owner_id not in (None, facts.owner_id):
        errors["department"] = _("This department belongs to another institution.")
    if facts.type_is_new and not facts.type_is_active:
        errors["type"] = _("Devices of this type are no longer registered. Choose another type.")
    return errors


def retirement_errors(*, on: date, in_use_from: date, today: date) -> Mapping[str, Any]:
    """Why a device cannot leave the register on a day."""
    if on < in_use_from:
        return {"on": _("It was not in use yet on that day.")}
    if on > max(today, in_use_from):
        return {"on": _("This day is still to come. Enter it when the device has gone.")}
    return {}


def put_back_refusal(*, entered_on: date, was_given: bool, days: int, on: date) -> str:
    """Why a retirement cannot be undone, as a code; empty where it can be."""
    if was_given:
        return "given"
    if (on - entered_on).days > days:
        return "late"
    return ""


def asked_number(text: str) -> str:
    """What was scanned or typed: of a label's address the id in it, else the text itself."""
    text = text.strip()
    if "/" not in text:
        return text
    return text.rstrip("/").rsplit("/", 1)[-1]
