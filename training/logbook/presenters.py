"""What pages say about cases and their earlier versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from alliance.core.templatetags.times import day, when
from alliance.patients.models import Patient

from . import desk, policies
from .choices import CaseRole, CaseStatus, ClavienDindo, Outcome
from .models import Case, CaseVersion

STATUS_TONES: Mapping[str, str] = {
    CaseStatus.RECORDED: "active",
    CaseStatus.CONFIRMED: "good",
    CaseStatus.REJECTED: "warn",
    CaseStatus.VOID: "neutral",
}
OUTCOME_TONES: Mapping[str, str] = {
    Outcome.GOOD: "good",
    Outcome.COMPLICATION: "warn",
    Outcome.DEATH: "bad",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A case as a list shows it; `who` names the patient only to those who may see them."""

    case: Case
    who: str
    tone: str
    outcome_tone: str


def rows(cases: Iterable[Case], user: Any) -> list[Row]:
    """Cases as a reader may see them; one query for the patients of all of them."""
    found = list(cases)
    seen = _patients_seen(found, user)
    return [
        Row(
            case,
            patient_of(case, user, seen),
            STATUS_TONES[case.status],
            OUTCOME_TONES[case.outcome],
        )
        for case in found
    ]


def _patients_seen(cases: Sequence[Case], user: Any) -> set[int]:
    ids = {case.patient_id for case in cases if case.patient_id}
    if not ids:
        return set()
    visible = Patient.objects.visible_to(user).filter(pk__in=ids)
    return set(visible.values_list("pk", flat=True))


def patient_of(case: Case, user: Any, seen: set[int] | None = None) -> str:
    """Who was operated, as far as this reader may know: the masked name or the case number."""
    visible = _patients_seen([case], user) if seen is None else seen
    if case.patient_id in visible and case.patient is not None:
        return str(case.patient.masked_name)
    return case.external_case_number if is_party(case, user) else ""


def is_party(case: Case, user: Any) -> bool:
    """Whether somebody took part in the operation, entered it, or keeps the book of the house."""
    mine = policies.practitioner_of(user)
    if mine is not None and mine in (case.operator_id, case.supervisor_id):
        return True
    houses = policies.houses_to_record(user)
    return case.recorded_by_id == user.pk or case.institution_id in houses


def facts(case: Case, user: Any) -> list[dict[str, Any]]:
    """What an entry says."""
    minutes = case.duration_minutes
    graded = f" · {case.get_clavien_dindo_display()}" if case.clavien_dindo else ""
    found = [
        (_("Date of the operation"), day(case.performed_on)),
        (_("Institution"), case.institution),
        (_("Operator"), case.operator),
        (_("Role"), case.get_role_display()),
        (_("Supervisor"), case.supervisor),
        (_("Outcome"), f"{case.get_outcome_display()}{graded}"),
        (_("Duration"), _("%(minutes)s min") % {"minutes": minutes} if minutes else None),
        (_("Started"), when(case.started_at) if case.started_at else None),
        (_("Patient or case number"), patient_of(case, user)),
        (_("Number of the referral"), case.referral_number),
        (_("Converted to open surgery"), _("yes") if case.converted else _("no")),
        (_("Emergency operation"), _("yes") if case.is_emergency else _("no")),
        (_("Team discussion (MDT) recorded before"), _("yes") if case.mdt_recorded else _("no")),
        (_("Entered by"), f"{case.recorded_by} · {case.get_source_display()}"),
    ]
    if case.rating is not None and case.scale is not None:
        found.append((_("Rating"), f"{case.rating} / {case.scale.highest} · {case.scale}"))
    plain = [{"label": label, "value": value} for label, value in found]
    return [*plain, {"label": _("Notes"), "value": case.notes, "wide": True}]


def ratings(case: Case) -> list[list[Any]]:
    """Each item of the scale with its mark."""
    if case.scale is None:
        return []
    return [[item["name"], case.ratings.get(item["code"])] for item in case.scale.items]


@dataclass(frozen=True, slots=True)
class Step:
    """One act on an entry, with what it changed as (label, before, after)."""

    version: CaseVersion
    changes: list[tuple[str, str, str]]


_WORDS: Mapping[str, Any] = {"role": CaseRole, "outcome": Outcome, "clavien_dindo": ClavienDindo}
# Whose case it is says its own line; here it is enough that it changed.
_HIDDEN = frozenset({"patient", "external_case_number"})


def history(case: Case, now: Mapping[str, Any], versions: Sequence[CaseVersion]) -> list[Step]:
    """Every act, the oldest first, with what the entry said before and after it.

    `now` is the content as it stands; `versions` in order.
    """
    after: list[Mapping[str, Any]] = []
    current: Mapping[str, Any] = now
    for version in reversed(versions):
        after.append(current)
        current = version.content or current
    names = desk.words_of([now, *(version.content for version in versions)])
    return [
        Step(version, _changes(version.content, later, names))
        for version, later in zip(versions, reversed(after), strict=True)
    ]


def _changes(
    before: Mapping[str, Any], after: Mapping[str, Any], names: Mapping[tuple[str, Any], str]
) -> list[tuple[str, str, str]]:
    found = []
    for name, value in before.items():
        if name in ("ratings", "scale") or value == after.get(name):
            continue
        label = str(Case._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        if name in _HIDDEN:
            found.append((label, "•••", "•••"))
        else:
            found.append((label, _say(name, value, names), _say(name, after.get(name), names)))
    return found


def _say(name: str, value: Any, names: Mapping[tuple[str, Any], str]) -> str:
    if (name, value) in names:
        return names[name, value]
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value in (None, ""):
        return "—"
    if name in _WORDS:
        return str(_WORDS[name](value).label)
    if name == "performed_on":
        return str(day(parse_date(value)))
    if name == "started_at":
        return str(when(parse_datetime(value)))
    return str(value)
