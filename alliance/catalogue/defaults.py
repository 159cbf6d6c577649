"""Policy definitions of grading, and of what grades ask for."""

from django.utils.translation import gettext_lazy as _

from alliance.core.policy import PLATFORM, Definition, define

_GRADING = _("Grading of techniques")
_ADMISSION = _("Admission of techniques")
_SCORES = {
    "operation": (40, _("Weight of operation complexity in difficulty")),
    "risk": (40, _("Weight of risk in difficulty")),
    "equipment": (20, _("Weight of dependence on equipment in difficulty")),
    "frequency": (30, _("Weight of frequency in the disease spectrum")),
    "benefit": (30, _("Weight of benefit in the disease spectrum")),
    "grassroots": (40, _("Weight of the grassroots' ability in the disease spectrum")),
}
_CUTS = {
    "basic": (24, _("Difficulty up to which basic is proposed, in tenths")),
    "advanced": (36, _("Difficulty up to which advanced is proposed, in tenths")),
    "spectrum": (25, _("Disease spectrum from which basic is proposed, in tenths")),
}
GRADES_NEEDING_ADMISSION = {
    "none": frozenset[str](),
    "complex": frozenset({"complex"}),
    "advanced": frozenset({"advanced", "complex"}),
    "all": frozenset({"basic", "advanced", "complex"}),
}

define(
    [
        *(
            Definition(
                f"grading.weight.{name}", "percent", weight, label, _GRADING, PLATFORM, maximum=100
            )
            for name, (weight, label) in _SCORES.items()
        ),
        *(
            Definition(
                f"grading.cut.{name}",
                "integer",
                tenths,
                label,
                _GRADING,
                PLATFORM,
                minimum=10,
                maximum=50,
            )
            for name, (tenths, label) in _CUTS.items()
        ),
        Definition(
            "grading.mdt_level",
            "integer",
            4,
            _("National level from which a multidisciplinary discussion comes first"),
            _GRADING,
            _("医疗机构手术分级管理办法 (2022, no. 18): level 4"),
            minimum=1,
            maximum=4,
        ),
        Definition(
            "admission.grades",
            "choice",
            "advanced",
            _("Grades whose techniques an institution must be admitted for"),
            _ADMISSION,
            PLATFORM,
            choices=(
                ("none", _("Restricted techniques only")),
                ("complex", _("Complex")),
                ("advanced", _("Advanced and complex")),
                ("all", _("All grades")),
            ),
        ),
    ]
)
