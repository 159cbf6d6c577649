"""What somebody wishes to apply for, as pages and the API name it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from alliance.catalogue.models import Technique
from alliance.institutions.models import Institution
from alliance.people.models import PracticeSite, Practitioner
from training.privileges.models import Privilege

from . import policies
from .choices import Kind
from .evidence import Asked


def applicant(user: Any) -> Practitioner:
    """The practitioner who applies: the user, who may."""
    if not policies.may_apply(user):
        raise PermissionDenied
    if user.practitioner_id is None:
        raise PermissionDenied(
            _("Your account is linked to nobody in the directory of practitioners.")
        )
    person: Practitioner = user.practitioner
    return person


def houses(user: Any, person: Practitioner, *, on: date) -> QuerySet[Institution]:
    """Where somebody may apply: at home, and wherever they are registered to practise."""
    sites = PracticeSite.objects.visible_to(user).in_force(on).filter(practitioner=person)
    return (
        Institution.objects.visible_to(user)
        .filter(Q(pk=person.institution_id) | Q(pk__in=sites.values("institution")))
        .order_by("name")
    )


def techniques(user: Any) -> QuerySet[Technique]:
    """What may be applied for."""
    return Technique.objects.visible_to(user).filter(is_active=True)


def first(user: Any, *, technique: str, institution: UUID, on: date) -> Asked:
    """A first privilege for a technique by its code, at an institution by its id."""
    person = applicant(user)
    return Asked(
        Kind.FIRST,
        person,
        get_object_or_404(techniques(user), code=technique),
        get_object_or_404(houses(user, person, on=on), public_id=institution),
    )


def again(user: Any, *, privilege: UUID, kind: str) -> Asked:
    """The renewal or the restoration of a privilege of one's own."""
    person = applicant(user)
    if kind not in (Kind.RENEWAL, Kind.RESTORATION):
        raise Http404
    row = get_object_or_404(own_privileges(user, person), public_id=privilege)
    return Asked(Kind(kind), person, row.technique, row.institution, row)


def own_privileges(user: Any, person: Practitioner) -> QuerySet[Privilege]:
    """The privileges one holds or held."""
    rows = Privilege.objects.visible_to(user).filter(practitioner=person)
    return rows.select_related("practitioner", "technique", "institution", "alliance")
