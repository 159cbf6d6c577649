"""May this person do this to that patient: a permission at an institution that has the patient."""

from typing import Any

from django.core.exceptions import PermissionDenied

from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.institutions.models import Institution

from .models import Patient, PatientAccess


def places(user: Any, permission: Permission, patient: Patient) -> list[int]:
    """Ids of the institutions that have this patient and where the user holds `permission`."""
    mine = access_of(user).institutions_with(permission)
    return list(
        PatientAccess.objects.filter(patient=patient, institution__in=mine)
        .order_by("institution")
        .values_list("institution", flat=True)
    )


def held(user: Any, patient: Patient) -> frozenset[Permission]:
    """Everything the user may do with this patient at any of the institutions that have them."""
    grants = access_of(user).institutions
    having = PatientAccess.objects.filter(patient=patient, institution__in=list(grants))
    return frozenset().union(*(grants[pk] for pk in having.values_list("institution", flat=True)))


def place(
    user: Any, permission: Permission, patient: Patient, preferred: Institution | None
) -> Institution:
    """Where the user acts on this patient: the acting institution if it fits, else the first.

    Raises PermissionDenied where there is none.
    """
    found = places(user, permission, patient)
    if preferred and preferred.pk in found:
        return preferred
    if not found:
        raise PermissionDenied(str(permission.label))
    return Institution.objects.get(pk=found[0])


def require_at(user: Any, permission: Permission, patient: Patient, institution_id: int) -> None:
    """Raise PermissionDenied unless the user may do it there and the patient is in care there."""
    if institution_id not in places(user, permission, patient):
        raise PermissionDenied(str(permission.label))


def require_anywhere(user: Any, permission: Permission, patient: Patient) -> int:
    """The first institution where the user may do it; raises PermissionDenied if there is none."""
    found = places(user, permission, patient)
    if not found:
        raise PermissionDenied(str(permission.label))
    return found[0]


def insist(user: Any, permission: Permission) -> None:
    """Raise PermissionDenied unless the user holds `permission` at some institution."""
    if not access_of(user).institutions_with(permission):
        raise PermissionDenied(str(permission.label))
