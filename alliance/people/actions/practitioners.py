"""Practitioners: kept by the administrator of the institution they belong to."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger, versions
from alliance.core.access import require
from alliance.core.choices import Permission
from alliance.core.pinyin import name_initials
from alliance.core.saving import assign, store, without
from alliance.institutions.models import Department, Institution, Specialty

from .. import rules
from ..choices import Sex
from ..models import Practitioner

_IDENTIFYING = ("name", "phone", "licence_number")


@transaction.atomic
def create_practitioner(
    *,
    institution: Institution,
    by: Any,
    name: str,
    licence_number: str,
    title_code: str,
    practice_started_on: date,
    sex: str = Sex.UNKNOWN,
    licence_valid_until: date | None = None,
    department: Department | None = None,
    specialties: Iterable[Specialty] = (),
    phone: str = "",
) -> Practitioner:
    """Enter a practitioner of an institution.

    A licence that another institution has let go comes over with its history; one that is still
    active elsewhere is refused.
    """
    require(by, Permission.STAFF_MANAGE, institution_id=institution.pk)
    practitioner = _released(licence_number.strip(), institution) or Practitioner()
    moved_from = practitioner.institution_id if practitioner.pk else None
    values = {
        "institution": institution, "name": name, "licence_number": licence_number.strip(),
        "title_code": title_code, "practice_started_on": practice_started_on, "sex": sex,
        "licence_valid_until": licence_valid_until, "department": department, "phone": phone,
        "is_active": True,
    }  # fmt: skip
    for field, value in values.items():
        setattr(practitioner, field, value)
    _save(practitioner)
    practitioner.specialties.set(specialties)
    action = "practitioner.moved" if moved_from else "practitioner.created"
    _record(action, practitioner, by, **({"from": moved_from} if moved_from else {}))
    return practitioner


def _released(licence_number: str, institution: Institution) -> Practitioner | None:
    """The practitioner with that licence if no institution holds it any more, locked."""
    known = (
        Practitioner.objects.select_for_update(of=("self",))
        .select_related("institution")
        .filter(licence_number=licence_number)
        .first()
    )
    if known is None:
        return None
    if not known.is_active:
        return known
    if known.institution_id == institution.pk:
        raise ValidationError({"licence_number": _("This licence is already entered here.")})
    message = _(
        "This licence is held at %(institution)s. Ask them to let the practitioner go first."
    )
    raise ValidationError({"licence_number": message % {"institution": known.institution}})


@transaction.atomic
def update_practitioner(
    *,
    practitioner: Practitioner,
    by: Any,
    version: int | None = None,
    specialties: Iterable[Specialty] | None = None,
    **values: Any,
) -> Practitioner:
    """Change a practitioner's particulars."""
    practitioner = _locked(practitioner, by, version)
    changed = assign(practitioner, values)
    if specialties is not None:
        before = sorted(practitioner.specialties.values_list("pk", flat=True))
        after = sorted(specialty.pk for specialty in specialties)
        if before != after:
            practitioner.specialties.set(after)
            changed["specialties"] = [before, after]
    if changed:
        practitioner.version += 1
        _save(practitioner)
        _record("practitioner.changed", practitioner, by, changed=without(changed, _IDENTIFYING))
    return practitioner


@transaction.atomic
def set_practitioner_active(
    *, practitioner: Practitioner, is_active: bool, by: Any, version: int | None = None
) -> Practitioner:
    """Let a practitioner go (the licence may then be entered elsewhere), or take them back."""
    practitioner = _locked(practitioner, by, version)
    if assign(practitioner, {"is_active": is_active}):
        practitioner.version += 1
        practitioner.save(update_fields=["is_active", "version", "updated_at"])
        _record(
            "practitioner.activated" if is_active else "practitioner.deactivated", practitioner, by
        )
    return practitioner


def _locked(practitioner: Practitioner, by: Any, version: int | None) -> Practitioner:
    locked = Practitioner.objects.select_for_update().get(pk=practitioner.pk)
    require(by, Permission.STAFF_MANAGE, institution_id=locked.institution_id)
    versions.check(locked, version)
    return locked


def _save(practitioner: Practitioner) -> None:
    practitioner.name = practitioner.name.strip()
    practitioner.pinyin = name_initials(practitioner.name)[:50]
    errors = rules.practitioner_errors(
        practice_started_on=practitioner.practice_started_on,
        licence_valid_until=practitioner.licence_valid_until,
        department_institution_id=getattr(practitioner.department, "institution_id", None),
        institution_id=practitioner.institution_id,
        on=timezone.localdate(),
    )
    store(practitioner, errors)


def _record(action: str, practitioner: Practitioner, by: Any, **data: Any) -> None:
    ledger.record(
        action, by=by, subject=practitioner, institution_id=practitioner.institution_id, **data
    )
