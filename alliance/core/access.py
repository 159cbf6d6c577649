"""What a person may do where: the answer that every policy and `visible_to` starts from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied

from .choices import Permission

Grants = Mapping[int, frozenset[Permission]]


@dataclass(frozen=True)
class Access:
    """Permissions in force today, by institution id, by alliance id, and for the whole system.

    `roles` are those held anywhere; they decide about the second factor, never about rights.
    """

    institutions: Grants = field(default_factory=dict)
    alliances: Grants = field(default_factory=dict)
    system: frozenset[Permission] = frozenset()
    roles: frozenset[str] = frozenset()

    def institutions_with(self, permission: Permission) -> list[int]:
        """Ids of the institutions where `permission` is held."""
        return [pk for pk, held in self.institutions.items() if permission in held]

    def alliances_with(self, permission: Permission) -> list[int]:
        """Ids of the alliances where `permission` is held."""
        return [pk for pk, held in self.alliances.items() if permission in held]

    def everywhere(self) -> frozenset[Permission]:
        """All permissions held anywhere: decides what the menu shows."""
        grants = [*self.institutions.values(), *self.alliances.values(), self.system]
        return frozenset().union(*grants)


NOBODY = Access()


def access_of(user: Any) -> Access:
    """The user's access; anonymous and disabled users have none."""
    if user is None or not getattr(user, "is_active", False):
        return NOBODY
    return getattr(user, "access", NOBODY)


def has_permission(
    user: Any,
    permission: Permission,
    *,
    institution_id: int | None = None,
    alliance_id: int | None = None,
) -> bool:
    """Whether `user` holds `permission` at that institution or alliance, or system-wide."""
    access = access_of(user)
    if permission in access.system:
        return True
    if institution_id is not None and permission in access.institutions.get(institution_id, ()):
        return True
    return alliance_id is not None and permission in access.alliances.get(alliance_id, ())


def require(user: Any, permission: Permission, **scope: int | None) -> None:
    """Raise PermissionDenied unless `user` holds `permission` in that scope."""
    if not has_permission(user, permission, **scope):
        raise PermissionDenied(str(permission.label))
