"""The case in the logbook for which devices were used."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from alliance.core import ledger, versions
from alliance.core.errors import DomainError
from alliance.core.transactions import one_transaction
from training.logbook.models import Case

from .. import judging, policies, rules
from ..choices import Side
from ..models import Booking
from . import common


@one_transaction
def link_case(
    *, booking: Booking, case: Case, by: Any, at: datetime, version: int | None = None
) -> Booking:
    """Say, once a use has begun, which case it was for."""
    row = common.lock(booking.pk)
    policies.insist(Side.BOOKER in policies.sides(by, row))
    versions.check(row, version)
    if row.used_from is None:
        raise DomainError("not_used", _("Nothing has been used yet."))
    check_case(row, case, at=row.used_until or at)
    row.case = case
    row.version += 1
    row.save(update_fields=["case", "version", "updated_at"])
    ledger.record("booking.case", by=by, subject=row, institution_id=row.institution_id)
    return row


def check_case(row: Booking, case: Case, *, at: datetime) -> None:
    """A case is the operator's, and of a day on which the devices were used until `at`."""
    if row.operator_id not in (case.operator_id, case.supervisor_id):
        raise ValidationError({"case": _("This case is another operator's.")})
    used = rules.period(row.used_from or row.starts_at, at)
    if case.performed_on not in set(rules.days_of(used, judging.zone())):
        raise ValidationError({"case": _("This case is of another day than the use.")})
