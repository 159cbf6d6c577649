"""Roles: granted and withdrawn by the security administrator, who creates no users."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Case, F, Q, When
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger
from alliance.core.access import require
from alliance.core.choices import Permission, Role
from alliance.core.errors import DomainError
from alliance.core.saving import store
from alliance.institutions.models import Alliance, Institution

from .. import rules
from ..choices import AccountChange
from ..models import RoleGrant, User
from ..signals import account_changed


@transaction.atomic
def grant_role(
    *,
    user: User,
    role: str,
    by: Any,
    institution: Institution | None = None,
    alliance: Alliance | None = None,
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> RoleGrant:
    """Give a person a role, from today unless told otherwise. Nobody grants to themselves."""
    require(by, Permission.ROLE_GRANT)
    if user.pk == by.pk:
        raise PermissionDenied(_("Nobody grants a role to themselves."))
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active or user.is_service:
        raise DomainError("account_disabled", _("This account is disabled. Enable it first."))
    today = timezone.localdate()
    errors = rules.grant_errors(role=role, valid_from=valid_from, valid_until=valid_until, on=today)
    grant = RoleGrant(
        user=user, role=role, institution=institution, alliance=alliance,
        valid_from=valid_from or today, valid_until=valid_until, granted_by=by,
    )  # fmt: skip
    save_grant(grant, by=by, errors=errors)
    account_changed.send(
        sender=User, user_id=user.pk, change=AccountChange.ROLE_GRANTED, role=grant.role
    )
    return grant


def save_grant(grant: RoleGrant, *, by: Any, errors: dict[str, Any] | None = None) -> RoleGrant:
    """Store a checked grant; what the table refuses is told at the field `role`."""
    store(grant, errors)
    _record("role.granted", grant, by)
    return grant


@transaction.atomic
def withdraw_role(*, grant: RoleGrant, by: Any) -> RoleGrant:
    """End a role today. The last security administrator stays, or nobody could grant again."""
    require(by, Permission.ROLE_GRANT)
    # Asked before the grant itself is locked: two who remove each other would wait crosswise.
    keep_a_security_admin(without=grant.user_id, ending=grant.role)
    grant = (
        RoleGrant.objects.select_for_update(of=("self",)).select_related("user").get(pk=grant.pk)
    )
    today = timezone.localdate()
    if grant.valid_until is not None and grant.valid_until <= today:
        raise DomainError("role_already_ended", _("This role has already ended."))
    end_grants(RoleGrant.objects.filter(pk=grant.pk), on=today)
    grant.refresh_from_db()
    _record("role.withdrawn", grant, by)
    account_changed.send(
        sender=User, user_id=grant.user_id, change=AccountChange.ROLE_WITHDRAWN, role=grant.role
    )
    return grant


def end_grants(grants: Any, *, on: date) -> list[RoleGrant]:
    """End these roles on a date; those that have not begun never will. Return what was ended."""
    open_ones = list(grants.filter(Q(valid_until=None) | Q(valid_until__gt=on)))
    end = Case(When(valid_from__gt=on, then=F("valid_from")), default=on)
    RoleGrant.objects.filter(pk__in=[grant.pk for grant in open_ones]).update(
        valid_until=end, updated_at=timezone.now()
    )
    return open_ones


def keep_a_security_admin(*, without: int, ending: str = Role.SECURITY_ADMIN) -> None:
    """Refuse what would leave the platform without anybody who may grant roles.

    Their grants are locked in one order, so of two who go at once the second sees the first gone.
    """
    if ending != Role.SECURITY_ADMIN:
        return
    holders = (
        RoleGrant.objects.in_force(timezone.localdate())
        .filter(role=Role.SECURITY_ADMIN, user__is_active=True)
        .select_for_update(of=("self",))
        .order_by("pk")
        .values_list("user_id", flat=True)
    )
    if without in (held := set(holders)) and held == {without}:
        raise DomainError(
            "last_security_admin",
            _("This is the last security administrator. Appoint another one first."),
        )


def _record(action: str, grant: RoleGrant, by: Any) -> None:
    ledger.record(
        action,
        by=by,
        subject=grant.user,
        institution_id=grant.institution_id,
        role=grant.role,
        alliance=grant.alliance_id,
    )
