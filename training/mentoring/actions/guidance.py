"""Guidance sessions are entered by the mentor or the house that was guided, after they were held."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.catalogue.models import Technique
from alliance.core import ledger, outbox, versions
from alliance.core.errors import DomainError
from alliance.core.policy import policy
from alliance.core.saving import store
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Institution
from alliance.institutions.selectors import alliances_of, shared_alliance
from alliance.people.models import Practitioner
from training.logbook.models import Case

from .. import policies, rules
from ..models import GuidanceSession, Mentorship


@one_transaction
def record_session(
    *,
    mentor: Practitioner,
    institution: Institution,
    mode: str,
    starts_at: datetime,
    minutes_taken: int,
    minutes: str,
    participants: Collection[Practitioner],
    by: Any,
    cases: Collection[Case] = (),
    technique: Technique | None = None,
    mentorship: Mentorship | None = None,
) -> GuidanceSession:
    """Enter a session of guidance that was held, with who took part and which cases it was about."""
    if mentor.institution_id == institution.pk:
        alliance = next(iter(alliances_of(institution.pk, on=timezone.localdate())), None)
    else:
        alliance = shared_alliance(mentor.institution_id, institution.pk, on=timezone.localdate())
    if alliance is None:
        raise ValidationError({"institution": _("This institution is not in your alliance.")})
    row = GuidanceSession(
        alliance=alliance, mentor=mentor, institution=institution, mentorship=mentorship,
        technique=technique, mode=mode, starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes_taken), minutes=minutes.strip(),
        recorded_by=by,
    )  # fmt: skip
    policies.insist(policies.may_record_session(by, row))
    store(row, _errors(row, minutes_taken, participants, cases))
    row.participants.set(participants)
    row.cases.set(cases)
    outbox.put("mentoring.session", session_id=row.pk)
    _record("guidance.recorded", row, by, minutes=minutes_taken, cases=len(cases))
    return row


def _errors(
    row: GuidanceSession,
    minutes_taken: int,
    participants: Collection[Practitioner],
    cases: Collection[Case],
) -> dict[str, str]:
    now = timezone.now()
    back = policy("mentoring.guidance_days_back", on=now.date(), alliance_id=row.alliance_id)
    return rules.session_errors(
        starts_at=row.starts_at,
        minutes_taken=minutes_taken,
        now=now,
        earliest=now - timedelta(days=back),
        mentor_id=row.mentor_id,
        mentorship=rules.Link(row.mentorship.mentor_id, row.mentorship.mentee_id)
        if row.mentorship
        else None,
        participant_ids=[one.pk for one in participants],
        case_people=[{one.operator_id, one.supervisor_id} for one in cases],
    )


@one_transaction
def strike_session(
    *, session: GuidanceSession, reason: str, by: Any, version: int | None = None
) -> GuidanceSession:
    """Strike out a session entered in error: it stays readable and counts no longer."""
    rows = GuidanceSession.objects.select_for_update(of=("self",))
    row: GuidanceSession = rows.get(pk=session.pk)
    policies.insist(policies.may_record_session(by, row))
    versions.check(row, version)
    if row.struck_at is not None:
        raise DomainError("struck", _("This session has been struck out already."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    row.struck_at, row.struck_by, row.struck_reason = timezone.now(), by, reason.strip()
    row.version += 1
    row.save()
    _record("guidance.struck", row, by)
    return row


def _record(act: str, row: GuidanceSession, by: Any, **data: Any) -> None:
    ledger.record(act, by=by, subject=row, institution_id=row.institution_id, **data)
