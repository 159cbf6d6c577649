"""A privilege is suspended, restored, withdrawn: each with a reason, from a day on."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import versions
from alliance.core.errors import DomainError
from alliance.core.transactions import one_transaction
from alliance.institutions.policies import insist

from .. import policies, rules
from ..choices import EventKind, Standing
from ..models import Privilege, Suspension
from .events import note


@one_transaction
def suspend(
    *,
    privilege: Privilege,
    reason: str,
    by: Any,
    valid_until: date | None = None,
    version: int | None = None,
) -> Suspension:
    """Let a privilege not count from today until a day, or until somebody restores it."""
    row, today = _locked(privilege, version), timezone.localdate()
    insist(policies.may_suspend(by, row))
    _insist_on(row, Standing.IN_FORCE)
    why = _reason(reason)
    if valid_until is not None and valid_until <= today:
        raise ValidationError({"valid_until": _("Choose a day after today.")})
    made = Suspension.objects.create(
        privilege=row, valid_from=today, valid_until=valid_until, reason=why, suspended_by=by
    )
    until = {"valid_until": str(valid_until)} if valid_until else {}
    _changed(row, EventKind.SUSPENDED, by=by, reason=why, **until)
    return made


@one_transaction
def restore(*, privilege: Privilege, reason: str, by: Any, version: int | None = None) -> Privilege:
    """Let a suspended privilege count again from today."""
    row = _locked(privilege, version)
    insist(policies.may_suspend(by, row))
    _insist_on(row, Standing.SUSPENDED)
    why, today = _reason(reason), timezone.localdate()
    suspension = row.suspensions.select_for_update().in_force(today).get()
    suspension.valid_until, suspension.restored_by = today, by
    suspension.restore_reason = why
    suspension.save()
    _changed(row, EventKind.RESTORED, by=by, reason=why)
    return row


@one_transaction
def withdraw(
    *, privilege: Privilege, reason: str, by: Any, version: int | None = None
) -> Privilege:
    """End a privilege from today on; the days before stay as they were."""
    row = _locked(privilege, version)
    insist(policies.may_manage(by, row))
    _insist_on(row, Standing.IN_FORCE, Standing.SUSPENDED, Standing.NOT_YET)
    why, today = _reason(reason), timezone.localdate()
    # What has not begun never will: its time is empty.
    row.withdrawn_on, row.withdrawn_by = max(today, row.valid_from), by
    row.withdrawal_reason = why
    _changed(row, EventKind.WITHDRAWN, by=by, reason=why)
    row.refresh_from_db(fields=["ends_on"])
    return row


def _locked(privilege: Privilege, version: int | None) -> Privilege:
    row: Privilege = Privilege.objects.select_for_update().get(pk=privilege.pk)
    versions.check(row, version)
    return row


def _insist_on(row: Privilege, *standings: Standing) -> None:
    today = timezone.localdate()
    now = rules.standing(
        valid_from=row.valid_from,
        ends_on=row.ends_on,
        withdrawn_on=row.withdrawn_on,
        replaced_on=row.replaced_on,
        is_suspended=row.suspensions.in_force(today).exists(),
        on=today,
    )
    if now not in standings:
        message = _("This privilege is: %(standing)s. That is not possible with it.")
        raise DomainError("privilege_standing", message % {"standing": now.label}, standing=now)


def _reason(text: str) -> str:
    why = text.strip()
    if not why:
        raise ValidationError({"reason": _("Give the reason.")})
    if len(why) > _MOST:
        raise ValidationError({"reason": _("At most %(most)s characters.") % {"most": _MOST}})
    return why


def _changed(row: Privilege, kind: EventKind, *, by: Any, reason: str, **data: Any) -> None:
    row.version += 1
    row.save()
    note(row, kind, by=by, reason=reason, **data)


_MOST = 300
