"""What every page of patients begins with: whom the reader may see, and where they act."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.institutions.models import Institution

from .. import policies, selectors
from ..models import Patient


def visible(request: HttpRequest, public_id: UUID) -> Patient:
    """The patient of this id if the reader may see them; a merged id leads to the kept entry."""
    patient = selectors.visible_entry(public_id=public_id, user=request.user)
    if patient is None:
        raise Http404
    return patient


def acting(request: HttpRequest) -> Institution | None:
    """The institution the reader acts for."""
    institution: Institution | None = getattr(request, "institution", None)
    return institution or None


def acting_with(request: HttpRequest, permission: Permission) -> Institution:
    """The institution the reader acts for, if they may do this there; else PermissionDenied."""
    institution = acting(request)
    if institution is None or permission not in access_of(request.user).institutions.get(
        institution.pk, ()
    ):
        raise PermissionDenied(str(permission.label))
    return institution


def place(request: HttpRequest, permission: Permission, patient: Patient) -> Institution:
    """Where the reader may do this to the patient; PermissionDenied if nowhere."""
    return policies.place(request.user, permission, patient, acting(request))
