"""Who shares with whom, and what one use costs."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .. import selectors
from ..scope import Scope
from .tables import Section, hours, money, num, of_device


def sharing(scope: Scope) -> list[Section]:
    """Who shares with whom."""
    rows = [
        [
            row.owner.short_name,
            row.user.short_name,
            row.uses,
            hours(row.hours),
            money(row.amount),
        ]
        for row in selectors.flows(scope)
    ]
    return [
        Section(
            "sharing",
            _("Who shares with whom"),
            [
                (_("Uses"), _("Check-ins of one institution with devices of another.")),
                (
                    _("Hours used"),
                    _("From check-in to check-out, as far as it lies in the period."),
                ),
                (_("Yuan"), _("The charges settled for uses of the period.")),
            ],
            [
                pgettext("equipment", "Owner"),
                pgettext("equipment", "User"),
                num(_("Uses")),
                num(_("Hours used")),
                num(_("Yuan")),
            ],
            rows,
            _("Nobody used a device of another institution."),
        )
    ]


def costs(scope: Scope) -> list[Section]:
    """What one use costs, with the sum that the number comes from."""
    headers = [
        _("Device"),
        pgettext("equipment", "Owner"),
        num(_("Part of the price")),
        num(pgettext("cost of a device", "Checks")),
        num(pgettext("cost of a device", "Repairs")),
        num(_("Uses")),
        num(_("Yuan per use")),
        num(_("How it comes about")),
    ]
    return [
        Section(
            "costs",
            _("Cost per use"),
            _cost_terms(),
            headers,
            [_cost_row(row) for row in selectors.costs(scope)],
            _("No device here has a price on record."),
        )
    ]


def _cost_terms() -> list[tuple[str, str]]:
    return [
        (
            _("Part of the price"),
            _("Price ÷ days of expected life, times days of it in the period."),
        ),
        (
            pgettext("cost of a device", "Checks"),
            _("Calibration and maintenance done in the period."),
        ),
        (pgettext("cost of a device", "Repairs"), _("Work orders closed in the period.")),
        (_("Uses"), _("Check-ins of the period, the owner's own among them.")),
        (_("Yuan per use"), _("(Part of the price + checks + repairs) ÷ uses.")),
        (
            _("Left out"),
            _(
                "Devices without a price, those that were neither shared nor booked, and consumables,"
                " which are noted without a price."
            ),
        ),
    ]


def _cost_row(row: selectors.Cost) -> list[Any]:
    parts = " + ".join(f"{part:,.2f}" for part in (row.wear, row.checks, row.repairs))
    return [
        of_device(row.device),
        row.device.owner.short_name,
        money(row.wear),
        money(row.checks),
        money(row.repairs),
        row.uses,
        money(row.per_use) if row.per_use is not None else _("no use"),
        f"({parts}) ÷ {row.uses}" if row.uses else parts,
    ]
