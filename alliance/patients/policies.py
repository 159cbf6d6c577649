"""May this person do this to that patient: a permission at an institution that has the patient."""

from typing import Any

from django.core.exceptions import PermissionDenied

from alliance.core.access import access_of
from alliance.core.choices import Permission

from .models import Patient, PatientAccess


def places(user: Any, permission: Permission, patient: Patient) -> list[int]:
    """Ids of the institutions that have this patient and where the user holds `permission`."""
    mine = access_of(user).institutions_with(permission)
    return list(
        PatientAccess.objects.filter(patient=patient, institution__in=mine)
        .order_by("institution")
        .values_list("institution", flat=True)
    )


def may(user: Any, permission: Permission, patient: Patient) -> bool:
    """Whether the user holds `permission` at any institution that has this patient."""
    return bool(places(user, permission, patient))


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
