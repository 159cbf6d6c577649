"""The only way an admission moves: lock, version, policy, table, rules, row, event, news."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger, outbox, versions
from alliance.core.errors import DomainError
from alliance.core.policy import policy
from alliance.core.saving import store
from alliance.core.transactions import one_transaction

from .. import policies, rules
from ..choices import Move
from ..models import Admission, AdmissionEvent, AdmissionSuspension
from ..signals import admission_changed
from ..workflow import TRANSITIONS, next_status

Data = Mapping[str, Any]


@one_transaction
def move(
    *,
    admission: Admission,
    move: Move,
    by: Any,
    reason: str = "",
    version: int | None = None,
    data: Data | None = None,
) -> Admission:
    """Make a move; `data` holds what it needs beside the reason (see the functions below)."""
    row: Admission = (
        Admission.objects.select_for_update(of=("self",))
        .select_related("technique")
        .get(pk=admission.pk)
    )
    if not policies.may_move(by, move, row):
        raise PermissionDenied
    versions.check(row, version)
    source, target = row.status, next_status(row.status, move)
    reason = reason.strip()
    if TRANSITIONS[move].needs_reason and not reason:
        raise ValidationError({"reason": _("Say why.")})
    kept = _EFFECTS[move](row, data or {}, by, reason)
    row.status = target
    row.version += 1
    store(row)
    event = AdmissionEvent.objects.create(
        admission=row, move=move, source=source, target=target, reason=reason, data=kept, by=by
    )
    _announce(row, event)
    return row


def _announce(row: Admission, event: AdmissionEvent) -> None:
    """The ledger's line, the news after the commit, and the word to rooms above."""
    ledger.record(
        f"admission.{Move(event.move).value}",
        by=event.by,
        subject=row,
        institution_id=row.institution_id,
        technique=row.technique.code,
        reason=event.reason,
        **event.data,
    )
    outbox.put("standards.moved", event_id=event.pk)
    admission_changed.send(sender=Admission, admission_id=row.pk)


def _submit(row: Admission, data: Data, by: Any, reason: str) -> dict[str, Any]:
    answers = list(row.answers.counted())
    _refuse(rules.submission_errors(a.value for a in answers))
    for answer in answers:
        answer.known = answer.counted
        answer.save(update_fields=["known"])
    row.submitted_at = timezone.now()
    return {"unmet": sum(not answer.met for answer in answers)}


def _admit(row: Admission, data: Data, by: Any, reason: str) -> dict[str, Any]:
    """`valid_from`, `valid_until`, `conditions`."""
    submitted = timezone.localdate(row.submitted_at)
    unmet = row.answers.filter(met=False).count()
    since, until = data.get("valid_from"), data.get("valid_until")
    conditions = data.get("conditions", "")
    _refuse(
        rules.decision_errors(
            unmet=unmet,
            conditions=conditions,
            valid_from=since,
            valid_until=until,
            submitted_on=submitted,
        )
    )
    row.valid_from, row.valid_until, row.conditions = since, until, conditions.strip()
    _decide(row, by)
    return {"unmet": unmet, **_days(valid_from=since, valid_until=until)}


def _refuse_it(row: Admission, data: Data, by: Any, reason: str) -> dict[str, Any]:
    _decide(row, by)
    return {}


def _nothing(row: Admission, data: Data, by: Any, reason: str) -> dict[str, Any]:
    return {}


def _withdraw(row: Admission, data: Data, by: Any, reason: str) -> dict[str, Any]:
    """It counts no longer from today on; before its first day, not at all."""
    today, since = timezone.localdate(), row.valid_from
    last = max(today, since) if since else today
    if row.valid_until is None or row.valid_until > last:
        row.valid_until = last
    return _days(valid_until=row.valid_until)


def _suspend(row: Admission, data: Data, by: Any, reason: str) -> dict[str, Any]:
    """`stop_condition`, `valid_from`, `valid_until`."""
    stop, until = data.get("stop_condition", ""), data.get("valid_until")
    since: Any = data.get("valid_from")
    today = timezone.localdate()
    _refuse(
        rules.suspension_errors(valid_from=since, valid_until=until, stop_condition=stop, on=today)
    )
    store(
        AdmissionSuspension(
            admission=row,
            valid_from=since,
            valid_until=until,
            stop_condition=stop,
            reason=reason,
            by=by,
        )
    )
    return {"stop_condition": stop, **_days(valid_from=since, valid_until=until)}


def _restore(row: Admission, data: Data, by: Any, reason: str) -> dict[str, Any]:
    """The suspension that runs, or else the next that will, ends today."""
    today = timezone.localdate()
    lasting = Q(valid_until=None) | Q(valid_until__gt=today) & Q(valid_until__gt=F("valid_from"))
    stop = row.suspensions.filter(lasting).order_by("valid_from").first()
    if stop is None:
        raise DomainError("not_suspended", _("This admission is not suspended."))
    stop.valid_until = max(today, stop.valid_from)
    stop.restored_by, stop.restore_reason = by, reason[:300]
    stop.save()
    return _days(valid_until=stop.valid_until)


def _first_use(row: Admission, data: Data, by: Any, reason: str) -> dict[str, Any]:
    """`first_used_on`; a restricted technique owes its filing from then on."""
    if row.first_used_on is not None:
        raise DomainError("first_use_known", _("The first use is on record already."))
    used, today = data.get("first_used_on"), timezone.localdate()
    _refuse(
        rules.first_use_errors(
            used_on=used, valid_from=row.valid_from, valid_until=row.valid_until, on=today
        )
    )
    row.first_used_on = used
    if row.technique.is_restricted and used is not None:
        days = policy("admission.filing_days", on=today, alliance_id=row.alliance_id)
        row.filing_due = rules.filing_due(used, working_days=days)
    return _days(first_used_on=used, filing_due=row.filing_due)


def _file(row: Admission, data: Data, by: Any, reason: str) -> dict[str, Any]:
    """`filed_on`, `filing_number`."""
    if row.filing_due is None or row.first_used_on is None:
        raise DomainError(
            "no_filing_owed", _("Only restricted techniques are filed, after their first use.")
        )
    if row.filed_on is not None:
        raise DomainError("filed_already", _("The filing is on record already."))
    filed, number = data.get("filed_on"), data.get("filing_number", "")
    _refuse(
        rules.filing_errors(
            filed_on=filed,
            number=number,
            first_used_on=row.first_used_on,
            on=timezone.localdate(),
        )
    )
    row.filed_on, row.filing_number = filed, number.strip()
    return {"filing_number": row.filing_number, **_days(filed_on=filed)}


_EFFECTS: Mapping[Move, Callable[[Admission, Data, Any, str], dict[str, Any]]] = {
    Move.SUBMIT: _submit,
    Move.ADMIT: _admit,
    Move.RETURN: _nothing,
    Move.REFUSE: _refuse_it,
    Move.TAKE_BACK: _nothing,
    Move.WITHDRAW: _withdraw,
    Move.SUSPEND: _suspend,
    Move.RESTORE: _restore,
    Move.FIRST_USE: _first_use,
    Move.FILE: _file,
}


def _decide(row: Admission, by: Any) -> None:
    row.decided_at, row.decided_by = timezone.now(), by


def _refuse(errors: Mapping[str, Any]) -> None:
    if errors:
        raise ValidationError(dict(errors))


def _days(**found: date | None) -> dict[str, str]:
    return {name: day.isoformat() for name, day in found.items() if day is not None}
