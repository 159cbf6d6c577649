"""What a person may do to another account: three powers and one's own house, never oneself."""

from enum import StrEnum
from typing import Any

from django.core.exceptions import PermissionDenied

from alliance.core.access import access_of
from alliance.core.choices import Permission


class Act(StrEnum):
    """Acts on somebody's account that the account's page offers."""

    EDIT = "edit"
    DISABLE = "disable"
    ENABLE = "enable"
    RESET_PASSWORD = "reset_password"  # noqa: S105
    GRANT = "grant"
    WITHDRAW = "withdraw"
    REMOVE_SECOND_FACTOR = "remove_second_factor"
    LET_GO = "let_go"


def may_open_accounts(user: Any) -> bool:
    """Whether the pages about accounts concern the user at all."""
    access = access_of(user)
    return bool(access.system & {Permission.USER_CREATE, Permission.ROLE_GRANT}) or may_invite(user)


def may_create(user: Any) -> bool:
    """Whether the user creates accounts (and so grants no roles)."""
    return Permission.USER_CREATE in access_of(user).system


def may_grant(user: Any) -> bool:
    """Whether the user grants roles (and so creates no accounts)."""
    return Permission.ROLE_GRANT in access_of(user).system


def may_invite(user: Any) -> bool:
    """Whether the user administers a house and invites colleagues to it."""
    return bool(houses(user))


def may_see_clients(user: Any) -> bool:
    """Who lets other systems in, and who may shut them out."""
    return may_create(user) or may_invite(user)


def houses(user: Any) -> list[int]:
    """Ids of the institutions that the user administers."""
    return access_of(user).institutions_with(Permission.COLLEAGUE_INVITE)


def may_keep_staff(user: Any, institution_id: int) -> bool:
    """Whether the user maintains the practitioners of an institution."""
    held = access_of(user).institutions.get(institution_id, frozenset())
    return Permission.STAFF_MANAGE in held


def acts_on(user: Any, account: Any) -> frozenset[Act]:
    """What the user may do to `account`, which is somebody else's."""
    if account.pk == user.pk or account.is_service:
        return frozenset()
    acts: set[Act] = set()
    if may_create(user):
        acts |= {Act.EDIT, Act.RESET_PASSWORD, Act.DISABLE} if account.is_active else {Act.ENABLE}
    if may_grant(user) and account.is_active:
        acts |= {Act.GRANT, Act.WITHDRAW, Act.REMOVE_SECOND_FACTOR}
    if may_invite(user):
        acts.add(Act.LET_GO)
    return frozenset(acts)


def insist(allowed: bool) -> None:
    """Raise PermissionDenied unless allowed."""
    if not allowed:
        raise PermissionDenied
