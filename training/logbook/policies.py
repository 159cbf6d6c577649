"""Who may write, confirm and read what in the logbook."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied

from alliance.core.access import access_of, has_permission
from alliance.core.choices import Permission
from alliance.people.models import Practitioner

from .choices import Act, CaseStatus
from .models import Case, CurveReview
from .workflow import open_acts


def practitioner_of(user: Any) -> int | None:
    """The practitioner whose account this is."""
    found: int | None = getattr(user, "practitioner_id", None)
    return found


def may_open(user: Any) -> bool:
    """Whether the logbook concerns the user at all."""
    held = access_of(user).everywhere()
    return bool(held & {Permission.CASE_RECORD, Permission.CASE_VIEW})


def may_record(user: Any) -> bool:
    """Whether the user writes entries anywhere."""
    return Permission.CASE_RECORD in access_of(user).everywhere()


def houses_to_record(user: Any) -> list[int]:
    """The institutions for whose staff the user may write entries."""
    access = access_of(user)
    seeing = set(access.institutions_with(Permission.CASE_VIEW))
    return [pk for pk in access.institutions_with(Permission.CASE_RECORD) if pk in seeing]


def may_record_case(
    user: Any, *, operator_id: int, supervisor_id: int | None, institution_id: int
) -> bool:
    """One's own operations and those one supervised; those of a house one keeps the book of."""
    if not may_record(user):
        return False
    mine = practitioner_of(user)
    if mine is not None and mine in (operator_id, supervisor_id):
        return True
    return institution_id in houses_to_record(user)


def keeps(user: Any, case: Case) -> bool:
    """Whether the user answers for the training of the house where it was operated."""
    return any(
        has_permission(user, held, institution_id=case.institution_id, alliance_id=case.alliance_id)
        for held in (Permission.TRAINING_MANAGE, Permission.TRAINING_TEACH)
    )


def acts_on(user: Any, case: Case) -> frozenset[Act]:
    """What the user may do with an entry as it stands."""
    allowed = {act for act in open_acts(case.status) if may(user, act, case)}
    return frozenset(allowed)


def may(user: Any, act: Act, case: Case) -> bool:
    """Whether the user is one who may do this with an entry; its state is another question."""
    if act in (Act.CONFIRM, Act.REJECT):
        return may_confirm(user, case)
    if act == Act.CORRECT or (act == Act.VOID and case.status != CaseStatus.CONFIRMED):
        return _wrote(user, case)
    # Confirmed: whoever vouches for it may put it right, its operator never alone.
    return may_vouch(user, case)


def may_confirm(user: Any, case: Case) -> bool:
    """The supervisor confirms; where there was none, a trainer or administrator of the house."""
    if Permission.CASE_CONFIRM not in access_of(user).everywhere():
        return False
    mine = practitioner_of(user)
    if mine is not None and mine == case.operator_id:
        return False
    if case.supervisor_id is not None:
        return mine == case.supervisor_id
    return has_permission(user, Permission.CASE_VIEW, institution_id=case.institution_id) and keeps(
        user, case
    )


def may_answer_for(user: Any, case: Case) -> bool:
    """Who confirms an operation without a supervisor by bringing it in: keeps the book, is another."""
    return practitioner_of(user) != case.operator_id and keeps(user, case)


def may_vouch(user: Any, case: Case) -> bool:
    """Who may amend a confirmed entry or make it void."""
    mine = practitioner_of(user)
    if mine is not None and mine == case.operator_id:
        return False
    is_supervisor = mine is not None and mine == case.supervisor_id
    return is_supervisor or has_permission(
        user,
        Permission.TRAINING_MANAGE,
        institution_id=case.institution_id,
        alliance_id=case.alliance_id,
    )


def _wrote(user: Any, case: Case) -> bool:
    if not may_record(user):
        return False
    mine = practitioner_of(user)
    return (
        case.recorded_by_id == user.pk
        or (mine is not None and mine == case.operator_id)
        or case.institution_id in houses_to_record(user)
    )


def may_see_curve(user: Any, practitioner: Practitioner, alliance_ids: list[int]) -> bool:
    """One's own curve, those of one's staff, of those one supervises, of one's alliances."""
    mine = practitioner_of(user)
    access = access_of(user)
    if mine == practitioner.pk or practitioner.institution_id in access.institutions_with(
        Permission.CASE_VIEW
    ):
        return True
    if set(access.alliances_with(Permission.CASE_VIEW)) & set(alliance_ids):
        return True
    if mine is None:
        return False
    return Case.objects.filter(operator=practitioner.pk, supervisor=mine).exists()


def may_decide(user: Any, review: CurveReview) -> bool:
    """The committee, the office and the house decide about a signal, nobody about themselves."""
    if practitioner_of(user) == review.practitioner_id:
        return False
    return any(
        has_permission(
            user,
            held,
            institution_id=review.practitioner.institution_id,
            alliance_id=review.alliance_id,
        )
        for held in (Permission.PRIVILEGE_SUSPEND, Permission.TRAINING_MANAGE)
    )


def insist(allowed: Any) -> None:
    """Raise PermissionDenied unless allowed."""
    if not allowed:
        raise PermissionDenied
