"""What this room records in the ledger, in words."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.core.acts import define

from .choices import RequirementKind, TechniqueGrade

define(
    {
        "disease.created": _("Entered a disease"),
        "disease.changed": _("Changed a disease"),
        "technique.created": _("Entered a technique"),
        "technique.changed": _("Changed a technique"),
        "edition.drafted": _("Began an edition"),
        "edition.renamed": _("Renamed an edition"),
        "edition.entry_set": _("Graded a technique"),
        "edition.entry_removed": _("Took a technique out of an edition"),
        "edition.requirement_set": _("Asked something in an edition"),
        "edition.requirement_removed": _("Took a requirement out of an edition"),
        "edition.discarded": _("Discarded an edition"),
        "edition.published": _("Published an edition"),
    },
    names={
        "base": _("Taken from"),
        "entries": _("Techniques"),
        "technique": _("Technique"),
        "grade": _("Grade"),
        "requirement_kind": _("Kind of requirement"),
        "subject_of": _("Of what"),
        "minimum": _("At least"),
        "before": pgettext_lazy("ledger", "Before"),
        "after": pgettext_lazy("ledger", "After"),
    },
    words={
        "grade": dict(TechniqueGrade.choices),
        "requirement_kind": dict(RequirementKind.choices),
    },
)
