"""A learning curve as a drawing, as words, and as numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from alliance.core.templatetags.times import day
from training.curves.rules import Curve, Phase, Point

from .curves import Drawn
from .models import Case

WIDTH, HEIGHT = 720, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 16, 16, 34, 34
# A sum that passes its limit is drawn a little above the line, not off the page.
_HIGHEST = 1.2
_MOST_DOTS = 120


@dataclass(frozen=True, slots=True)
class Dot:
    """One case on the drawing."""

    x: str
    y: str
    css: str
    title: str


def chart(drawn: Drawn) -> dict[str, Any] | None:
    """What the drawing needs; None where there is nothing to draw.

    Both sums are drawn as shares of their limits, so that one line across is the limit of either:
    reaching it is good while learning, and a warning afterwards.
    """
    curve = drawn.curve
    if curve is None or not curve.points:
        return None
    place = _Place(len(curve.points))
    segments = [
        (phase, list(points)) for phase, points in groupby(curve.points, key=lambda one: one.phase)
    ]
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": _LEFT,
        "right": WIDTH - _RIGHT,
        "base": place.y(0),
        "limit": place.y(1),
        "lines": [(phase.value, place.line(points)) for phase, points in segments],
        "turns": [place.x(points[0].case - 0.5) for _phase, points in segments[1:]],
        "dots": _dots(curve, place),
        "ticks": [(place.x(number), number) for number in _ticks(len(curve.points))],
        "words": summary(drawn),
    }


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a case and a height stand on the drawing."""

    cases: int

    def x(self, number: float) -> str:
        """From the left, by the number of the case."""
        return f"{_LEFT + (WIDTH - _LEFT - _RIGHT) * number / (self.cases + 0.5):.1f}"

    def y(self, share: float) -> str:
        """From the top, by the share of the limit."""
        inner = HEIGHT - _TOP - _BOTTOM
        return f"{HEIGHT - _BOTTOM - inner * min(share, _HIGHEST) / _HIGHEST:.1f}"

    def line(self, points: list[Point]) -> str:
        """The path of one phase, which begins at nought."""
        steps = [f"{self.x(points[0].case - 1)},{self.y(0)}"]
        steps += [f"{self.x(one.case)},{self.y(one.score / one.limit)}" for one in points]
        return " ".join(steps)


def _dots(curve: Curve, place: _Place) -> list[Dot]:
    """Every case, or only those that say something where there are very many."""
    crowded = len(curve.points) > _MOST_DOTS
    return [
        Dot(
            place.x(one.case),
            place.y(one.score / one.limit),
            "signal" if one.is_signal else "failed" if one.failed else "good",
            _said(one),
        )
        for one in curve.points
        if not crowded or one.failed or one.is_signal
    ]


def _said(point: Point) -> str:
    words = _("failed") if point.failed else _("succeeded")
    return _("Case %(number)s: %(words)s") % {"number": point.case, "words": words}


def _ticks(cases: int) -> list[int]:
    step = next((one for one in (1, 2, 5, 10, 20, 50, 100, 200, 500) if cases / one <= 8), 1000)
    return list(range(step, cases + 1, step))


def summary(drawn: Drawn) -> str:
    """The drawing in words."""
    curve = drawn.curve
    if curve is None or not curve.points:
        return _("No confirmed case yet.")
    parts = [
        _("%(cases)s cases, %(failures)s of them failed.")
        % {"cases": len(curve.points), "failures": curve.failures}
    ]
    if curve.competent_at:
        parts.append(_("Competence showed at case %(number)s.") % {"number": curve.competent_at})
    if curve.slipped_at:
        parts.append(_("Results slipped at case %(number)s.") % {"number": curve.slipped_at})
    last = curve.points[-1]
    parts.append(
        _("The sum stands at %(share)s %% of its limit.")
        % {"share": round(100 * min(last.score / last.limit, 1))}
    )
    return " ".join(parts)


def standing(drawn: Drawn) -> tuple[str, str]:
    """Where the curve stands, in a word and a colour."""
    curve = drawn.curve
    if curve is None:
        return "neutral", _("No limit with these numbers")
    if curve.slipped_at:
        return "bad", _("Results slipping")
    if len(curve.points) < drawn.fewest:
        return "neutral", _("Too few cases to say")
    if curve.phase is Phase.WATCHING:
        return "good", _("Competent, being watched")
    return "active", _("Still learning")


def meaning(drawn: Drawn) -> dict[str, str]:
    """What it means and what to do, for a surgeon: banner tone, title and text."""
    curve = drawn.curve
    if curve is None or drawn.parameters is None:
        return {
            "tone": "warning",
            "title": _("No curve can be drawn with the numbers in force."),
            "text": _("The alliance office can change them among the policies, under “curve”."),
        }
    count = len(curve.points)
    if curve.slipped_at:
        return {
            "tone": "error",
            "title": _("Results have slipped: somebody has to look into it."),
            "text": _(
                "Since competence showed, failures came more often than chance explains. Look at the"
                " cases before deciding: patients, difficulty, equipment, team."
            ),
        }
    if count < drawn.fewest:
        return {
            "tone": "warning",
            "title": _("%(count)s cases say nothing yet.") % {"count": count},
            "text": _("Even without a single failure it takes %(fewest)s cases to show competence.")
            % {"fewest": drawn.fewest},
        }
    return _so_far(curve)


def _so_far(curve: Curve) -> dict[str, str]:
    """What a curve means that is long enough and gives no warning."""
    if curve.phase is Phase.WATCHING:
        return {
            "tone": "success",
            "title": _("Competence has shown, and nothing speaks against it since."),
            "text": _(
                "The line now watches for worsening: low is good, and reaching the limit asks for a"
                " review."
            ),
        }
    return {
        "tone": "info",
        "title": _("Competence has not shown yet."),
        "text": _(
            "Every success lifts the line, every failure lowers it by more. Reaching the limit says"
            " that the results of somebody who has not learnt it would hardly look like this."
        ),
    }


def facts(drawn: Drawn) -> list[dict[str, Any]]:
    """What the curve is held to."""
    held, curve = drawn.parameters, drawn.curve
    if held is None or curve is None:
        return []
    limits = sorted({(one.phase.value, round(one.limit, 2)) for one in curve.points})
    names = {
        Phase.LEARNING.value: _("Limit while learning"),
        Phase.WATCHING.value: _("Limit after"),
    }
    return [
        {"label": _("Acceptable failures"), "value": f"{held.acceptable:.1%}"},
        {"label": _("Not acceptable"), "value": f"{held.unacceptable:.1%}"},
        {
            "label": _("False signal"),
            "value": _("at most %(alpha)s within %(cases)s cases")
            % {"alpha": f"{held.alpha:.0%}", "cases": held.cases},
        },
        {"label": _("Fewest cases to show competence"), "value": drawn.fewest},
        *({"label": names[phase], "value": limit} for phase, limit in limits),
        {
            "label": _("Method"),
            "value": _("LC-CUSUM (Biau & Porcher 2010), then CUSUM (Steiner 2000); exact limits"),
            "wide": True,
        },
    ]


def points(drawn: Drawn, cases: Mapping[int, Case]) -> list[list[Any]]:
    """The curve as a table, the newest first; cases the reader may not see have no link."""
    if drawn.curve is None:
        return []
    found = []
    for one, pk in zip(drawn.curve.points, drawn.cases.case_ids, strict=True):
        case = cases.get(pk)
        number = {"text": one.case, "url": case.get_absolute_url()} if case else one.case
        found.append(
            [
                number,
                day(case.performed_on) if case else "—",
                _("failed") if one.failed else _("succeeded"),
                f"{one.score:.2f} / {one.limit:.2f}",
                _signal(one),
            ]
        )
    return found[::-1]


def _signal(point: Point) -> str:
    if not point.is_signal:
        return ""
    return _("Competence shown") if point.phase is Phase.LEARNING else _("Results slipping")
