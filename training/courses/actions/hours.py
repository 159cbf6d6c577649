"""Hours of education from elsewhere: claimed with evidence, confirmed or refused by the house."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger, outbox
from alliance.core.errors import DomainError
from alliance.core.policy import policy
from alliance.core.saving import store
from alliance.core.transactions import one_transaction
from alliance.people.models import Practitioner

from .. import policies, rules
from ..choices import EntryStatus, HoursKind
from ..models import HoursEntry
from ..signals import hours_counted
from .keeping import checked_file, home_alliance, insist, locked, store_file


@one_transaction
def claim_hours(
    *,
    practitioner: Practitioner,
    by: Any,
    on: date,
    hours: Decimal,
    title: str,
    ref: str = "",
    is_thematic: bool = False,
    evidence: Any = None,
) -> HoursEntry:
    """Enter hours from elsewhere; they count at once where the house itself enters them."""
    insist(policies.may_arrange(by, practitioner))
    today = timezone.localdate()
    alliance = home_alliance(practitioner.institution_id, on=today)
    entry = HoursEntry(
        practitioner=practitioner,
        institution_id=practitioner.institution_id,
        alliance=alliance,
        kind=HoursKind.EXTERNAL,
        on=on,
        hours=hours,
        title=title.strip(),
        ref=ref.strip(),
        is_thematic=is_thematic,
        status=EntryStatus.WAITING,
    )
    if policies.may_decide(by, entry):
        entry.status, entry.decided_at, entry.decided_by = EntryStatus.CONFIRMED, timezone.now(), by
    _keep_evidence(entry, evidence)
    most = policy("hours.claim_most", on=today, alliance_id=alliance.pk if alliance else None)
    errors = rules.claim_errors(on=on, hours=float(hours), today=today, most=most)
    store(entry, errors)
    _record("hours.claimed", entry, by)
    if entry.status == EntryStatus.WAITING:
        outbox.put("courses.hours_news", entry_id=entry.pk, text="claimed")
    else:
        hours_counted.send(sender=HoursEntry, practitioner_ids=[entry.practitioner_id])
    return entry


@one_transaction
def confirm_hours(*, entry: HoursEntry, by: Any) -> HoursEntry:
    """The evidence holds: the hours count."""
    return _decide(_waiting(entry, by), EntryStatus.CONFIRMED, by, "")


@one_transaction
def refuse_hours(*, entry: HoursEntry, by: Any, reason: str) -> HoursEntry:
    """The hours do not count, and why."""
    entry = _waiting(entry, by)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why: the person will read it.")})
    return _decide(entry, EntryStatus.REFUSED, by, reason.strip())


def _waiting(entry: HoursEntry, by: Any) -> HoursEntry:
    """The entry for this transaction alone, for who decides about it, while nobody has."""
    found: HoursEntry = locked(entry)
    if found.status != EntryStatus.WAITING:
        insist(policies.keeps_house(by, found.institution_id))
        message = _("Somebody has decided about these hours already.")
        raise DomainError("hours_decided", message)
    insist(policies.may_decide(by, found))
    return found


def _decide(entry: HoursEntry, status: EntryStatus, by: Any, reason: str) -> HoursEntry:
    entry.status, entry.refusal = status, reason
    entry.decided_at, entry.decided_by = timezone.now(), by
    entry.save()
    counts = status == EntryStatus.CONFIRMED
    _record("hours.confirmed" if counts else "hours.refused", entry, by)
    outbox.put("courses.hours_news", entry_id=entry.pk, text=status.value)
    if counts:
        hours_counted.send(sender=HoursEntry, practitioner_ids=[entry.practitioner_id])
    return entry


def _keep_evidence(entry: HoursEntry, evidence: Any) -> None:
    if not evidence:
        return
    limit = policy("course.file_bytes_most", on=timezone.localdate(), alliance_id=entry.alliance_id)
    file = checked_file(evidence, "evidence", max_bytes=limit)
    entry.evidence_name, entry.evidence_type = file.name, file.content_type
    store_file(entry.evidence, entry.public_id, file)


def _record(act: str, entry: HoursEntry, by: Any) -> None:
    ledger.record(
        act, by=by, subject=entry, institution_id=entry.institution_id, hours=str(entry.hours)
    )
