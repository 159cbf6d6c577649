"""Who shares with whom, and what one use costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .. import selectors
from ..scope import Scope
from .tables import Section, hours, money, num, of_device, sum_


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
            bars=2,
            names=2,
            joined=" → ",
        )
    ]


def costs(scope: Scope) -> list[Section]:
    """What one use costs, with the sum that the number comes from; without use, what was spent."""
    rows = selectors.costs(scope)
    lent = [row for row in rows if row.uses and row.was_shared]
    own = [row for row in rows if row.uses and not row.was_shared]
    terms = _cost_terms()
    return [
        Section(
            "costs",
            _("Cost per use"),
            terms,
            _cost_headers(),
            [_cost_row(row) for row in lent],
            _("No shared device with a price on record was used."),
            bars=6,
        ),
        Section(
            "costs_own",
            _("Cost per use, not shared"),
            terms,
            _cost_headers(),
            [_cost_row(row) for row in own],
            _("No other device with a price on record was used."),
            bars=6,
            aside=True,
        ),
        _unused([row for row in rows if not row.uses], terms),
    ]


def _cost_headers() -> list[Any]:
    return [
        _("Device"),
        pgettext("equipment", "Owner"),
        num(_("Part of the price")),
        num(pgettext("cost of a device", "Checks")),
        num(pgettext("cost of a device", "Repairs")),
        num(_("Uses")),
        num(_("Yuan per use")),
        sum_(_("How it comes about")),
    ]


def _unused(rows: Sequence[selectors.Cost], terms: list[tuple[str, str]]) -> Section:
    return Section(
        "costs_unused",
        _("Shared, and not used"),
        [*terms[:3], (_("Yuan together"), _("Part of the price + checks + repairs."))],
        [*_cost_headers()[:5], num(_("Yuan together"))],
        [
            [
                *_parts_of(row),
                money(row.together),
            ]
            for row in rows
        ],
        _("Every shared device with a price on record was used."),
        aside=True,
    )


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
    """Of a device that was used."""
    parts = " + ".join(f"{part:,.2f}" for part in (row.wear, row.checks, row.repairs))
    return [*_parts_of(row), row.uses, money(row.per_use), f"({parts}) ÷ {row.uses}"]


def _parts_of(row: selectors.Cost) -> list[Any]:
    spent = [money(one) for one in (row.wear, row.checks, row.repairs)]
    return [of_device(row.device), row.device.owner.short_name, *spent]
