"""Dispatch and rotation: planned by the sender, begun and ended where they lead."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import outbox
from alliance.core.policy import policy
from alliance.core.saving import store
from alliance.core.templatetags.times import day as told
from alliance.core.transactions import one_transaction
from alliance.institutions.choices import TIER_RANK
from alliance.institutions.models import Department, Institution
from alliance.institutions.selectors import shared_alliance
from alliance.people.models import Practitioner

from .. import policies, rules, workflow
from ..choices import PostingMove, PostingStatus
from ..models import Posting
from ..policies import PostingAct
from . import sites
from .common import locked, record

_DONE = {
    PostingMove.START: "posting.started",
    PostingMove.FINISH: "posting.finished",
    PostingMove.CANCEL: "posting.cancelled",
}


@one_transaction
def plan_posting(
    *,
    practitioner: Practitioner,
    kind: str,
    to_institution: Institution,
    plan: str,
    valid_from: date,
    valid_until: date,
    by: Any,
    department: Department | None = None,
) -> Posting:
    """Plan that somebody works at another institution of the alliance for a time."""
    today = timezone.localdate()
    home = practitioner.institution
    alliance = shared_alliance(home.pk, to_institution.pk, on=today)
    alliance_id = alliance.pk if alliance else None
    policies.insist(policies.may_plan_for(by, institution_id=home.pk, alliance_id=alliance_id))
    if alliance is None:
        raise ValidationError({"to_institution": _("This institution is not in your alliance.")})
    posting = Posting(
        alliance=alliance, kind=kind, practitioner=practitioner, from_institution=home,
        to_institution=to_institution, department=department, plan=plan.strip(),
        valid_from=valid_from, valid_until=valid_until, planned_by=by,
    )  # fmt: skip
    store(posting, _plan_errors(posting, today))
    _note(posting, PostingMove.PLAN, by, period=[str(valid_from), str(valid_until)])
    record("posting.planned", posting, by, valid_from=valid_from, valid_until=valid_until)
    return posting


def _plan_errors(posting: Posting, today: date) -> dict[str, str]:
    days_most = policy("mentoring.period_days_most", on=today, alliance_id=posting.alliance_id)
    found = rules.period_errors(
        valid_from=posting.valid_from,
        valid_until=posting.valid_until,
        days_most=days_most,
    ) | rules.direction_errors(
        kind=posting.kind,
        from_id=posting.from_institution_id,
        to_id=posting.to_institution_id,
        from_rank=TIER_RANK[posting.from_institution.tier],
        to_rank=TIER_RANK[posting.to_institution.tier],
    )
    if not posting.practitioner.is_active:
        found["practitioner"] = _("This person no longer works here.")
    if posting.department and posting.department.institution_id != posting.to_institution_id:
        found["department"] = _("Choose a department of the receiving institution.")
    return found


@one_transaction
def start_posting(
    *, posting: Posting, by: Any, day: date | None = None, version: int | None = None
) -> Posting:
    """The person has arrived: the posting counts, and gives the right to practise there.

    `day` is their first there, today unless told.
    """
    row = locked(posting, by, PostingAct.START, version)
    return _start(row, by, day or timezone.localdate())


def _start(row: Posting, by: Any, day: date) -> Posting:
    workflow.next_posting(row.status, PostingMove.START)
    if not row.valid_from <= day < row.valid_until:
        text = _("The first day lies within the plan. Cancel it and plan another otherwise.")
        raise ValidationError({"day": text})
    if day > timezone.localdate():
        raise ValidationError({"day": _("It has not begun yet: choose today or an earlier day.")})
    planned = str(row.valid_from)
    row.valid_from = day
    _move(row, PostingMove.START, by, planned_from=planned)
    sites.open_sites(posting=row, by=by)
    return row


@one_transaction
def finish_posting(
    *, posting: Posting, by: Any, day: date | None = None, version: int | None = None
) -> Posting:
    """The person has left: `day` is the first no longer there, as planned or today unless told."""
    row = locked(posting, by, PostingAct.FINISH, version)
    workflow.next_posting(row.status, PostingMove.FINISH)
    today = timezone.localdate()
    until = day or min(row.valid_until, today)
    if not row.valid_from < until <= min(row.valid_until, today):
        raise ValidationError(
            {"day": _("Choose a day after the first one there, up to today and the planned end.")}
        )
    if row.days_present.filter(day__gte=until).exists():
        raise ValidationError({"day": _("Presence was entered for that day or a later one.")})
    planned = str(row.valid_until)
    row.valid_until = until
    _move(row, PostingMove.FINISH, by, planned_until=planned)
    sites.close_sites(posting=row, by=by)
    return row


@one_transaction
def cancel_posting(
    *, posting: Posting, reason: str, by: Any, version: int | None = None
) -> Posting:
    """Nothing comes of a plan; the reason is kept."""
    row = locked(posting, by, PostingAct.CANCEL, version)
    workflow.next_posting(row.status, PostingMove.CANCEL)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    row.reason = reason.strip()
    _move(row, PostingMove.CANCEL, by, reason=row.reason)
    return row


@one_transaction
def mark_present(*, posting: Posting, by: Any, day: date | None = None) -> Posting:
    """The posted person was there, today or a few days ago; the first tap begins the posting."""
    row = locked(posting, by, PostingAct.PRESENT, None)
    today = timezone.localdate()
    days = [day or today]
    if row.status == PostingStatus.PLANNED:
        row = _start(row, by, days[0])
    _running(row)
    back = policy("mentoring.presence_days_back", on=today, alliance_id=row.alliance_id)
    earliest = date.fromordinal(today.toordinal() - back)
    _check_days(row, days, today, earliest)
    row.days_present.get_or_create(day=days[0], defaults={"recorded_by": by})
    return row


@one_transaction
def set_days(
    *, posting: Posting, month: date, days: list[date], by: Any, version: int | None = None
) -> Posting:
    """The days of one month on which the person was there, as the receiving institution says."""
    row = locked(posting, by, PostingAct.SET_DAYS, version)
    _running(row)
    first = rules.month_start(month)
    last = rules.next_month(first)
    if any(not first <= day < last for day in days):
        raise ValidationError({"day": _("Choose days of this month.")})
    _check_days(row, days, timezone.localdate(), None)
    known = row.days_present.filter(day__gte=first, day__lt=last)
    before = set(known.values_list("day", flat=True))
    gone, new = before - set(days), sorted(set(days) - before)
    known.filter(day__in=gone).delete()
    row.days_present.bulk_create(
        [row.days_present.model(posting=row, day=day, recorded_by=by) for day in new]
    )
    if gone or new:
        row.version += 1
        row.save(update_fields=["version", "updated_at"])
        record("posting.presence", row, by, added=len(new), removed=len(gone))
    return row


def _running(row: Posting) -> None:
    if row.status not in (PostingStatus.RUNNING, PostingStatus.DONE):
        workflow.next_posting(row.status, PostingMove.FINISH)


def _check_days(row: Posting, days: list[date], today: date, earliest: date | None) -> None:
    errors = rules.presence_errors(
        days=days,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        on=today,
        earliest=earliest,
        told=told,
    )
    if errors:
        raise ValidationError(errors)


def _move(row: Posting, move: PostingMove, by: Any, *, reason: str = "", **data: Any) -> None:
    row.status = workflow.next_posting(row.status, move)
    row.version += 1
    row.save()
    _note(row, move, by, reason=reason, **data)
    record(_DONE[move], row, by, valid_from=row.valid_from, valid_until=row.valid_until)


def _note(row: Posting, move: PostingMove, by: Any, *, reason: str = "", **data: Any) -> None:
    event = row.events.create(move=move, by=by, reason=reason, data=data)
    outbox.put("mentoring.posting", event_id=event.pk)
