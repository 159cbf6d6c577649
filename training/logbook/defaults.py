"""Policy definitions of the logbook and its curves."""

from typing import Final

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from alliance.catalogue.choices import TechniqueGrade
from alliance.core.policy import PLATFORM, Definition, define

from .choices import ClavienDindo

# Per mille of operations that fail: what an alliance still accepts, and what it does not.
_RATES: Final = {
    TechniqueGrade.BASIC: (50, 150),
    TechniqueGrade.ADVANCED: (100, 200),
    TechniqueGrade.COMPLEX: (150, 300),
}


def _rates() -> list[Definition]:
    names = {
        "acceptable": _("Failures per 1000 that are acceptable, {grade} techniques"),
        "unacceptable": _("Failures per 1000 that are not acceptable, {grade} techniques"),
    }
    return [
        Definition(
            f"curve.{grade}.{name}_per_mille",
            "integer",
            value,
            format_lazy(names[name], grade=grade.label),
            _("Learning curves"),
            PLATFORM,
            minimum=1,
            maximum=999,
        )
        for grade, rates in _RATES.items()
        for name, value in zip(names, rates, strict=True)
    ]


define(
    [
        *_rates(),
        Definition(
            "curve.odds_ratio_percent",
            "percent",
            200,
            _("Worsening of the odds that the second chart looks for"),
            _("Learning curves"),
            _("Steiner et al., Biostatistics 2000;1:441"),
            minimum=110,
            maximum=1000,
        ),
        Definition(
            "curve.cases",
            "integer",
            50,
            _("Cases within which a false signal is this rare"),
            _("Learning curves"),
            PLATFORM,
            minimum=10,
            maximum=200,
        ),
        Definition(
            "curve.false_signal_percent",
            "percent",
            10,
            _("Probability of a false signal within so many cases"),
            _("Learning curves"),
            PLATFORM,
            minimum=1,
            maximum=50,
        ),
        Definition(
            "curve.conversion_fails",
            "boolean",
            True,
            _("A conversion to open surgery counts as a failure"),
            _("Learning curves"),
            PLATFORM,
        ),
        Definition(
            "curve.failure_from_grade",
            "choice",
            ClavienDindo.I.value,
            _("Complications count as failures from this grade on"),
            _("Learning curves"),
            _("Clavien-Dindo classification (2004)"),
            verified=True,
            choices=tuple(ClavienDindo.choices),
        ),
        Definition(
            "logbook.backdate_days_most",
            "days",
            365,
            _("How late an operation may be entered"),
            _("Logbook"),
            PLATFORM,
            minimum=1,
            maximum=3650,
        ),
    ]
)
