"""Where one more device would help most: each place with its numbers and its points."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from .. import rules, selectors
from ..scope import Scope
from .tables import Section, linked, num


def best(scope: Scope) -> Section:
    """A row for each house and type of device, most points first."""
    weights, percent = selectors.settings(scope)
    return Section(
        "best",
        _("Where one more device would help most"),
        _terms(weights, percent),
        [
            _("Institution"),
            _("Device type"),
            num(_("Points")),
            *(num(label) for label in _labels().values()),
        ],
        [_row(scope, row) for row in selectors.best_places(scope)],
        _("Nobody was refused, waits in vain or is short of a device, and none is busy."),
        bars=2,
        names=2,
        lead=_(
            "Most points first: they count what was refused and waited for in vain, what is short,"
            " how busy the devices there are, how often others' are used and how far away they are,"
            " and the techniques, doctors and beds that one more would serve, each times its weight."
        ),
    )


def _labels() -> dict[str, str]:
    """What each number is called, in the order of the columns."""
    return {
        "refused": _("Refused days"),
        "waiting": _("In vain"),
        "waited": _("Days waited"),
        "missing": _("Short"),
        "load": _("Load there"),
        "borrowed": _("Uses of others'"),
        "away": _("Steps away"),
        "techniques": _("Techniques"),
        "doctors": _("Doctors"),
        "beds": _("Beds"),
    }


def _terms(weights: rules.Weights, percent: int) -> list[tuple[str, str]]:
    labels, meanings = _labels(), _meanings()
    meanings["load"] %= {"percent": percent, "even": weights.even}
    meanings["away"] %= {"nowhere": rules.NOWHERE}
    formula = " + ".join(_product(name, label, weights) for name, label in labels.items())
    points = _(
        "%(formula)s. The weights are settings, each with its source and the day it counts from. Of"
        " the same points, whoever was refused oftener comes first, then who waited longer, then who"
        " has more beds."
    )
    return [
        *((label, meanings[name]) for name, label in labels.items()),
        (_("Points"), points % {"formula": formula}),
    ]


def _product(name: str, label: str, weights: rules.Weights) -> str:
    """A number times its weight, where that is for several, divided by how many."""
    weight, per = weights.points[name], rules.NUMBERS[name]
    if name == "load":
        return f"({label} \N{MINUS SIGN} {weights.even}%) \N{MULTIPLICATION SIGN} {weight}"
    return f"{label} \N{MULTIPLICATION SIGN} {weight}" + (f" ÷ {per}" if per > 1 else "")


def _meanings() -> dict[str, str]:
    return {
        "refused": _(
            "Days for which the institution wanted such a device and got none, because each was"
            " taken, reserved or out of service; those further ahead than one may book, and those on"
            " which another of the type was free at that time, are left out."
        ),
        "waiting": _("Entries on the waiting list that have led to no booking so far."),
        "waited": _("How long these entries waited, all together."),
        "missing": _("Asked for by the base configuration and not there."),
        "load": _(
            "Hours used ÷ hours bookable of the shared devices of the type there. What is above"
            " %(even)s%% adds points, what is below takes points off; from %(percent)s%% on, a place"
            " is listed even if nobody was refused."
        ),
        "borrowed": _("Completed uses of such devices of other institutions, by this one."),
        "away": _(
            "None where a device of the type stands there; else one to any house that shares one, one"
            " more each to another county and another prefecture, and for each tier between;"
            " %(nowhere)s where nobody shares one."
        ),
        "techniques": _("Techniques that need such a device and that somebody there may perform."),
        "doctors": _("People there who may perform one of these techniques, alone or supervised."),
        "beds": _("Beds of the institution."),
    }


def _row(scope: Scope, row: selectors.Best) -> list[Any]:
    house, want = row.institution, row.want
    asked = {"type": row.type.code, "house": house.public_id, "wanting": 1}
    return [
        house.short_name,
        str(row.type),
        row.points,
        linked(want.refused, to_refusals(scope, **asked)),
        want.waiting,
        want.waited,
        linked(want.missing, reverse("configuration:gap", args=[house.public_id])),
        _load(want.load),
        want.borrowed,
        want.away,
        want.techniques,
        want.doctors,
        want.beds,
    ]


def _load(load: int | None) -> Any:
    return "—" if load is None else {"text": f"{load}%", "value": load}


def to_refusals(scope: Scope, **more: Any) -> str:
    """The address of the refusals behind a number."""
    return f"{reverse('insights:refusals')}?{urlencode(scope.values(**more))}"
