"""Code tables brought in as whole files: the one writer for many rows of them at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from alliance.core.exchange.plan import Plan, Row, RowError, compare, resolve
from alliance.core.exchange.write import upsert
from alliance.core.pinyin import initials
from alliance.institutions.models import Specialty

from ..code_shapes import disease_code_errors, technique_code_errors
from ..models import Coded, Disease, Technique
from .codes import may_keep_codes

_KEY = ("code",)
_COMMON = ("code", "name", "specialty_id", "is_common", "is_active", "source")


@dataclass(frozen=True)
class _Kind:
    model: type[Coded]
    fields: tuple[str, ...]
    code_errors: Callable[[str], Mapping[str, Any]]


_DISEASES = _Kind(Disease, (*_COMMON, "group", "best_tier", "is_first_visit"), disease_code_errors)
_TECHNIQUES = _Kind(
    Technique,
    (*_COMMON, "category", "national_level", "is_minimally_invasive", "is_restricted"),
    technique_code_errors,
)


def plan_diseases(*, rows: Sequence[Row], by: Any) -> Plan:
    """What bringing these diseases in would do; writes nothing."""
    return _plan(_DISEASES, rows, by)


def plan_techniques(*, rows: Sequence[Row], by: Any) -> Plan:
    """What bringing these techniques in would do; writes nothing."""
    return _plan(_TECHNIQUES, rows, by)


@transaction.atomic
def import_diseases(*, rows: Sequence[Row], by: Any, progress: Callable[[int], None]) -> Plan:
    """Add and change diseases by code, all or none; the import records it in the ledger."""
    return _import(_DISEASES, rows, by, progress)


@transaction.atomic
def import_techniques(*, rows: Sequence[Row], by: Any, progress: Callable[[int], None]) -> Plan:
    """Add and change techniques by code, all or none; the import records it in the ledger."""
    return _import(_TECHNIQUES, rows, by, progress)


def _plan(kind: _Kind, rows: Sequence[Row], by: Any) -> Plan:
    if not may_keep_codes(by):
        raise PermissionDenied
    errors = [
        RowError(row.number, column, str(message))
        for row in rows
        for column, message in kind.code_errors(row.values["code"]).items()
    ]
    errors += resolve(rows, "specialty", Specialty.objects.all(), into="specialty_id")
    return compare(rows, kind.model.objects.all(), key=_KEY, fields=kind.fields, errors=errors)


def _import(kind: _Kind, rows: Sequence[Row], by: Any, progress: Callable[[int], None]) -> Plan:
    plan = _plan(kind, rows, by)
    plan.check()
    upsert(
        kind.model,
        plan,
        key=_KEY,
        fields=kind.fields,
        derive=_spell,
        derived=["pinyin"],
        progress=progress,
    )
    return plan


def _spell(row: Coded) -> None:
    row.pinyin = initials(row.name)[: Coded._meta.get_field("pinyin").max_length]
