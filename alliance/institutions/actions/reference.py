"""Alliances and the national list of specialties: kept by the system administrator."""

from typing import Any

from django.db import transaction

from alliance.core import ledger
from alliance.core.saving import validated

from .. import policies
from ..models import Alliance, Specialty


@transaction.atomic
def save_alliance(*, alliance: Alliance, by: Any) -> Alliance:
    """Found an alliance, or change its name, kind or place."""
    return _save(alliance, by)


@transaction.atomic
def save_specialty(*, specialty: Specialty, by: Any) -> Specialty:
    """Add a specialty of the national list, or mend its name."""
    return _save(specialty, by)


def _save(row: Any, by: Any) -> Any:
    policies.insist(policies.may_keep_reference(by))
    is_new = row.pk is None
    validated(row, {})
    row.save()
    name = row._meta.model_name
    ledger.record(f"{name}.{'created' if is_new else 'changed'}", by=by, subject=row, name=str(row))
    return row
