"""Requirements in words: what is asked, where it is read, what to do where it is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.notices.texts import fill

from . import rules
from .choices import Part
from .rules import Requirement


@dataclass(frozen=True, slots=True)
class Words:
    """What a requirement is called, where it is read, and the way out."""

    label: Any
    source: Any
    way_out: Any = ""


_DIRECTORY = gettext_lazy("Directory of practitioners")
_CATALOGUE = gettext_lazy("Technique catalogue")
_REGISTER = gettext_lazy("Register of privileges")
_LOGBOOK = gettext_lazy("Logbook, confirmed cases")
_PROGRAMMES = gettext_lazy("Programmes")

WORDS: Mapping[str, Words] = {
    "member": Words(
        gettext_lazy("The institution belongs to an alliance"),
        gettext_lazy("Members of the alliance"),
        gettext_lazy("Ask the alliance office to enter the membership."),
    ),
    "licence": Words(
        gettext_lazy("Licensed, and registered to practise at this institution"),
        _DIRECTORY,
        gettext_lazy("Ask your administrator to check licence and practice sites."),
    ),
    "grade": Words(
        gettext_lazy("Graded for institutions of this tier"),
        _CATALOGUE,
        gettext_lazy("Apply at an institution where the technique may be done."),
    ),
    "admission": Words(
        gettext_lazy("The institution is admitted for the technique"),
        gettext_lazy("Admissions of institutions"),
        gettext_lazy("Your administrator applies for the institution's admission."),
    ),
    "years": Words(
        gettext_lazy("Years of practice"),
        _CATALOGUE,
        gettext_lazy("Until then you operate under supervision."),
    ),
    "cases_before": Words(
        gettext_lazy("Operated before: %(subject)s"),
        _LOGBOOK,
        gettext_lazy("Record your cases and have them confirmed."),
    ),
    "training": Words(
        gettext_lazy("Trained: %(subject)s"),
        _PROGRAMMES,
        gettext_lazy("Complete the programme for this technique."),
    ),
    "not_yet_privileged": Words(
        gettext_lazy("No independent privilege for it here so far"),
        _REGISTER,
        gettext_lazy("Apply for renewal of the privilege you hold, or for its restoration."),
    ),
    "enrolled": Words(
        gettext_lazy("Enrolled in a programme for this technique"),
        _PROGRAMMES,
        gettext_lazy("Ask your trainer or administrator to enrol you."),
    ),
    "programme": Words(
        gettext_lazy("Requirement of the programme"),
        _PROGRAMMES,
        gettext_lazy("See “My path” for what to do next."),
    ),
    "window": Words(
        gettext_lazy("Renewal is open from %(opens_on)s, before %(closes_on)s"),
        _REGISTER,
        gettext_lazy("Apply within this time; afterwards follow the programme again."),
    ),
    "still_held": Words(
        gettext_lazy("The privilege is neither suspended nor withdrawn"),
        _REGISTER,
        gettext_lazy("Apply for its restoration instead."),
    ),
    "newest": Words(
        gettext_lazy("No later privilege for the same technique here"),
        _REGISTER,
        gettext_lazy("Apply with the latest privilege."),
    ),
    "recent_cases": Words(
        gettext_lazy("Cases operated since %(since_on)s"),
        _LOGBOOK,
        gettext_lazy("Record your cases and have them confirmed."),
    ),
    "failures": Words(
        gettext_lazy("Share of these that went wrong"),
        _LOGBOOK,
        gettext_lazy("Review the cases with your mentor, and operate under supervision."),
    ),
    "lost": Words(
        gettext_lazy("The privilege is suspended or was withdrawn"),
        _REGISTER,
        gettext_lazy("Nothing needs to be restored."),
    ),
    "supervised_since": Words(
        gettext_lazy("Supervised cases since %(since_on)s"),
        _LOGBOOK,
        gettext_lazy("Operate under supervision and have the cases confirmed."),
    ),
}
# Percentages that must not be passed, instead of numbers to be reached.
_LIMITS = frozenset({"failures"})
_SUBJECT = pgettext_lazy("cases", "this technique")


def label(one: Requirement) -> str:
    """What is asked for: in the programme's own words, else in ours."""
    if one.label:
        return one.label
    facts = {"subject": str(_SUBJECT), **{k: v for k, v in one.facts.items() if v}}
    return fill(WORDS[one.code].label, facts)


def source(one: Requirement) -> str:
    """Where it is read."""
    return one.source or str(WORDS[one.code].source)


def way_out(one: Requirement) -> str:
    """What to do where it is missing."""
    return "" if one.is_met else str(WORDS[one.code].way_out)


def numbers(one: Requirement) -> str:
    """What there is against what is asked, where these are numbers."""
    if not one.needed:
        return ""
    words = {"found": one.found or "0", "needed": one.needed}
    if one.code in _LIMITS:
        return _("%(found)s%%, at most %(needed)s%%") % words
    return _("%(found)s of %(needed)s") % words


def sentence(one: Requirement) -> str:
    """One missing requirement in a line: what, how much of how much, and its source."""
    count = numbers(one)
    words = {"what": label(one), "count": count, "source": source(one)}
    if count:
        return _("%(what)s: %(count)s (%(source)s)") % words
    return _("%(what)s (%(source)s)") % words


def by_part(requirements: Iterable[Requirement]) -> list[tuple[Part, list[Requirement]]]:
    """Requirements in the order in which people read them."""
    rows = list(requirements)
    parts = [(part, [one for one in rows if one.part == part]) for part in Part]
    return [(part, found) for part, found in parts if found]


def missing_sentences(requirements: Iterable[Requirement]) -> list[str]:
    """Every missing requirement in a line, as a page, the API and the command tell them."""
    return [sentence(one) for one in rules.missing(requirements)]
