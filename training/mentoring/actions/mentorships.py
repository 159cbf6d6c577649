"""A mentorship is proposed by one side, agreed to by both, and ends with its period or before."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.catalogue.models import Technique
from alliance.core import ledger, outbox, versions
from alliance.core.errors import DomainError
from alliance.core.policy import policies as policy_set
from alliance.core.saving import store
from alliance.core.transactions import one_transaction
from alliance.institutions.choices import TIER_RANK
from alliance.institutions.selectors import alliances_of, shared_alliance
from alliance.people.models import Practitioner
from training.privileges.choices import Level
from training.privileges.selectors import privileges_in_force

from .. import policies, rules, workflow
from ..choices import MENTOR_TITLES, MentorshipMove, MentorshipStatus, Side
from ..models import Mentorship
from ..policies import MentorshipAct

_DONE = {
    MentorshipMove.AGREE: "mentorship.agreed",
    MentorshipMove.DECLINE: "mentorship.declined",
    MentorshipMove.END: "mentorship.ended",
}


@one_transaction
def propose_mentorship(
    *,
    mentor: Practitioner,
    mentee: Practitioner,
    goals: str,
    valid_from: date,
    valid_until: date,
    by: Any,
    technique: Technique | None = None,
) -> Mentorship:
    """Propose that somebody teaches somebody; who proposes for a side has agreed for it."""
    today = timezone.localdate()
    alliance = _alliance(mentor, mentee, today)
    row = Mentorship(
        alliance=alliance, mentor=mentor, mentee=mentee, technique=technique,
        mentor_institution=mentor.institution, mentee_institution=mentee.institution,
        goals=goals.strip(), valid_from=valid_from, valid_until=valid_until, proposed_by=by,
    )  # fmt: skip
    policies.insist(policies.concerns(by, row))
    errors: dict[str, Any] = {**_period_errors(row, today), **teaching_errors(row, on=today)}
    store(row, errors)
    _note(row, MentorshipMove.PROPOSE, by, period=[str(valid_from), str(valid_until)])
    _record("mentorship.proposed", row, by)
    for side in policies.sides_of(by, row):
        _agree_for(row, side, by)
    _settle(row, by)
    return row


def _alliance(mentor: Practitioner, mentee: Practitioner, today: date) -> Any:
    """The alliance of both; within one house, the house's own."""
    if mentor.institution_id == mentee.institution_id:
        found = next(iter(alliances_of(mentor.institution_id, on=today)), None)
    else:
        found = shared_alliance(mentor.institution_id, mentee.institution_id, on=today)
    if found is None:
        raise ValidationError({"mentor": _("Mentor and mentee are not in the same alliance.")})
    return found


def _period_errors(row: Mentorship, today: date) -> dict[str, str]:
    values = policy_set(alliance_id=row.alliance_id, on=today, prefix="mentoring.")
    return rules.period_errors(
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        days_most=values["mentoring.period_days_most"],
        on=today,
    )


def teaching_errors(row: Mentorship, *, on: date) -> dict[str, list[str]]:
    """Why this mentor may not teach this mentee this, by field; empty where they may."""
    values = policy_set(alliance_id=row.alliance_id, on=on, prefix="mentoring.")
    held = privileges_in_force(on).filter(
        practitioner=row.mentor_id, technique=row.technique_id, level=Level.INDEPENDENT
    )
    others = (
        Mentorship.objects.agreed()
        .meeting(row.valid_from, row.valid_until)
        .filter(mentor=row.mentor_id)
        .exclude(mentee=row.mentee_id)
    )
    facts = rules.Teaching(
        mentor_id=row.mentor_id,
        mentee_id=row.mentee_id,
        mentor_title=row.mentor.title_code,
        title_needed=values["mentoring.mentor_title"],
        mentor_rank=TIER_RANK[row.mentor_institution.tier],
        mentee_rank=TIER_RANK[row.mentee_institution.tier],
        mentor_is_active=row.mentor.is_active,
        mentee_is_active=row.mentee.is_active,
        technique=str(row.technique) if row.technique else "",
        mentor_is_privileged=row.technique_id is not None and held.exists(),
        other_mentees=others.values("mentee").distinct().count(),
        mentees_most=values["mentoring.mentees_most"],
    )
    return rules.teaching_errors(facts, titles=dict(MENTOR_TITLES))


@one_transaction
def agree_to_mentorship(
    *, mentorship: Mentorship, by: Any, version: int | None = None
) -> Mentorship:
    """One side agrees; once both have, it holds. Asked again then: senior, privileged, room left."""
    row = _locked(mentorship, by, MentorshipAct.AGREE, version)
    workflow.next_mentorship(row.status, MentorshipMove.AGREE)
    missing = [side for side in policies.sides_of(by, row) if not policies.has_agreed(row, side)]
    if not missing:
        raise DomainError(
            "already_agreed", _("You have agreed already; the other side has to answer.")
        )
    for side in missing:
        _agree_for(row, side, by)
    row.version += 1
    _settle(row, by)
    return row


def _agree_for(row: Mentorship, side: str, by: Any) -> None:
    setattr(row, f"{side}_agreed_at", timezone.now())
    setattr(row, f"{side}_agreed_by", by)


def _settle(row: Mentorship, by: Any) -> None:
    """Store who has agreed, and make it hold where both have."""
    both = all(policies.has_agreed(row, side) for side in Side)
    if both:
        # Two agreements at once must not both take the last place: the mentor is asked in turn.
        Practitioner.objects.select_for_update().get(pk=row.mentor_id)
        _insist_possible(row)
        row.status = MentorshipStatus.AGREED
    store(row)
    if both:
        _note(row, MentorshipMove.AGREE, by)
        _record("mentorship.agreed", row, by)


def _insist_possible(row: Mentorship) -> None:
    errors = teaching_errors(row, on=timezone.localdate())
    if errors:
        reasons = [one for messages in errors.values() for one in messages]
        raise DomainError("mentor_not_possible", " ".join(reasons), reasons=reasons)


@one_transaction
def decline_mentorship(
    *, mentorship: Mentorship, reason: str, by: Any, version: int | None = None
) -> Mentorship:
    """One side does not agree, or takes the proposal back."""
    row = _locked(mentorship, by, MentorshipAct.DECLINE, version)
    return _leave(row, MentorshipMove.DECLINE, reason, by)


@one_transaction
def end_mentorship(
    *, mentorship: Mentorship, reason: str, by: Any, version: int | None = None
) -> Mentorship:
    """End it before its time: from today nobody teaches anybody by it."""
    row = _locked(mentorship, by, MentorshipAct.END, version)
    today = timezone.localdate()
    workflow.next_mentorship(row.status, MentorshipMove.END)
    if row.valid_until <= today:
        raise DomainError("over", _("It ended with its period; nothing is left to end."))
    planned = str(row.valid_until)
    row.valid_until = max(row.valid_from, today)
    return _leave(row, MentorshipMove.END, reason, by, planned_until=planned)


def _leave(row: Mentorship, move: str, reason: str, by: Any, **data: Any) -> Mentorship:
    row.status = workflow.next_mentorship(row.status, move)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    row.reason = reason.strip()
    row.version += 1
    row.save()
    _note(row, move, by, reason=row.reason, **data)
    _record(_DONE[MentorshipMove(move)], row, by)
    return row


def _locked(mentorship: Mentorship, by: Any, act: MentorshipAct, version: int | None) -> Mentorship:
    """The mentorship for this transaction alone, if `by` may do that."""
    rows = Mentorship.objects.select_for_update(of=("self",)).for_list()
    row: Mentorship = rows.get(pk=mentorship.pk)
    policies.insist(act in policies.mentorship_rights(by, row))
    versions.check(row, version)
    return row


def _note(row: Mentorship, move: str, by: Any, *, reason: str = "", **data: Any) -> None:
    event = row.events.create(move=move, by=by, reason=reason, data=data)
    outbox.put("mentoring.mentorship", event_id=event.pk)


def _record(act: str, row: Mentorship, by: Any) -> None:
    ledger.record(
        act,
        by=by,
        subject=row,
        institution_id=row.mentee_institution_id,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )
