"""What a person may do about programmes, enrolments and records of the past."""

from __future__ import annotations

from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Q

from alliance.core.access import access_of, has_permission
from alliance.core.choices import Permission

from .choices import EnrolmentStatus, PriorState
from .models import Enrolment, PriorRecord

_ARRANGE = (Permission.TRAINING_MANAGE, Permission.TRAINING_TEACH)


class Act(StrEnum):
    """Acts that an enrolment's page offers."""

    MENTOR = "mentor"
    SIGN = "sign"
    ADVANCE = "advance"
    LEAVE = "leave"
    RESUME = "resume"


def is_learner(user: Any) -> bool:
    """Whether the user learns here themselves."""
    return Permission.LEARNING_OWN in access_of(user).everywhere()


def may_look(user: Any) -> bool:
    """Whether programmes concern the user at all."""
    looking = {Permission.LEARNING_OWN, Permission.TRAINING_VIEW, Permission.PROGRAMME_MANAGE}
    return bool(access_of(user).everywhere() & looking)


def may_see_others(user: Any) -> bool:
    """Whether the user sees how far others are."""
    return Permission.TRAINING_VIEW in access_of(user).everywhere()


def taught_by(user: Any) -> Q:
    """A condition: enrolments whose mentor one is, or of the houses where one teaches; else empty."""
    own = getattr(user, "practitioner_id", None)
    houses = access_of(user).institutions_with(Permission.TRAINING_TEACH)
    found = Q(mentor=own) if own is not None else Q()
    return found | Q(institution__in=houses) if houses else found


def may_manage_programmes(user: Any, alliance_id: int) -> bool:
    """The office of the alliance."""
    return has_permission(user, Permission.PROGRAMME_MANAGE, alliance_id=alliance_id)


def alliances_managed(user: Any) -> list[int]:
    """Ids of the alliances whose programmes the user maintains."""
    return access_of(user).alliances_with(Permission.PROGRAMME_MANAGE)


def may_arrange(user: Any, *, institution_id: int, alliance_id: int | None = None) -> bool:
    """Who manages or teaches there, or looks after the alliance."""
    return any(
        has_permission(user, one, institution_id=institution_id, alliance_id=alliance_id)
        for one in _ARRANGE
    )


def houses_arranged(user: Any) -> list[int]:
    """Ids of the institutions whose doctors the user may enrol."""
    access = access_of(user)
    return sorted({pk for one in _ARRANGE for pk in access.institutions_with(one)})


def may_enrol(
    user: Any, *, practitioner_id: int, institution_id: int, alliance_id: int, self_enrol: bool
) -> bool:
    """Who arranges the training there; oneself too, where the alliance lets people."""
    if may_arrange(user, institution_id=institution_id, alliance_id=alliance_id):
        return True
    return self_enrol and _is_self(user, practitioner_id) and is_learner(user)


def may_sign(user: Any, enrolment: Enrolment) -> bool:
    """The mentor, and who teaches or manages there; never for oneself."""
    if _is_self(user, enrolment.practitioner_id):
        return False
    return _is_mentor(user, enrolment) or _arranges(user, enrolment)


def acts_on(user: Any, enrolment: Enrolment) -> frozenset[Act]:
    """What the user may do about an enrolment as it stands."""
    acts: set[Act] = set()
    arranges, own = _arranges(user, enrolment), _is_self(user, enrolment.practitioner_id)
    if enrolment.status == EnrolmentStatus.ACTIVE:
        acts |= {Act.MENTOR} if arranges else set()
        acts |= {Act.LEAVE} if arranges or own else set()
        acts |= {Act.SIGN} if may_sign(user, enrolment) else set()
        acts |= {Act.ADVANCE} if arranges or own or _is_mentor(user, enrolment) else set()
    elif enrolment.status == EnrolmentStatus.LEFT and arranges:
        acts.add(Act.RESUME)
    return frozenset(acts)


def may_record(user: Any, *, practitioner_id: int, institution_id: int) -> bool:
    """Who arranges the training there, and oneself."""
    if _is_self(user, practitioner_id) and is_learner(user):
        return True
    return may_arrange(user, institution_id=institution_id)


def may_decide(user: Any, record: PriorRecord) -> bool:
    """Who manages the training there or of the alliance; neither the doctor nor who recorded it."""
    if _is_self(user, record.practitioner_id) or record.recorded_by_id == user.pk:
        return False
    return has_permission(
        user,
        Permission.TRAINING_MANAGE,
        institution_id=record.institution_id,
        alliance_id=record.alliance_id,
    )


def may_attach(user: Any, record: PriorRecord) -> bool:
    """Whoever may record it, until it is decided."""
    return record.state == PriorState.WAITING and (
        may_record(
            user,
            practitioner_id=record.practitioner_id,
            institution_id=record.institution_id,
        )
    )


def _arranges(user: Any, enrolment: Enrolment) -> bool:
    return may_arrange(
        user, institution_id=enrolment.institution_id, alliance_id=enrolment.alliance_id
    )


def _is_mentor(user: Any, enrolment: Enrolment) -> bool:
    return _is_self(user, enrolment.mentor_id)


def _is_self(user: Any, practitioner_id: int | None) -> bool:
    own = getattr(user, "practitioner_id", None)
    return own is not None and own == practitioner_id


def is_uuid(text: str) -> bool:
    """Whether a text could name a row."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True
