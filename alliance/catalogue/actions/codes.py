"""Rows of the national code tables, kept by who imports them or maintains the catalogue."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import transaction

from alliance.core import ledger
from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.core.pinyin import initials
from alliance.core.saving import validated

from ..code_shapes import disease_code_errors, technique_code_errors
from ..models import Coded, Disease, Technique

C = TypeVar("C", bound=Coded)
_CODE_ERRORS: Mapping[type[Coded], Callable[[str], Mapping[str, Any]]] = {
    Disease: disease_code_errors,
    Technique: technique_code_errors,
}
_KEEPERS = frozenset({Permission.CATALOGUE_MANAGE, Permission.DATA_IMPORT})


@transaction.atomic
def save_disease(*, by: Any, code: str, **values: Any) -> Disease:
    """Add a disease or change the one of that code."""
    return _save(Disease, by, code, values)


@transaction.atomic
def save_technique(*, by: Any, code: str, **values: Any) -> Technique:
    """Add a technique or change the one of that code."""
    return _save(Technique, by, code, values)


def may_keep_codes(user: Any) -> bool:
    """Alliance offices and system importers; code tables belong to no single hospital."""
    access = access_of(user)
    held = access.system.union(*access.alliances.values())
    return not held.isdisjoint(_KEEPERS)


def _save(model: type[C], by: Any, code: str, values: dict[str, Any]) -> C:
    if not may_keep_codes(by):
        raise PermissionDenied
    row = model.objects.select_for_update().filter(code=code.strip()).first()
    created = row is None
    row = row or model(code=code.strip())
    for field, value in values.items():
        setattr(row, field, value)
    row.pinyin = initials(row.name)[:200]
    validated(row, _CODE_ERRORS[model](row.code))
    row.save()
    ledger.record(
        f"{model._meta.model_name}.{'created' if created else 'changed'}",
        by=by,
        subject=row,
        code=row.code,
        fields=sorted(values),
    )
    return row
