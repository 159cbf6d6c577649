"""Types of device, and the techniques that need them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import PermissionDenied

from alliance.catalogue.models import Technique
from alliance.core import ledger, versions
from alliance.core.pinyin import initials
from alliance.core.saving import assign, store
from alliance.core.transactions import one_transaction

from .. import policies
from ..models import DeviceType, TypeTechnique

FIELDS: Final = frozenset(
    {
        "code", "name", "kind", "category_code", "family", "is_high_end", "is_fixed", "life_years",
        "setup_minutes", "cleaning_minutes", "statutory_months", "preventive_months",
        "upkeep_source", "is_active", "source",
    }
)  # fmt: skip


@one_transaction
def save_type(
    *, by: Any, type_: DeviceType | None = None, version: int | None = None, **values: Any
) -> DeviceType:
    """Add a type of device, or change one."""
    if not policies.may_maintain_types(by):
        raise PermissionDenied
    row = DeviceType() if type_ is None else _locked(type_)
    versions.check(row, version)
    changed = assign(row, _told(values))
    row.pinyin = initials(row.name)[:100]
    if type_ is not None and changed:
        row.version += 1
    store(row)
    code = "device_type.added" if type_ is None else "device_type.changed"
    ledger.record(code, by=by, subject=row, code=row.code, fields=sorted(changed))
    return row


@one_transaction
def need_technique(*, type_: DeviceType, technique: Technique, need: str, by: Any) -> TypeTechnique:
    """Say that a technique needs a type of device, or is helped by it."""
    if not policies.may_maintain_types(by):
        raise PermissionDenied
    row = _locked(type_)
    link = row.needed_by.filter(technique=technique).first()
    link = link or TypeTechnique(type=row, technique=technique)
    link.need = need
    store(link)
    ledger.record("device_type.needed", by=by, subject=row, technique=technique.code, need=need)
    return link


@one_transaction
def drop_technique(*, type_: DeviceType, technique: Technique, by: Any) -> None:
    """Say that a technique does without a type of device."""
    if not policies.may_maintain_types(by):
        raise PermissionDenied
    row = _locked(type_)
    if row.needed_by.filter(technique=technique).delete()[0]:
        ledger.record("device_type.not_needed", by=by, subject=row, technique=technique.code)


def _locked(type_: DeviceType) -> DeviceType:
    row: DeviceType = DeviceType.objects.select_for_update().get(pk=type_.pk)
    return row


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in FIELDS & values.keys()}
