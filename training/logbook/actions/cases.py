"""Entering cases and what is done with them; every act leaves the version before it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger, outbox, versions
from alliance.core.errors import DomainError
from alliance.core.policy import policy
from alliance.core.saving import assign, plain, store
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Alliance
from alliance.institutions.selectors import alliances_of
from alliance.patients.actions import hold
from alliance.patients.selectors import has_access
from alliance.people.models import Practitioner

from .. import facts, policies, rules
from ..choices import Act, CaseRole, CaseStatus, Outcome, Source
from ..models import Case, CaseVersion, RatingScale
from ..signals import cases_changed
from ..workflow import TRANSITIONS, next_status
from .reviews import look_at

# What somebody says about an operation; everything else follows from it.
CONTENT: Final = (
    "technique",
    "institution",
    "performed_on",
    "started_at",
    "patient",
    "external_case_number",
    "referral_number",
    "operator",
    "role",
    "supervisor",
    "duration_minutes",
    "is_emergency",
    "converted",
    "mdt_recorded",
    "outcome",
    "clavien_dindo",
    "notes",
)
# Whose operation it was does not change under a confirmation: void it and record it anew.
_FIXED_ONCE_CONFIRMED: Final = frozenset({"operator", "supervisor", "institution"})


@one_transaction
def record_case(
    *, by: Any, source: str = Source.PAGE, today: date | None = None, **content: Any
) -> Case:
    """Enter one operation (names of fields: CONTENT) in its operator's logbook."""
    on = today or timezone.localdate()
    case = Case(recorded_by=by, source=source, status=CaseStatus.RECORDED, **_tidied(content))
    _insist_whole(case)
    if not policies.may_record_case(
        by,
        operator_id=case.operator_id,
        supervisor_id=case.supervisor_id,
        institution_id=case.institution_id,
    ):
        raise PermissionDenied
    _place(case)
    store(case, _errors(case, on))
    ledger.record("case.recorded", by=by, subject=case, institution_id=case.institution_id)
    outbox.put("logbook.recorded", case_id=case.pk)
    return case


def _insist_whole(case: Case) -> None:
    """What nothing can be asked without, told by field."""
    asked = ("technique", "institution", "operator", "performed_on")
    missing = [
        name
        for name in asked
        if getattr(case, "performed_on" if name == "performed_on" else f"{name}_id") is None
    ]
    if missing:
        raise ValidationError(dict.fromkeys(missing, _("This is needed.")))


def _place(case: Case) -> None:
    """Put the case into the alliance of its institution: the operator's, where there are several."""
    joined = alliances_of(case.institution_id, on=case.performed_on)
    if not joined:
        raise ValidationError(
            {"institution": _("This institution belonged to no alliance on that day.")}
        )
    case.alliance = _shared(joined, case.operator, case.performed_on)


def _shared(joined: list[Alliance], operator: Practitioner, on: date) -> Alliance:
    home = {one.pk for one in alliances_of(operator.institution_id, on=on)}
    return next((one for one in joined if one.pk in home), joined[0])


def _tidied(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content without blanks around words; a case without a complication has no grade."""
    unknown = set(content) - set(CONTENT)
    if unknown:
        raise TypeError(f"no content of a case: {sorted(unknown)}")
    values = {
        name: value.strip() if isinstance(value, str) else value for name, value in content.items()
    }
    if values.get("outcome") == Outcome.DEATH:
        values["clavien_dindo"] = "V"
    elif values.get("outcome") == Outcome.GOOD:
        values["clavien_dindo"] = ""
    return values


def _errors(case: Case, on: date) -> dict[str, str]:
    """What the rules say about a case, with what they have to know of its people."""
    taught = facts.Taught(case.supervisor_id or 0, case.technique_id, case.performed_on)
    people = [pk for pk in (case.operator_id, case.supervisor_id) if pk]
    known = facts.gather(people=people, taught=[taught] if case.supervisor_id else [])
    supervising = case.supervisor_id is not None and case.role != CaseRole.INDEPENDENT
    days = policy("logbook.backdate_days_most", on=on, alliance_id=case.alliance_id)
    shape = rules.Shape(
        role=case.role,
        operator_id=case.operator_id,
        supervisor_id=case.supervisor_id,
        outcome=case.outcome,
        grade=case.clavien_dindo,
        is_named=bool(case.patient_id or case.external_case_number),
    )
    errors = _patient_errors(case) | rules.shape_errors(shape)
    return errors | rules.case_errors(
        rules.CaseFacts(
            on=on,
            performed_on=case.performed_on,
            days_late_most=days,
            practice_started_on=case.operator.practice_started_on,
            operator_absent=known.absent(case.operator_id, case.performed_on),
            supervisor_absent=known.absent(case.supervisor_id, case.performed_on),
            supervisor_privileged=known.privileged(taught) if supervising else None,
            is_prior=case.source == Source.PRIOR,
        )
    )


def _patient_errors(case: Case) -> dict[str, str]:
    """A patient is held against merging, and known to the house where the operation was."""
    if case.patient_id is None:
        return {}
    case.patient = hold(case.patient_id)
    if has_access(case.patient_id, case.institution_id):
        return {}
    return {
        "patient": _(
            "This institution has no patient of that kind in its care. Register the patient there, or"
            " enter the hospital case number instead."
        )
    }


@one_transaction
def change_case(*, case: Case, by: Any, version: int, reason: str = "", **content: Any) -> Case:
    """Put an entry right: a waiting one is corrected, a confirmed one amended with its reason.

    What it said before stays readable. A corrected entry that was sent back waits again.
    """
    row = _locked(case, version)
    act = Act.AMEND if row.status == CaseStatus.CONFIRMED else Act.CORRECT
    _insist(by, act, row)
    before = content_of(row)
    changed = assign(row, _tidied(content))
    if act == Act.AMEND and set(changed) & _FIXED_ONCE_CONFIRMED:
        raise DomainError(
            "case_whose",
            _("Whose operation it was, and where, cannot change. Make it void and record it anew."),
        )
    if not changed and row.status == next_status(row.status, act):
        return row
    _insist_whole(row)
    _place(row)
    errors = _errors(row, timezone.localdate())
    return _done(row, act, by, reason=reason, before=before, errors=errors)


@one_transaction
def confirm_case(
    *,
    case: Case,
    by: Any,
    version: int,
    scale: RatingScale | None = None,
    ratings: Mapping[str, int] | None = None,
) -> Case:
    """Vouch for an entry, with a rating of the operator where one is given."""
    row = _locked(case, version)
    _insist(by, Act.CONFIRM, row)
    if scale is not None:
        _rate(row, scale, ratings or {})
    row.confirmed_at, row.confirmed_by = timezone.now(), by
    return _done(row, Act.CONFIRM, by)


def _rate(row: Case, scale: RatingScale, ratings: Mapping[str, int]) -> None:
    held = rules.Scale([item["code"] for item in scale.items], scale.lowest, scale.highest)
    errors = rules.rating_errors(held, ratings)
    if errors:
        raise ValidationError(errors)
    row.scale, row.ratings = scale, dict(ratings)
    row.rating = rules.mean(list(ratings.values()))


@one_transaction
def reject_case(*, case: Case, by: Any, version: int, reason: str) -> Case:
    """Send an entry back to its writer, saying what is not right."""
    row = _locked(case, version)
    _insist(by, Act.REJECT, row)
    done = _done(row, Act.REJECT, by, reason=reason)
    outbox.put("logbook.rejected", case_id=done.pk)
    return done


@one_transaction
def void_case(*, case: Case, by: Any, version: int, reason: str) -> Case:
    """Let an entry no longer stand: entered twice, or for somebody else. It stays readable."""
    row = _locked(case, version)
    _insist(by, Act.VOID, row)
    return _done(row, Act.VOID, by, reason=reason)


def _locked(case: Case, version: int) -> Case:
    row: Case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    versions.check(row, version)
    return row


def _insist(by: Any, act: Act, row: Case) -> None:
    """Whether the person may at all; `_done` asks about the state the row is in."""
    if not policies.may(by, act, row):
        raise PermissionDenied


def _done(
    row: Case,
    act: Act,
    by: Any,
    *,
    reason: str = "",
    before: Mapping[str, Any] | None = None,
    errors: Mapping[str, Any] | None = None,
) -> Case:
    """Store what an act made of a case, the version before it, and tell who counts cases."""
    source, target = CaseStatus(row.status), next_status(row.status, act)
    reason = reason.strip()[:300]
    if TRANSITIONS[act].needs_reason and not reason:
        raise ValidationError({"reason": _("Say why.")})
    row.status = target
    row.closing_reason = reason if target in (CaseStatus.REJECTED, CaseStatus.VOID) else ""
    CaseVersion.objects.create(
        case=row,
        number=row.version,
        act=act,
        source=source,
        target=target,
        reason=reason,
        content=before or {},
        by=by,
    )
    row.version += 1
    store(row, errors)
    ledger.record(f"case.{act}", by=by, subject=row, institution_id=row.institution_id)
    if CaseStatus.CONFIRMED in (source, target):
        cases_changed.send(sender=Case, case_ids=[row.pk], operator_ids=[row.operator_id])
        look_at(
            practitioner_id=row.operator_id,
            technique_id=row.technique_id,
            alliance_id=row.alliance_id,
        )
    return row


def content_of(case: Case) -> dict[str, Any]:
    """Everything somebody said about an operation, as an earlier version keeps it."""
    found = {name: plain(getattr(case, name)) for name in CONTENT}
    return found | {"scale": case.scale_id, "ratings": case.ratings}


@one_transaction
def repoint_patient(*, kept_id: int, merged_id: int) -> None:
    """Follow the merge of two patients; refused where one operation is logged under both."""
    mine = Case.objects.filter(patient=merged_id)
    if not mine.exists():
        return
    rows = Case.objects.standing().filter(patient__in=[kept_id, merged_id])
    keys = list(rows.values_list("operator_id", "technique_id", "performed_on"))
    if len(keys) != len(set(keys)):
        raise DomainError(
            "case_twice",
            _(
                "One operation is in the logbook under both entries. Make one of the two void first."
            ),
        )
    mine.update(patient=kept_id)
