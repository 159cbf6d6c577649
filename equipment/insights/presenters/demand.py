"""Where a device is wanting: by place, by reason, by waiting."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from alliance.core.templatetags.times import duration
from equipment.bookings.choices import Code
from equipment.bookings.models import BookingRefusal

from .. import selectors
from ..scope import Scope
from .tables import Section, linked, num, sum_


def demand(scope: Scope) -> list[Section]:
    """Where one more device would help, why bookings are refused, and how long people wait."""
    return [_best(scope), _reasons(scope), _waits(scope)]


def _best(scope: Scope) -> Section:
    return Section(
        "best",
        _("Where one more device would help most"),
        _best_terms(scope),
        [
            _("Institution"),
            _("Device type"),
            num(_("Refused days")),
            num(_("In vain")),
            num(_("Devices missing")),
            num(_("Points")),
            sum_(_("How it comes about")),
        ],
        [_best_row(scope, row) for row in selectors.best_places(scope)],
        _("Nobody was refused, waits in vain or lacks a device."),
        bars=5,
        names=2,
    )


def _best_terms(scope: Scope) -> list[tuple[str, str]]:
    weights = dict(zip(("refused", "waiting", "missing"), selectors.weights(scope), strict=True))
    points = _(
        "Refused days times %(refused)s + in vain times %(waiting)s + devices missing times"
        " %(missing)s."
    )
    return [
        (
            _("Refused days"),
            _(
                "Days for which the institution wanted such a device and got none, because each was"
                " taken, reserved or out of service; those further ahead than one may book, and those on"
                " which another of the type was free at that time, are left out."
            ),
        ),
        (_("In vain"), _("Entries on the waiting list that have led to no booking so far.")),
        (_("Devices missing"), _("Asked for by the base configuration and not there.")),
        (_("Points"), points % weights),
    ]


def _best_row(scope: Scope, row: selectors.Best) -> list[Any]:
    house, want = row.institution, row.want
    asked = {"type": row.type.code, "house": house.public_id, "wanting": 1}
    gap = reverse("configuration:gap", args=[house.public_id])
    counts = (want.refused, want.waiting, want.missing)
    parts = zip(counts, want.weights, strict=True)
    return [
        house.short_name,
        str(row.type),
        linked(want.refused, to_refusals(scope, **asked)),
        want.waiting,
        linked(want.missing, gap),
        want.points,
        " + ".join(f"{count} \N{MULTIPLICATION SIGN} {weight}" for count, weight in parts if count),
    ]


def to_refusals(scope: Scope, **more: Any) -> str:
    """The address of the refusals behind a number."""
    return f"{reverse('insights:refusals')}?{urlencode(scope.values(**more))}"


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
