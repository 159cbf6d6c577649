"""May this person maintain that institution, that alliance, that setting."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils import timezone

from alliance.core.access import access_of, has_permission
from alliance.core.choices import Permission

from .models import Alliance, Institution, Membership

# What an institution's own administrator may change; the rest is the alliance office's.
OWN_FIELDS = frozenset(
    {"short_name", "address", "phone", "liaison_phone", "email", "beds", "reviews_referrals"}
)
# Settings that guard the platform itself are read for no alliance and have one value for all.
_PLATFORM_PREFIXES = ("security.", "api.", "import.")


def may_create_institution(user: Any) -> bool:
    """Alliance offices add institutions; so does who imports for the whole system."""
    access = access_of(user)
    return bool(access.alliances_with(Permission.ALLIANCE_MANAGE)) or (
        Permission.DATA_IMPORT in access.system
    )


def may_keep_reference(user: Any) -> bool:
    """Alliances and national lists belong to no single alliance: the system administrator's."""
    return Permission.USER_CREATE in access_of(user).system


def oversees(user: Any, institution: Institution) -> bool:
    """Whether the user's office looks after an institution: a member, or nobody's member yet."""
    access = access_of(user)
    if Permission.DATA_IMPORT in access.system:
        return True
    mine = access.alliances_with(Permission.ALLIANCE_MANAGE)
    if not mine:
        return False
    today = timezone.localdate()
    current = Membership.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=today), institution=institution
    )
    alliances = set(current.values_list("alliance_id", flat=True))
    return not alliances or not alliances.isdisjoint(mine)


def may_edit_institution(user: Any, institution: Institution) -> bool:
    """Its own administrator, and the office that looks after it."""
    own = has_permission(user, Permission.INSTITUTION_MANAGE, institution_id=institution.pk)
    return own or oversees(user, institution)


def may_edit_departments(user: Any, institution: Institution) -> bool:
    """Who maintains its departments and staff, and the office that looks after it."""
    own = has_permission(user, Permission.STAFF_MANAGE, institution_id=institution.pk)
    return own or oversees(user, institution)


def editable_fields(user: Any, institution: Institution) -> frozenset[str] | None:
    """Fields of the institution that the user may change; None means all of them."""
    if oversees(user, institution):
        return None
    own = has_permission(user, Permission.INSTITUTION_MANAGE, institution_id=institution.pk)
    return OWN_FIELDS if own else frozenset()


def is_platform_setting(key: str) -> bool:
    """Whether a setting has one value for the whole platform rather than one an alliance."""
    return key.startswith(_PLATFORM_PREFIXES)


def may_change_policy(user: Any, key: str, alliance_id: int | None) -> bool:
    """Offices set their alliance's policy; security settings are the security administrator's."""
    access = access_of(user)
    if is_platform_setting(key):
        return alliance_id is None and Permission.POLICY_MANAGE in access.system
    held = access.alliances.get(alliance_id, frozenset()) if alliance_id else frozenset()
    return Permission.POLICY_MANAGE in held


def own_alliance(user: Any, permission: Permission) -> Alliance:
    """The alliance where the user holds a permission of the office; PermissionDenied if none."""
    ids = access_of(user).alliances_with(permission)
    alliance: Alliance | None = Alliance.objects.filter(pk__in=ids).order_by("pk").first()
    if alliance is None:
        raise PermissionDenied(str(permission.label))
    return alliance


def insist(allowed: bool) -> None:
    """Raise PermissionDenied unless allowed."""
    if not allowed:
        raise PermissionDenied
