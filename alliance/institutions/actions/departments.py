"""Departments: what an institution can offer, by specialty."""

from typing import Any

from django.db import transaction

from alliance.core import ledger
from alliance.core.pinyin import initials
from alliance.core.saving import assign, validated

from .. import policies
from ..models import Department, Institution, Specialty


@transaction.atomic
def create_department(
    *,
    institution: Institution,
    by: Any,
    code: str,
    name: str,
    specialty: Specialty,
    phone: str = "",
    beds: int = 0,
) -> Department:
    """Open a department at an institution."""
    policies.insist(policies.may_edit_departments(by, institution))
    department = Department(
        institution=institution, code=code, name=name, specialty=specialty, phone=phone, beds=beds
    )
    _save(department)
    _record("department.created", department, by)
    return department


@transaction.atomic
def update_department(*, department: Department, by: Any, **values: Any) -> Department:
    """Change a department's name, code, specialty, telephone or beds."""
    department = _locked(department, by)
    if changed := assign(department, values):
        _save(department)
        _record("department.changed", department, by, changed=changed)
    return department


@transaction.atomic
def set_department_active(*, department: Department, is_active: bool, by: Any) -> Department:
    """Close a department for new referrals, or open it again."""
    department = _locked(department, by)
    if assign(department, {"is_active": is_active}):
        department.save(update_fields=["is_active", "updated_at"])
        _record("department.opened" if is_active else "department.closed", department, by)
    return department


def _locked(department: Department, by: Any) -> Department:
    locked: Department = (
        Department.objects.select_for_update(of=("self",))
        .select_related("institution")
        .get(pk=department.pk)
    )
    policies.insist(policies.may_edit_departments(by, locked.institution))
    return locked


def _save(department: Department) -> None:
    department.code = department.code.strip()
    department.name = department.name.strip()
    department.pinyin = initials(department.name)[:50]
    validated(department, {})
    department.save()


def _record(action: str, department: Department, by: Any, **data: Any) -> None:
    ledger.record(
        action, by=by, subject=department, institution_id=department.institution_id, **data
    )
