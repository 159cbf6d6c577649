"""What a person may do where: the answer that every policy and `visible_to` starts from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.core.exceptions import PermissionDenied

from .choices import ROLE_PERMISSIONS, Permission

Grants = Mapping[int, frozenset[Permission]]


@dataclass(frozen=True)
class Access:
    """Permissions in force today, by institution id, by alliance id, and for the whole system.

    `roles` are those held anywhere, `posts` the same with their institution (None apart from one).
    They decide about the second factor and which boards are shown, never about rights.
    """

    institutions: Grants = field(default_factory=dict)
    alliances: Grants = field(default_factory=dict)
    system: frozenset[Permission] = frozenset()
    roles: frozenset[str] = frozenset()
    posts: frozenset[tuple[str, int | None]] = frozenset()

    def roles_at(self, institution_id: int | None) -> set[str]:
        """Roles held at an institution, and those held apart from any."""
        return {role for role, at in self.posts if at in (institution_id, None)}

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


class Grant(Protocol):
    """A role held at an institution, at an alliance, or apart from both."""

    @property
    def role(self) -> str:
        """Its name."""

    @property
    def institution_id(self) -> int | None:
        """The institution, if at one."""

    @property
    def alliance_id(self) -> int | None:
        """The alliance, if at one."""


def access_by(grants: Iterable[Grant]) -> Access:
    """What these roles together let their holder do."""
    institutions: dict[int, frozenset[Permission]] = {}
    alliances: dict[int, frozenset[Permission]] = {}
    system: frozenset[Permission] = frozenset()
    posts: set[tuple[str, int | None]] = set()
    for grant in grants:
        held = ROLE_PERMISSIONS[grant.role]
        posts.add((grant.role, grant.institution_id))
        if grant.institution_id:
            here = institutions.get(grant.institution_id, frozenset())
            institutions[grant.institution_id] = here | held
        elif grant.alliance_id:
            here = alliances.get(grant.alliance_id, frozenset())
            alliances[grant.alliance_id] = here | held
        else:
            system |= held
    roles = frozenset(role for role, _at in posts)
    return Access(institutions, alliances, system, roles, frozenset(posts))


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
