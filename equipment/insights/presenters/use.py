"""How much shared devices are used, when, and which of them are not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from alliance.core.templatetags.times import day

from .. import rules, selectors
from ..scope import Scope
from .tables import Section, hours, num, of_device, percent


class Heat(NamedTuple):
    """The heat map as the component draws it, and the same as a table."""

    rows: list[dict[str, Any]]
    section: Section


def use(scope: Scope) -> list[Section]:
    """Each shared device against the time in which it could be booked."""
    opens, closes = selectors.open_hours(scope)
    return use_of(selectors.uses(scope), a_day=closes - opens)


def use_of(rows: Sequence[selectors.Use], *, a_day: int) -> list[Section]:
    """The same of devices that were read already: the busiest first, and those without use apart."""
    used = sorted((row for row in rows if row.used), key=lambda row: -row.share)
    terms = use_terms(a_day)
    return [_used(used, terms), _unused([row for row in rows if not row.used], terms)]


def _used(rows: Sequence[selectors.Use], terms: list[tuple[str, str]]) -> Section:
    headers = [
        _("Device"),
        pgettext("equipment", "Owner"),
        num(_("Uses")),
        num(_("Hours booked")),
        num(_("Hours used")),
        num(_("Hours bookable")),
        num(_("Share of use")),
    ]
    return Section(
        "use",
        _("Use of shared devices"),
        terms,
        headers,
        [_use_row(row) for row in rows],
        _("No shared device was used."),
        bars=6,
    )


def _unused(rows: Sequence[selectors.Use], terms: list[tuple[str, str]]) -> Section:
    return Section(
        "unused",
        _("Shared, and not used"),
        [terms[1], terms[3]],
        [
            _("Device"),
            pgettext("equipment", "Owner"),
            num(_("Hours booked")),
            num(_("Hours bookable")),
        ],
        [
            [
                of_device(row.device),
                row.device.owner.short_name,
                hours(row.booked),
                hours(row.bookable),
            ]
            for row in rows
        ],
        _("Every shared device is used."),
        aside=True,
    )


def _use_row(row: selectors.Use) -> list[Any]:
    return [
        of_device(row.device),
        row.device.owner.short_name,
        row.uses,
        hours(row.booked),
        hours(row.used),
        hours(row.bookable),
        percent(row.share),
    ]


def unrecorded(scope: Scope) -> str:
    """What to know where sharing is asked about for longer than it is on record; else nothing."""
    number, first = selectors.unrecorded(scope)
    if first is None:
        return ""
    words = _(
        "Of %(number)s of these devices the platform knows only from within this period whether"
        " they were shared (of the first from %(day)s). Before that they count as shared from their"
        " first day of use, so their share of use may look too low."
    )
    return words % {"number": number, "day": day(timezone.localdate(first))}


def use_terms(a_day: int) -> list[tuple[str, str]]:
    """How the hours of a shared device are counted."""
    bookable = _(
        "Of the %(hours)s hours of sharing a day until now, those in which the device stood on the"
        " register, was shared and was not down. A night in repair costs none."
    )
    return [
        (_("Uses"), _("Check-ins of the period, while the device was shared.")),
        (
            _("Hours booked"),
            _("The booked times that hold, without setting up and cleaning."),
        ),
        (_("Hours used"), _("From check-in to check-out, as far as it lies in the period.")),
        (_("Hours bookable"), bookable % {"hours": a_day}),
        (_("Share of use"), _("Hours used ÷ hours bookable.")),
    ]


def totals(rows: Sequence[selectors.Use]) -> dict[str, Any]:
    """The numbers above the table, together."""
    used, bookable = sum(row.used for row in rows), sum(row.bookable for row in rows)
    return {
        "share": percent(used / bookable if bookable else 0.0)["text"],
        "used": f"{used:,.0f}",
        "bookable": f"{bookable:,.0f}",
        "number": len(rows),
        "unused": sum(not row.used for row in rows),
    }


def idle(scope: Scope) -> list[Section]:
    """Shared devices that nobody uses."""
    weeks = selectors.idle_weeks(scope)
    words = _(
        "Shared, in service now, and idle for at least %(weeks)s weeks; the nightly check asks the"
        " same."
    )
    began = _(
        "The latest of: its first day on the register here, when it became shared here, when it came"
        " back into service, and when its last use ended."
    )
    return [
        Section(
            "idle",
            _("Idle devices"),
            [
                (_("Idle devices"), words % {"weeks": weeks}),
                (_("Idle since"), began),
                (_("Last used"), _("The day of the last check-in ever.")),
            ],
            [
                _("Device"),
                _("Device type"),
                pgettext("equipment", "Owner"),
                num(_("Idle since")),
                num(_("Last used")),
            ],
            [_idle_row(row) for row in selectors.idle_devices(scope, weeks=weeks)],
            _("Every shared device is used."),
        )
    ]


def _idle_row(row: selectors.Idle) -> list[Any]:
    return [
        of_device(row.device),
        str(row.device.type),
        row.device.owner.short_name,
        _on(row.since),
        _on(row.last) if row.last else _("never"),
    ]


def _on(moment: datetime) -> dict[str, Any]:
    return {"text": day(moment), "value": timezone.localdate(moment)}


def heat(scope: Scope, days: Sequence[str]) -> Heat:
    """The heat map, and every hour of it in numbers; `days` are the names of the weekdays."""
    found = selectors.heat_map(scope)
    words = _("%(used)s of %(of)s hours")
    drawn = [
        {
            "name": f"{row.hour:02d}",
            "cells": [
                {
                    "text": percent(cell.share)["text"] if cell.used else "",
                    "level": cell.level,
                    "hint": words % {"used": f"{cell.used:.1f}", "of": f"{cell.of:.1f}"},
                }
                for cell in row.cells
            ],
        }
        for row in found
    ]
    return Heat(drawn, _heat_table(scope, found, days))


def _heat_table(scope: Scope, found: Sequence[rules.Hour], days: Sequence[str]) -> Section:
    """For who cannot see colours, and for the workbook: the hours used."""
    opens, closes = selectors.open_hours(scope)
    share = _(
        "Hours from check-in to check-out at that hour of that weekday ÷ the hours of that kind in"
        " which devices were shared, all of them together."
    )
    colour = _(
        "The darker a cell, the nearer it is to the busiest hour. Sharing is open from %(opens)s to"
        " %(closes)s o'clock; use at other hours shows as well."
    )
    return Section(
        "heat",
        _("Use by hour and weekday"),
        [
            (_("Share of use"), share),
            (_("Colour"), colour % {"opens": opens, "closes": closes}),
        ],
        [_("Hour"), *(num(name) for name in days)],
        [[f"{row.hour:02d}:00", *(hours(cell.used) for cell in row.cells)] for row in found],
        _("No device is shared here."),
    )
