"""Where a device is wanting: by reason, by waiting; and where one more would help."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from alliance.core.templatetags.times import duration
from equipment.bookings.choices import Code
from equipment.bookings.models import BookingRefusal

from .. import selectors
from ..scope import Scope
from .best import best, to_refusals
from .tables import Section, linked, num


def demand(scope: Scope) -> list[Section]:
    """Where one more device would help, why bookings are refused, and how long people wait."""
    return [best(scope), _reasons(scope), _waits(scope)]


def _reasons(scope: Scope) -> Section:
    more = scope.typed()
    return Section(
        "reasons",
        _("Why bookings were refused"),
        [(_("Refused"), _("Refused bookings; one counts once for each of its reasons."))],
        [_("Reason"), num(_("Refused"))],
        [
            [code_label(code), linked(number, to_refusals(scope, code=code, **more))]
            for code, number in selectors.reasons(scope)
        ],
        _("No booking was refused."),
        bars=1,
    )


def code_label(code: str) -> str:
    """A reason in words."""
    return str(Code(code).label) if code in Code.values else code


def refused(rows: Iterable[BookingRefusal]) -> Section:
    """Refused bookings one by one, as a file has them."""
    return Section(
        "refused",
        _("Refused bookings"),
        [],
        [
            pgettext("refused booking", "Refused at"),
            _("Institution"),
            _("Device"),
            pgettext("refused booking", "Wanted from"),
            pgettext("refused booking", "Wanted until"),
            _("Technique"),
            _("Reason"),
        ],
        [_refused_row(row) for row in rows],
        "",
    )


def _refused_row(row: BookingRefusal) -> list[Any]:
    return [
        timezone.make_naive(row.at),
        row.institution.name,
        str(row.device),
        timezone.make_naive(row.starts_at),
        timezone.make_naive(row.ends_at),
        row.technique.name if row.technique else "",
        " / ".join(code_label(one) for one in row.codes),
    ]


def _waits(scope: Scope) -> Section:
    return Section(
        "waits",
        _("How long people wait"),
        [
            (_("Bookings"), _("Made in the period, and holding.")),
            (_("Ahead"), _("The median time between booking and start; in Excel, in hours.")),
            (_("Waiting list"), _("Entries of the period.")),
            (pgettext("waiting list", "Offered"), _("How many of them were offered a time.")),
            (_("Until an offer"), _("The median time until the first offer; in Excel, in hours.")),
        ],
        [
            _("Device type"),
            num(_("Bookings")),
            num(_("Ahead")),
            num(_("Waiting list")),
            num(pgettext("waiting list", "Offered")),
            num(_("Until an offer")),
        ],
        [
            [
                str(row.type),
                row.bookings,
                _lasted(row.lead),
                row.entries,
                row.offered,
                _lasted(row.until_offer),
            ]
            for row in selectors.waits(scope)
        ],
        _("Nobody booked or waited."),
        bars=3,
    )


def _lasted(time: timedelta | None) -> Any:
    """A length of time in words; for the workbook, in hours."""
    if time is None:
        return "—"
    return {"text": duration(time), "value": round(time / timedelta(hours=1), 1)}
