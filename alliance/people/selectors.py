"""What others may ask about people."""

from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from alliance.core.access import access_of
from alliance.core.choices import SECOND_FACTOR_ROLES, Role
from alliance.institutions.models import Institution

from .models import RoleGrant, User

ACTING = "institution_id"


def acting_institution(request: HttpRequest) -> Institution | None:
    """The institution the signed-in user acts for: the one chosen, else the first held."""
    ids = sorted(access_of(request.user).institutions)
    if not ids:
        return None
    chosen = request.session.get(ACTING)
    pk = chosen if chosen in ids else ids[0]
    return Institution.objects.filter(pk=pk).first()


def institutions_of(user: Any) -> QuerySet[Institution]:
    """The institutions where the user holds a role today."""
    return Institution.objects.filter(pk__in=access_of(user).institutions).order_by("name")


def lacks_second_factor(user: User) -> bool:
    """Whether the user's role asks for a second factor that is not set up."""
    needed = user.grants.in_force(timezone.localdate()).filter(role__in=SECOND_FACTOR_ROLES)
    has_one = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP)
    return needed.exists() and not has_one.exists()


def staff_with_roles(*, institution_ids: list[int], roles: list[str], on: date) -> list[int]:
    """Ids of active people (no service accounts) who hold one of `roles` at these institutions."""
    return list(
        RoleGrant.objects.in_force(on)
        .filter(
            institution__in=institution_ids,
            role__in=roles,
            user__is_active=True,
            user__is_service=False,
        )
        .values_list("user_id", flat=True)
        .distinct()
    )


def office_of(alliance_id: int, *, on: date) -> list[int]:
    """Ids of the active people of an alliance's office."""
    return list(
        RoleGrant.objects.in_force(on)
        .filter(alliance_id=alliance_id, role=Role.ALLIANCE_OFFICE, user__is_active=True)
        .values_list("user_id", flat=True)
        .distinct()
    )
