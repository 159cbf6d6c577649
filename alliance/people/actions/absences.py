"""Days on which staff do not work, kept by their institution's administrator."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger
from alliance.core.access import require
from alliance.core.choices import Permission
from alliance.core.errors import DomainError
from alliance.core.saving import store
from alliance.core.transactions import one_transaction

from ..models import Absence, Practitioner


@one_transaction
def add_absence(
    *,
    practitioner: Practitioner,
    kind: str,
    valid_from: date,
    valid_until: date,
    by: Any,
    note: str = "",
) -> Absence:
    """Note that somebody does not work from a day until the first day back."""
    require(by, Permission.STAFF_MANAGE, institution_id=practitioner.institution_id)
    absence = Absence(
        practitioner=practitioner,
        kind=kind,
        valid_from=valid_from,
        valid_until=valid_until,
        note=note.strip(),
    )
    store(absence)
    _record("absence.added", absence, by)
    return absence


@one_transaction
def end_absence(*, absence: Absence, by: Any) -> None:
    """Let somebody be back today; an absence that has not begun is taken off."""
    row = Absence.objects.select_for_update(of=("self",)).select_related("practitioner")
    found = row.get(pk=absence.pk)
    require(by, Permission.STAFF_MANAGE, institution_id=found.practitioner.institution_id)
    today = timezone.localdate()
    if found.valid_until <= today:
        raise DomainError("absence_over", _("This absence is over already."))
    _record("absence.ended", found, by)
    if found.valid_from >= today:
        found.delete()
        return
    found.valid_until = today
    found.save(update_fields=["valid_until", "updated_at"])


def _record(action: str, absence: Absence, by: Any) -> None:
    ledger.record(
        action,
        by=by,
        subject=absence.practitioner,
        institution_id=absence.practitioner.institution_id,
        **{"from": str(absence.valid_from), "until": str(absence.valid_until)},
    )
