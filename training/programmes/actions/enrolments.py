"""Doctors are enrolled, move on through stages, leave, come back."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.catalogue.models import Technique
from alliance.catalogue.selectors import technique_grade
from alliance.core import ledger, outbox, versions
from alliance.core.errors import DomainError
from alliance.core.policy import policy
from alliance.core.saving import store
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Institution, Membership
from alliance.institutions.policies import insist
from alliance.people.models import Practitioner

from .. import policies, selectors
from ..choices import EnrolmentStatus, EventKind, Need, ProgrammeKind, Step
from ..models import Enrolment, EnrolmentEvent, Programme, SignOff, StageRequirement
from ..workflow import next_status
from .supervised import grant_supervised

_ACTS = {
    EventKind.ENROLLED: "enrolment.begun",
    EventKind.MENTOR: "enrolment.mentor_named",
    EventKind.STAGE_PASSED: "enrolment.advanced",
    EventKind.COMPLETED: "enrolment.advanced",
    EventKind.LEFT: "enrolment.left",
    EventKind.RESUMED: "enrolment.resumed",
}


@one_transaction
def enrol(
    *,
    practitioner: Practitioner,
    programme: Programme,
    by: Any,
    institution: Institution | None = None,
    technique: Technique | None = None,
    mentor: Practitioner | None = None,
    started_on: date | None = None,
) -> Enrolment:
    """Enrol a doctor in the version of a programme that is in force; at home unless said."""
    today = timezone.localdate()
    # Whoever closes it waits until this is stored, or it is closed already.
    programme = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    house = institution or practitioner.institution
    _may_enrol(by, practitioner, programme, house, today)
    version = selectors.version_in_force(programme.pk, on=today)
    if not programme.is_offered or version is None:
        raise DomainError("not_offered", _("This programme is not offered now."))
    start = started_on or today
    if start > today:
        raise ValidationError({"started_on": _("Choose today or an earlier day.")})
    row = Enrolment(
        alliance_id=programme.alliance_id,
        practitioner=practitioner,
        programme=programme,
        programme_version=version,
        technique=_technique(programme, technique, today),
        institution=house,
        mentor=mentor,
        started_on=start,
        enrolled_by=by,
    )
    store(row)
    _note(row, EventKind.ENROLLED, on=start, by=by, programme=programme.name)
    outbox.put("programmes.told", enrolment_id=row.pk, what=EventKind.ENROLLED.value)
    _look_soon(row)
    return row


@one_transaction
def name_mentor(
    *, enrolment: Enrolment, mentor: Practitioner | None, by: Any, version: int | None = None
) -> Enrolment:
    """Say who teaches somebody in this programme."""
    row = _locked(enrolment, version)
    insist(policies.Act.MENTOR in policies.acts_on(by, row))
    if row.mentor_id != (mentor.pk if mentor else None):
        row.mentor = mentor
        row.version += 1
        store(row)
        name = mentor.name if mentor else ""
        _note(row, EventKind.MENTOR, on=timezone.localdate(), by=by, note=name)
    return row


@one_transaction
def sign_off(
    *,
    enrolment: Enrolment,
    requirement: StageRequirement,
    by: Any,
    on: date | None = None,
    note: str = "",
) -> SignOff:
    """Say that somebody has what a requirement asks for; the name under it is one's own."""
    row = _locked(enrolment)
    insist(policies.Act.SIGN in policies.acts_on(by, row))
    today = timezone.localdate()
    if (
        requirement.kind != Need.SIGN_OFF
        or requirement.stage.version_id != row.programme_version_id
    ):
        raise ValidationError({"requirement": _("This requirement is not met by a signature.")})
    day = on or today
    if not row.started_on <= day <= today:
        raise ValidationError({"on": _("Choose a day between the enrolment and today.")})
    _insist_open(row, requirement, on=today)
    signed = SignOff(enrolment=row, requirement=requirement, on=day, by=by, note=note.strip())
    store(signed)
    ledger.record(
        "enrolment.signed_off",
        by=by,
        subject=row,
        institution_id=row.institution_id,
        requirement=requirement.label,
    )
    advance(enrolment=row, by=by)
    return signed


@one_transaction
def advance(*, enrolment: Enrolment, by: Any, on: date | None = None) -> Enrolment:
    """Note which stages are passed by now, and grant what passing them gives; safe to repeat.

    `by` None is the platform itself, which looks every night.
    """
    row = _locked(enrolment)
    if row.status != EnrolmentStatus.ACTIVE:
        return row
    if by is not None:
        insist(policies.may_sign(by, row) or policies.Act.ADVANCE in policies.acts_on(by, row))
    today = on or timezone.localdate()
    found = selectors.progress(row, on=today)
    known = set(row.events.filter(kind=EventKind.STAGE_PASSED).values_list("stage_id", flat=True))
    for stage in found.stages:
        if stage.passed_on is not None and stage.stage.pk not in known:
            day = max(stage.passed_on, row.started_on)
            _note(row, EventKind.STAGE_PASSED, on=day, by=by, stage=stage.stage)
            outbox.put(
                "programmes.told",
                enrolment_id=row.pk,
                what=EventKind.STAGE_PASSED.value,
                stage_id=stage.stage.pk,
            )
    if found.has_reached_clinic:
        grant_supervised(row, found, on=today)
    if found.is_complete:
        _complete(row, on=today, by=by)
    return row


@one_transaction
def leave(*, enrolment: Enrolment, reason: str, by: Any, version: int | None = None) -> Enrolment:
    """End an enrolment before it is completed."""
    row = _locked(enrolment, version)
    next_status(row.status, Step.LEAVE)
    insist(policies.Act.LEAVE in policies.acts_on(by, row))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    _move(row, Step.LEAVE, EventKind.LEFT, on=timezone.localdate(), by=by, note=reason.strip())
    return row


@one_transaction
def resume(*, enrolment: Enrolment, by: Any, version: int | None = None) -> Enrolment:
    """Take up an enrolment again that was left."""
    row = _locked(enrolment, version)
    next_status(row.status, Step.RESUME)
    insist(policies.Act.RESUME in policies.acts_on(by, row))
    _move(row, Step.RESUME, EventKind.RESUMED, on=timezone.localdate(), by=by)
    _look_soon(row)
    return row


def _look_soon(row: Enrolment) -> None:
    """What was learnt before somebody enrolled, or while they had left, may have passed a stage."""
    outbox.put("programmes.look", practitioner_id=row.practitioner_id)


def _insist_open(row: Enrolment, requirement: StageRequirement, *, on: date) -> None:
    """A judgement on what somebody can do waits for the stages before it."""
    stages = selectors.progress(row, on=on).stages
    opened = {one.stage.pk for one in stages if one.opened_on is not None}
    if requirement.stage_id not in opened:
        raise DomainError(
            "stage_not_open", _("The stages before it are not passed yet: see what is missing.")
        )


def _may_enrol(
    by: Any, practitioner: Practitioner, programme: Programme, house: Institution, today: date
) -> None:
    group = programme.alliance_id
    insist(
        policies.may_enrol(
            by,
            practitioner_id=practitioner.pk,
            institution_id=house.pk,
            alliance_id=group,
            self_enrol=policy("programme.self_enrol", on=today, alliance_id=group),
        )
    )
    members = Membership.objects.in_force(today).filter(alliance=group, institution=house)
    if not members.exists():
        raise DomainError("not_a_member", _("This institution is not in the programme's alliance."))
    if not practitioner.is_active:
        raise DomainError("not_active", _("This doctor no longer works here."))


def _technique(programme: Programme, chosen: Technique | None, today: date) -> Technique | None:
    """What is learnt: the programme's technique, or the one chosen of its grade."""
    if programme.kind != ProgrammeKind.GRADE:
        return programme.technique
    if chosen is None:
        raise ValidationError({"technique": _("Choose the technique to learn.")})
    grade = technique_grade(chosen.pk, on=today, alliance_id=programme.alliance_id)
    if grade is None or grade.grade != programme.grade:
        raise ValidationError({"technique": _("Choose a technique of this programme's grade.")})
    return chosen


def _complete(row: Enrolment, *, on: date, by: Any) -> None:
    _move(row, Step.COMPLETE, EventKind.COMPLETED, on=on, by=by)
    outbox.put("programmes.told", enrolment_id=row.pk, what=EventKind.COMPLETED.value)


def _move(
    row: Enrolment, step: Step, kind: EventKind, *, on: date, by: Any, note: str = ""
) -> None:
    row.status = next_status(row.status, step)
    row.ended_on = None if row.status == EnrolmentStatus.ACTIVE else max(on, row.started_on)
    row.version += 1
    store(row)
    _note(row, kind, on=on, by=by, note=note)


def _note(row: Enrolment, kind: EventKind, *, on: date, by: Any, **more: Any) -> None:
    stage, note = more.pop("stage", None), more.pop("note", "")
    EnrolmentEvent.objects.create(enrolment=row, kind=kind, stage=stage, on=on, note=note, by=by)
    data = {"stage": stage.name} if stage else {}
    ledger.record(
        _ACTS[kind],
        by=by,
        subject=row,
        institution_id=row.institution_id,
        **data,
        **({"reason": note} if note else {}),
        **more,
    )


def _locked(enrolment: Enrolment, version: int | None = None) -> Enrolment:
    row: Enrolment = (
        Enrolment.objects.select_for_update(of=("self",)).for_list().get(pk=enrolment.pk)
    )
    versions.check(row, version)
    return row
