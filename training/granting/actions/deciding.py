"""The decision: what the votes say, with level, period and conditions, and the privilege itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core.errors import DomainError
from alliance.core.policy import policies as policies_of
from alliance.core.templatetags.times import day as told
from alliance.core.transactions import one_transaction
from training.privileges import actions as privileges
from training.privileges import standings
from training.privileges.choices import Ground as Rests
from training.privileges.choices import Level, Standing
from training.privileges.models import Privilege

from .. import evidence, policies, rules, selectors, texts
from ..choices import Kind, Move, Status
from ..models import Application, Decision
from ..rules import Requirement
from ..workflow import next_status
from .shared import locked, note_step

_RESTS_ON = {
    Kind.FIRST: Rests.APPLICATION,
    Kind.RENEWAL: Rests.RENEWAL,
    Kind.RESTORATION: Rests.APPLICATION,
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What a privilege is granted with; None where the policy, or the old privilege, says it."""

    level: str = Level.INDEPENDENT
    valid_from: date | None = None
    valid_until: date | None = None
    conditions: str = ""


@one_transaction
def decide(
    *,
    application: Application,
    reason: str,
    terms: Terms | None = None,
    by: Any,
    version: int | None = None,
) -> Decision:
    """Record what the committee decided, as its votes say, and grant the privilege if it did."""
    row = locked(application, version)
    if not policies.may_move(by, Move.GRANT, row):
        raise PermissionDenied
    next_status(row.status, Move.GRANT)
    today = timezone.localdate()
    count = _counted(row, by, today)
    outcome = count.outcome
    if outcome is None:
        raise _no_quorum(count)
    granted = _terms(row, terms or Terms(), today) if outcome == Status.GRANTED else None
    longest = _longest(row, granted, today) if granted else None
    _insist_whole(outcome, reason, granted, longest, today)
    privilege = _grant(row, granted, reason, by) if granted else None
    decision = Decision.objects.create(
        application=row,
        outcome=outcome,
        privilege=privilege,
        level=privilege.level if privilege else "",
        valid_from=privilege.valid_from if privilege else None,
        valid_until=privilege.valid_until if privilege else None,
        conditions=granted.conditions.strip() if granted else "",
        reason=reason.strip(),
        tally=count.as_json(),
        by=by,
    )
    _close(row, Move.GRANT if privilege else Move.REFUSE, reason, by)
    return decision


def _longest(row: Application, terms: Terms, today: date) -> date:
    """The latest end that the alliance's policy lets such a privilege have."""
    begins = terms.valid_from or today
    values = policies_of(alliance_id=row.alliance_id, on=begins, prefix="privilege.")
    return privileges.default_end(row.technique, terms.level, begins, values)


def _insist_whole(
    outcome: Status, reason: str, terms: Terms | None, longest: date | None, today: date
) -> None:
    """A decision says why, and a privilege a period that is still to come and not too long."""
    errors = rules.decision_errors(
        outcome=outcome,
        reason=reason,
        valid_from=terms.valid_from if terms else None,
        valid_until=terms.valid_until if terms else None,
        longest=longest,
        on=today,
        told=told,
    )
    if errors:
        raise ValidationError(errors)


def _counted(row: Application, by: Any, today: date) -> rules.Tally:
    """The votes; whoever is bound to the applicant does not pronounce the decision either."""
    ground = selectors.ground_of(by, row, on=today)
    if ground is not None:
        message = _("You are excused from this application: %(who)s %(ground)s.")
        told = message % {"who": by.name, "ground": ground.label}
        raise DomainError("member_excused", told, ground=str(ground))
    return selectors.tally(row, selectors.seats(row, on=today), on=today)


def _no_quorum(count: rules.Tally) -> DomainError:
    if count.is_reachable:
        message = _("%(cast)s of %(needed)s votes needed are cast. Wait for the others.")
    else:
        message = _(
            "%(needed)s votes are needed, and only %(entitled)s members are free to vote."
            " Appoint further members."
        )
    words = {"cast": count.cast, "needed": count.needed, "entitled": count.entitled}
    return DomainError("no_quorum", message % words, **words)


def _terms(row: Application, asked: Terms, today: date) -> Terms:
    """What is granted, where it is not said: from today, or from the end of what is renewed."""
    begins = asked.valid_from
    if begins is None and row.kind == Kind.RENEWAL and row.privilege is not None:
        begins = rules.next_period_from(valid_until=row.privilege.ends_on, on=today)
    return Terms(asked.level, begins or today, asked.valid_until, asked.conditions)


def _grant(row: Application, terms: Terms, reason: str, by: Any) -> Privilege:
    """The privilege: restored where it is only suspended, granted anew otherwise."""
    today = timezone.localdate()
    _insist_still_standing(row, today)
    if row.kind == Kind.RESTORATION and row.privilege is not None:
        old = row.privilege
        if standings.standing_of(old, on=today) == Standing.SUSPENDED:
            return privileges.restore(privilege=old, reason=reason.strip()[:300], by=by)
    granted = privileges.grant(
        practitioner=row.practitioner,
        technique=row.technique,
        institution=row.institution,
        level=terms.level,
        valid_from=terms.valid_from or today,
        valid_until=terms.valid_until,
        by=by,
        ground=_RESTS_ON[Kind(row.kind)],
        evidence=_readable(row),
        conditions=terms.conditions,
    )
    privileges.issue_certificate(privilege=granted, by=by)
    return granted


def _readable(row: Application) -> dict[str, Any]:
    """The evidence in the words in which it was decided on: the privilege keeps it for itself."""
    found = [Requirement.from_json(one) for one in row.evidence.get("requirements", [])]
    told = [
        {
            **one.as_json(),
            "label": texts.label(one),
            "value": texts.numbers(one),
            "source": texts.source(one),
        }
        for one in found
    ]
    return {**row.evidence, "requirements": told, "application": str(row.public_id)}


def _insist_still_standing(row: Application, today: date) -> None:
    """Licence, admission and the like may have ended since the evidence was frozen."""
    asked = evidence.Asked(
        Kind(row.kind), row.practitioner, row.technique, row.institution, row.privilege
    )
    found = evidence.standing(asked, row.alliance, on=today)
    if lacking := texts.missing_sentences(found):
        message = _("This can no longer be granted: something has ended since the application.")
        raise DomainError("requirements_missing", message, reasons=lacking)


def _close(row: Application, move: Move, reason: str, by: Any) -> None:
    source, row.status = row.status, next_status(row.status, move)
    row.ended_at = timezone.now()
    row.version += 1
    row.save(update_fields=["status", "ended_at", "version", "updated_at"])
    note_step(row, move, source, by=by, reason=reason.strip())
