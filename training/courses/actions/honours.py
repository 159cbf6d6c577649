"""The three ones: contests with their results, key doctors, simulation centres."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger
from alliance.core.errors import DomainError
from alliance.core.saving import assign, store
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Alliance, Institution
from alliance.people.models import Practitioner

from .. import policies
from ..choices import HoursKind
from ..models import Contest, ContestResult, KeyDoctor, SimulationCentre
from .completing import credit, take_back
from .keeping import insist, locked

CONTEST = ("name", "held_on", "institution", "technique", "hours")


@one_transaction
def create_contest(*, alliance: Alliance, by: Any, **values: Any) -> Contest:
    """Enter a skills contest that an alliance has held or will hold."""
    insist(policies.may_keep_contests(by, alliance.pk))
    contest = Contest(alliance=alliance, **values)
    store(contest)
    ledger.record("contest.created", by=by, subject=contest, institution_id=contest.institution_id)
    return contest


@one_transaction
def update_contest(*, contest: Contest, by: Any, version: int, **values: Any) -> Contest:
    """Put right what a contest says of itself; hours for taking part follow where it has results."""
    contest = _kept(contest, by, version)
    held = list(contest.results.select_related("practitioner"))
    changed = assign(contest, values)
    if not changed:
        return contest
    errors = {}
    if held and contest.held_on > timezone.localdate():
        errors["held_on"] = _("It has results, so it cannot lie ahead.")
    contest.version += 1
    store(contest, errors)
    if not changed.keys().isdisjoint({"name", "held_on", "hours"}):
        for result in held:
            reason = _("The contest was put right.")
            take_back(practitioner=result.practitioner, by=by, reason=reason, contest=contest)
            _credit(result, by)
    ledger.record(
        "contest.changed",
        by=by,
        subject=contest,
        institution_id=contest.institution_id,
        changed=sorted(changed),
    )
    return contest


@one_transaction
def call_off_contest(*, contest: Contest, by: Any, version: int, reason: str) -> Contest:
    """A contest is not held, or was entered by mistake; it stays readable with the reason."""
    contest = _kept(contest, by, version)
    if contest.results.exists():
        message = _("It has results. Take them out first if it was entered by mistake.")
        raise DomainError("contest_held", message)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    contest.cancelled_at, contest.cancel_reason = timezone.now(), reason.strip()
    contest.version += 1
    store(contest)
    ledger.record(
        "contest.called_off",
        by=by,
        subject=contest,
        institution_id=contest.institution_id,
        reason=contest.cancel_reason,
    )
    return contest


def _kept(contest: Contest, by: Any, version: int | None = None) -> Contest:
    """The contest for this transaction alone, for whoever keeps it, unless it was called off."""
    found: Contest = locked(contest, version)
    insist(policies.may_keep_contests(by, found.alliance_id))
    if found.cancelled_at is not None:
        raise DomainError("contest_called_off", _("This contest was called off."))
    return found


@one_transaction
def record_result(
    *,
    contest: Contest,
    practitioner: Practitioner,
    by: Any,
    rank: int | None = None,
    score: Decimal | None = None,
    award: str = "",
) -> ContestResult:
    """Enter what somebody reached; taking part brings the contest's hours."""
    contest = _kept(contest, by)
    if contest.held_on > timezone.localdate():
        raise DomainError("contest_to_come", _("The contest has not been held yet."))
    result = ContestResult(
        contest=contest, practitioner=practitioner, rank=rank, score=score, award=award
    )
    errors = {}
    if not policies.is_member(practitioner.institution_id, [contest.alliance_id]):
        errors["practitioner"] = _("Choose somebody who works at a member of the alliance.")
    store(result, errors)
    _credit(result, by)
    _record_result("contest.result", result, by)
    return result


def _credit(result: ContestResult, by: Any) -> None:
    contest = result.contest
    if contest.hours:
        credit(
            practitioner=result.practitioner,
            kind=HoursKind.CONTEST,
            on=contest.held_on,
            hours=contest.hours,
            by=by,
            contest=contest,
            title=contest.name,
        )


@one_transaction
def remove_result(*, result: ContestResult, by: Any) -> None:
    """Take a result out that was entered by mistake, with its hours."""
    insist(policies.may_keep_contests(by, result.contest.alliance_id))
    reason = _("The result was removed.")
    take_back(practitioner=result.practitioner, by=by, reason=reason, contest=result.contest)
    _record_result("contest.result_removed", result, by)
    result.delete()


@one_transaction
def name_key_doctor(
    *, institution: Institution, practitioner: Practitioner, valid_from: date, by: Any
) -> KeyDoctor:
    """Say on whom an institution builds its technique, from a day on."""
    insist(policies.may_keep_posts(by, institution.pk))
    post = KeyDoctor(institution=institution, practitioner=practitioner, valid_from=valid_from)
    errors = {}
    if practitioner.institution_id != institution.pk:
        errors["practitioner"] = _("Choose somebody who works at this institution.")
    store(post, errors)
    _record("key_doctor.named", post, by)
    return post


@one_transaction
def open_centre(
    *, institution: Institution, name: str, valid_from: date, by: Any, equipment: str = ""
) -> SimulationCentre:
    """Say where an institution trains by simulation, from a day on."""
    insist(policies.may_keep_posts(by, institution.pk))
    centre = SimulationCentre(
        institution=institution, name=name, equipment=equipment, valid_from=valid_from
    )
    store(centre)
    _record("simulation_centre.opened", centre, by)
    return centre


@one_transaction
def end_key_doctor(*, post: KeyDoctor, last: date, by: Any) -> KeyDoctor:
    """Somebody is key doctor until the day before `last`."""
    return _end(post, last, by, "key_doctor.ended")


@one_transaction
def end_centre(*, centre: SimulationCentre, last: date, by: Any) -> SimulationCentre:
    """A simulation centre is used until the day before `last`."""
    return _end(centre, last, by, "simulation_centre.ended")


def _end(row: Any, last: date, by: Any, act: str) -> Any:
    row = locked(row)
    insist(policies.may_keep_posts(by, row.institution_id))
    if row.valid_until is not None and row.valid_until <= last:
        raise DomainError("already_ended", _("This has ended already."))
    if last <= row.valid_from:
        raise ValidationError({"last": _("The end must be after the start.")})
    row.valid_until = last
    store(row)
    _record(act, row, by)
    return row


def _record(act: str, row: Any, by: Any) -> None:
    ledger.record(act, by=by, subject=row, institution_id=row.institution_id)


def _record_result(act: str, result: ContestResult, by: Any) -> None:
    ledger.record(
        act,
        by=by,
        subject=result.contest,
        institution_id=result.practitioner.institution_id,
        practitioner=str(result.practitioner.public_id),
    )
