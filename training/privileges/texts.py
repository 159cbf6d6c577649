"""Reasons as sentences; the codes stay as they are for other systems."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import formats
from django.utils.translation import gettext_lazy as _

from alliance.catalogue.choices import TechniqueGrade

from .choices import Code, Verdict
from .rules import Reason

_SENTENCES: dict[str, Any] = {
    Code.NOT_ACTIVE: _("No longer active in the directory of practitioners."),
    Code.NO_LICENCE_HERE: _("Not registered to practise at this institution."),
    Code.LICENCE_EXPIRED: _("The licence was valid until %(until)s."),
    Code.NOT_A_MEMBER: _("The institution belongs to no alliance on that day."),
    Code.NOT_IN_CATALOGUE: _("The technique is not in the catalogue in force."),
    Code.GRADE_ABOVE_TIER: _("Graded %(grade)s: institutions of this tier may not do it."),
    Code.INSTITUTION_NOT_ADMITTED: _("The institution is not admitted for this technique."),
    Code.ADMISSION_SUSPENDED: _("The institution's admission for this technique is suspended."),
    Code.NOT_PRIVILEGED: _("No privilege for this technique at this institution."),
    Code.NOT_YET: _("The privilege begins on %(since)s."),
    Code.EXPIRED: _("The privilege ended on %(until)s."),
    Code.SUSPENDED: _("The privilege is suspended."),
    Code.WITHDRAWN: _("The privilege was withdrawn as of %(until)s."),
    Code.YEARS_SHORT: _("%(years)s years in practice; %(min)s are required."),
    Code.MDT_MISSING: _("No multidisciplinary discussion is recorded for this operation."),
    Code.MDT_NEEDED: _("Each operation needs a multidisciplinary discussion recorded before it."),
}
_NEXT: dict[str, Any] = {
    Code.NOT_ACTIVE: _("Ask the institution's administrator to check the directory."),
    Code.NO_LICENCE_HERE: _("Enter this institution among the practitioner's practice sites."),
    Code.LICENCE_EXPIRED: _("Renew the registration and enter its new date."),
    Code.NOT_A_MEMBER: _("The alliance office enters the membership."),
    Code.NOT_IN_CATALOGUE: _("The alliance office may grade it in the next edition."),
    Code.GRADE_ABOVE_TIER: _("Refer the patient to an institution where it may be done."),
    Code.INSTITUTION_NOT_ADMITTED: _("The institution applies for admission."),
    Code.ADMISSION_SUSPENDED: _("The institution mends the cause and asks for restoration."),
    Code.NOT_PRIVILEGED: _("Join the programme for this technique, then apply."),
    Code.NOT_YET: _("Until then work under somebody who is privileged."),
    Code.EXPIRED: _("Apply for renewal."),
    Code.SUSPENDED: _("Ask who suspended it what is needed to restore it."),
    Code.WITHDRAWN: _("Apply anew once the cause has been mended."),
    Code.YEARS_SHORT: _("Until then work under supervision."),
    Code.MDT_MISSING: _("Hold the discussion and record it before the operation."),
}


def sentence(reason: Reason) -> str:
    """The reason as people read it."""
    return str(_SENTENCES[reason.code]) % {k: _shown(k, v) for k, v in reason.facts.items()}


def next_step(code: str) -> str:
    """What may be done about it."""
    return str(_NEXT.get(code, ""))


def lacked(codes: Iterable[str]) -> list[str]:
    """What was missing in an emergency, by the codes kept with it."""
    words = {**dict(Code.choices), **dict(Verdict.choices)}
    return [str(words.get(code, code)) for code in codes]


def plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as other systems read them."""
    return {k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in facts.items()}


def _shown(name: str, value: Any) -> Any:
    if name == "grade":
        return TechniqueGrade(value).label
    return formats.date_format(value, "DATE_FORMAT") if hasattr(value, "isoformat") else value
