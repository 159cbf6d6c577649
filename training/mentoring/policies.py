"""What a person may do about a mentorship or a posting."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from django.core.exceptions import PermissionDenied

from alliance.core.access import access_of, has_permission
from alliance.core.choices import Permission
from alliance.people.models import User

from .choices import MentorshipStatus, PostingStatus, Side
from .models import GuidanceSession, Mentorship, Posting


class MentorshipAct(StrEnum):
    """Acts that a mentorship's page offers."""

    AGREE = "agree"
    DECLINE = "decline"
    END = "end"


class PostingAct(StrEnum):
    """Acts that a posting's page offers."""

    START = "start"
    FINISH = "finish"
    CANCEL = "cancel"
    PRESENT = "present"
    SET_DAYS = "set_days"
    EVALUATE_HOST = "evaluate_host"
    EVALUATE_PERSON = "evaluate_person"
    ASSESS = "assess"


def may_look(user: Any) -> bool:
    """Whether mentors and postings concern the user at all."""
    held = access_of(user).everywhere()
    return not held.isdisjoint({Permission.LEARNING_OWN, Permission.TRAINING_VIEW})


def may_plan(user: Any) -> bool:
    """Whether the user plans postings somewhere."""
    return Permission.TRAINING_MANAGE in access_of(user).everywhere()


def may_plan_for(user: Any, *, institution_id: int, alliance_id: int | None) -> bool:
    """Whether the user posts the staff of an institution."""
    return arranges(user, institution_id) or (
        alliance_id is not None
        and has_permission(user, Permission.TRAINING_MANAGE, alliance_id=alliance_id)
    )


def arranges(user: Any, institution_id: int) -> bool:
    """Whether the user arranges the training of an institution."""
    return has_permission(user, Permission.TRAINING_MANAGE, institution_id=institution_id)


def receives(user: Any, institution_id: int) -> bool:
    """Whether the user looks after those who are posted to an institution."""
    return arranges(user, institution_id) or has_permission(
        user, Permission.TRAINING_TEACH, institution_id=institution_id
    )


def is_person(user: Any, practitioner_id: int) -> bool:
    """Whether the account is this practitioner's, in a role that learns."""
    mine = getattr(user, "practitioner_id", None) == practitioner_id
    return mine and Permission.LEARNING_OWN in access_of(user).everywhere()


def posting_rights(user: Any, posting: Posting) -> frozenset[PostingAct]:
    """What the user may ever do about a posting, whatever state it is in."""
    host = receives(user, posting.to_institution_id)
    sender = may_plan_for(
        user, institution_id=posting.from_institution_id, alliance_id=posting.alliance_id
    )
    rights: set[PostingAct] = set()
    if host:
        rights |= {PostingAct.SET_DAYS, PostingAct.EVALUATE_HOST}
    if sender:
        rights |= {PostingAct.CANCEL, PostingAct.ASSESS}
    if host or sender:
        rights |= {PostingAct.START, PostingAct.FINISH}
    if is_person(user, posting.practitioner_id):
        rights |= {PostingAct.PRESENT, PostingAct.EVALUATE_PERSON}
    return frozenset(rights)


_WHEN: dict[str, frozenset[PostingAct]] = {
    PostingStatus.PLANNED: frozenset(
        {PostingAct.START, PostingAct.CANCEL, PostingAct.PRESENT}
    ),
    PostingStatus.RUNNING: frozenset(
        {
            PostingAct.FINISH, PostingAct.PRESENT, PostingAct.SET_DAYS,
            PostingAct.EVALUATE_HOST, PostingAct.EVALUATE_PERSON,
        }
    ),
    PostingStatus.DONE: frozenset(
        {
            PostingAct.SET_DAYS, PostingAct.EVALUATE_HOST, PostingAct.EVALUATE_PERSON,
            PostingAct.ASSESS,
        }
    ),
    PostingStatus.CANCELLED: frozenset(),
}  # fmt: skip


def posting_acts(user: Any, posting: Posting, *, on: date) -> frozenset[PostingAct]:
    """What the posting's page offers the user on a date."""
    acts = posting_rights(user, posting) & _WHEN[posting.status]
    if not posting.valid_from <= on < posting.valid_until:
        acts -= {PostingAct.PRESENT}
    if on < posting.valid_from:
        acts -= {PostingAct.START}
    return acts


def sides_of(user: Any, row: Mentorship) -> list[Side]:
    """For which sides the user speaks: their own, or that of staff who have no account.

    Who arranges training may note the agreement of somebody who signed on paper; for everybody else
    their own word is asked.
    """
    people = {Side.MENTOR: row.mentor_id, Side.MENTEE: row.mentee_id}
    houses = {Side.MENTOR: row.mentor_institution_id, Side.MENTEE: row.mentee_institution_id}
    return [
        side
        for side in Side
        if is_person(user, people[side])
        or (arranges(user, houses[side]) and not _has_account(people[side]))
    ]


def _has_account(practitioner_id: int) -> bool:
    return User.objects.filter(practitioner=practitioner_id, is_active=True).exists()


def concerns(user: Any, row: Mentorship) -> bool:
    """Whether the user has a say: the two people, who arranges training at their houses, the office."""
    return (
        is_person(user, row.mentor_id)
        or is_person(user, row.mentee_id)
        or arranges(user, row.mentor_institution_id)
        or arranges(user, row.mentee_institution_id)
        or has_permission(user, Permission.TRAINING_MANAGE, alliance_id=row.alliance_id)
    )


def has_agreed(row: Mentorship, side: str) -> bool:
    """Whether a side has agreed."""
    return getattr(row, f"{side}_agreed_at") is not None


def mentorship_rights(user: Any, row: Mentorship) -> frozenset[MentorshipAct]:
    """What the user may ever do about a mentorship."""
    if not concerns(user, row):
        return frozenset()
    agree = {MentorshipAct.AGREE} if sides_of(user, row) else set()
    return frozenset({MentorshipAct.DECLINE, MentorshipAct.END, *agree})


def mentorship_acts(user: Any, row: Mentorship, *, on: date) -> frozenset[MentorshipAct]:
    """What the mentorship's page offers the user on a date."""
    rights = mentorship_rights(user, row)
    if row.status == MentorshipStatus.AGREED and row.valid_until > on:
        return rights & {MentorshipAct.END}
    if row.status != MentorshipStatus.PROPOSED:
        return frozenset()
    open_ = any(not has_agreed(row, side) for side in sides_of(user, row))
    return rights - {MentorshipAct.END} - (set() if open_ else {MentorshipAct.AGREE})


def may_propose(user: Any) -> bool:
    """Whether the user may propose mentorships: for themselves, their staff, or the alliance."""
    if may_plan(user):
        return True
    return getattr(user, "practitioner_id", None) is not None and may_look(user)


def may_record(user: Any) -> bool:
    """Whether the user may enter guidance: as a mentor, or for the house that was guided."""
    held = access_of(user).everywhere()
    house = not held.isdisjoint({Permission.TRAINING_TEACH, Permission.TRAINING_MANAGE})
    return house or (getattr(user, "practitioner_id", None) is not None and may_look(user))


def may_record_session(user: Any, session: GuidanceSession) -> bool:
    """Whether the user enters and strikes out this session: its mentor, or the guided house."""
    return (
        is_person(user, session.mentor_id)
        or receives(user, session.institution_id)
        or keeps_book(user, session.institution_id)
    )


def keeps_book(user: Any, institution_id: int) -> bool:
    """Whether the user keeps the logbook of a house, as its people and its own systems do."""
    return has_permission(
        user, Permission.CASE_RECORD, institution_id=institution_id
    ) and has_permission(user, Permission.CASE_VIEW, institution_id=institution_id)


def may_guide(user: Any, row: Mentorship) -> bool:
    """Whether the user enters guidance that belongs to a mentorship."""
    return is_person(user, row.mentor_id) or receives(user, row.mentee_institution_id)


def insist(allowed: Any) -> None:
    """Raise PermissionDenied unless allowed."""
    if not allowed:
        raise PermissionDenied
