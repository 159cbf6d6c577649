"""The numbers as tables: one shape for pages and workbooks, each with its formula."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from alliance.core.templatetags.times import day, duration
from equipment.bookings.choices import Code

from . import rules, selectors
from .scope import Scope

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Section:
    """A table with how its numbers come about; cells are texts, numbers or {text, value, url}."""

    title: str
    formula: str
    headers: Sequence[Any]
    rows: Sequence[Sequence[Any]]
    empty: str

    @property
    def shown(self) -> Sequence[Sequence[Any]]:
        """What a page shows of it; the workbook has all."""
        return self.rows[:SHOWN]

    @property
    def more(self) -> str:
        """What the page leaves out."""
        if len(self.rows) <= SHOWN:
            return ""
        numbers = {"shown": SHOWN, "all": len(self.rows)}
        return _("The first %(shown)s of %(all)s; all of them are in the Excel file.") % numbers


def _num(label: str) -> dict[str, Any]:
    return {"label": label, "num": True}


def _device(device: Any) -> dict[str, Any]:
    name = f"{device.name} {device.asset_number}"
    return {"text": name, "value": name, "url": reverse("devices:device", args=[device.public_id])}


def _hours(hours: float) -> dict[str, Any]:
    return {"text": f"{hours:.1f}", "value": round(hours, 1)}


def _money(amount: Any) -> dict[str, Any]:
    return {"text": f"{amount:,.2f}", "value": amount}


def _percent(percent: int) -> dict[str, Any]:
    return {"text": f"{percent}%", "value": percent}


def to_refusals(scope: Scope, **more: Any) -> str:
    """The address of the refusals behind a number."""
    return f"{reverse('insights:refusals')}?{urlencode(scope.values(**more))}"


def use(scope: Scope) -> list[Section]:
    """Each shared device against the time in which it could be booked."""
    opens, closes = selectors.open_hours(scope)
    return [use_of(selectors.uses(scope), hours=closes - opens)]


def use_of(rows: Sequence[selectors.Use], *, hours: int) -> Section:
    """The same of devices that were read already."""
    formula = _(
        "Used: from check-in to check-out. Bookable: the time until now in which the device stood"
        " on the register and was shared, within the %(hours)s hours of sharing a day, less the"
        " part of these hours in which it was down. Share: used ÷ bookable."
    )
    return Section(
        _("Use of shared devices"),
        formula % {"hours": hours},
        [
            _("Device"),
            _("Owner"),
            _num(_("Uses")),
            _num(_("Hours booked")),
            _num(_("Hours used")),
            _num(_("Hours bookable")),
            _num(_("Share")),
        ],
        [
            [
                _device(row.device),
                row.device.owner.short_name,
                row.uses,
                _hours(row.booked),
                _hours(row.used),
                _hours(row.bookable),
                _percent(row.percent),
            ]
            for row in rows
        ],
        _("No device is shared here."),
    )


def idle(scope: Scope) -> list[Section]:
    """Shared devices that nobody uses."""
    weeks = selectors.idle_weeks(scope)
    formula = _(
        "Shared, on the register for %(weeks)s weeks, in service now, and not used for %(weeks)s"
        " weeks; the nightly check asks the same."
    )
    rows = [
        [
            _device(row.device),
            row.device.type.name,
            row.device.owner.short_name,
            day(row.last) if row.last else _("never"),
        ]
        for row in selectors.idle_devices(scope, weeks=weeks)
    ]
    return [
        Section(
            _("Idle devices"),
            formula % {"weeks": weeks},
            [_("Device"), _("Device type"), _("Owner"), _("Last used")],
            rows,
            _("Every shared device is used."),
        )
    ]


def demand(scope: Scope) -> list[Section]:
    """Where one more device would help, why bookings are refused, and how long people wait."""
    return [_best(scope), _reasons(scope), _waits(scope)]


def _best(scope: Scope) -> Section:
    refused, waiting, missing = selectors.weights(scope)
    formula = _(
        "Points: refused days times %(refused)s + entries in vain times %(waiting)s + missing devices"
        " times %(missing)s. A refused day: it wanted such a device on that day, which was taken,"
        " reserved or out of service, and got none. In vain: on the waiting list without a"
        " booking. Missing: asked by the base configuration and not there."
    )
    return Section(
        _("Where one more device would help most"),
        formula % {"refused": refused, "waiting": waiting, "missing": missing},
        [
            _("Institution"),
            _("Device type"),
            _num(_("Refused days")),
            _num(_("In vain")),
            _num(_("Devices missing")),
            _num(_("Points")),
        ],
        [_best_row(scope, row) for row in selectors.best_places(scope)],
        _("Nobody was refused, waits in vain or lacks a device."),
    )


def _best_row(scope: Scope, row: selectors.Best) -> list[Any]:
    house, want = row.institution, row.want
    asked = {"type": row.type.code, "house": house.public_id, "wanting": 1}
    gap = reverse("configuration:gap", args=[house.public_id])
    return [
        house.short_name,
        row.type.name,
        _linked(want.refused, to_refusals(scope, **asked)),
        want.waiting,
        _linked(want.missing, gap),
        want.points,
    ]


def _linked(number: int, url: str) -> Any:
    return {"text": number, "value": number, "url": url} if number else number


def _reasons(scope: Scope) -> Section:
    more = scope.typed()
    return Section(
        _("Why bookings were refused"),
        _("A refused booking counts once for each of its reasons."),
        [_("Reason"), _num(_("Refused"))],
        [
            [code_label(code), _linked(number, to_refusals(scope, code=code, **more))]
            for code, number in selectors.reasons(scope)
        ],
        _("No booking was refused."),
    )


def code_label(code: str) -> str:
    """A reason in words."""
    return str(Code(code).label) if code in Code.values else code


def _waits(scope: Scope) -> Section:
    formula = _(
        "Ahead: the median time between booking and start. Waiting list: entries of the period,"
        " how many of them were offered a time, and the median time until the first offer."
    )
    return Section(
        _("How long people wait"),
        formula,
        [
            _("Device type"),
            _num(_("Bookings")),
            _num(_("Ahead")),
            _num(_("Waiting list")),
            _num(_("Offered")),
            _num(_("Until an offer")),
        ],
        [
            [
                row.type.name,
                row.bookings,
                duration(row.lead) if row.lead is not None else "—",
                row.entries,
                row.offered,
                duration(row.until_offer) if row.until_offer is not None else "—",
            ]
            for row in selectors.waits(scope)
        ],
        _("Nobody booked or waited."),
    )


def sharing(scope: Scope) -> list[Section]:
    """Who shares with whom."""
    rows = [
        [
            row.owner.short_name,
            row.user.short_name,
            row.uses,
            _hours(row.hours),
            _money(row.amount),
        ]
        for row in selectors.flows(scope)
    ]
    return [
        Section(
            _("Who shares with whom"),
            _("Uses of one institution's devices by another, hours from check-in to check-out,"
              " and the charges settled for them."),
            [_("Owner"), _("User"), _num(_("Uses")), _num(_("Hours used")), _num(_("Yuan"))],
            rows,
            _("Nobody used a device of another institution."),
        )
    ]  # fmt: skip


def costs(scope: Scope) -> list[Section]:
    """What one use costs, with the sum that the number comes from."""
    formula = _(
        "Yuan per use: (part of the price + checks + repairs) ÷ uses. Part of the price: price ÷"
        " days of expected life, times days of it in the period. Checks: calibration and"
        " maintenance done in the period. Repairs: work orders closed in the period. Consumables"
        " are noted in words, without a price, and are not in it; neither are devices without a"
        " price."
    )
    headers = [
        _("Device"),
        _("Owner"),
        _num(_("Part of the price")),
        _num(_("Checks")),
        _num(_("Repairs")),
        _num(_("Uses")),
        _num(_("Yuan per use")),
        _num(_("How it comes about")),
    ]
    rows = [_cost_row(row) for row in selectors.costs(scope)]
    return [
        Section(
            _("Cost per use"), formula, headers, rows, _("No device here has a price on record.")
        )
    ]


def _cost_row(row: selectors.Cost) -> list[Any]:
    parts = " + ".join(f"{part:,.2f}" for part in (row.wear, row.checks, row.repairs))
    return [
        _device(row.device),
        row.device.owner.short_name,
        _money(row.wear),
        _money(row.checks),
        _money(row.repairs),
        row.uses,
        _money(row.per_use) if row.per_use is not None else _("no use"),
        f"({parts}) ÷ {row.uses}" if row.uses else parts,
    ]


Maker = Callable[[Scope], list[Section]]
REPORTS: Mapping[str, Maker] = {
    "use": use,
    "idle": idle,
    "demand": demand,
    "sharing": sharing,
    "costs": costs,
}


def heat_formula(scope: Scope) -> str:
    """How a cell of the heat map comes about."""
    opens, closes = selectors.open_hours(scope)
    formula = _(
        "Hours from check-in to check-out, divided by the hours of that kind in which devices were"
        " shared, all together. Sharing is open from %(opens)s to %(closes)s"
        " o'clock. The darker a cell, the nearer it is to the busiest hour."
    )
    return formula % {"opens": opens, "closes": closes}


def heat(rows: Sequence[rules.Hour]) -> list[dict[str, Any]]:
    """The lines of the heat map as the component draws them."""
    words = _("%(used)s of %(of)s hours")
    return [
        {
            "name": f"{row.hour:02d}",
            "cells": [
                {
                    "text": f"{cell.percent}%" if cell.used else "",
                    "level": cell.level,
                    "hint": words % {"used": f"{cell.used:.1f}", "of": f"{cell.of:.1f}"},
                }
                for cell in row.cells
            ],
        }
        for row in rows
    ]
