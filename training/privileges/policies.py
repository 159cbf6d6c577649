"""What a person may do about a privilege."""

from enum import StrEnum
from typing import Any

from alliance.core.access import access_of, has_permission
from alliance.core.choices import Permission
from alliance.institutions.policies import insist as insist

from .choices import Ground, Level, Standing
from .models import Override, Privilege


class Act(StrEnum):
    """Acts that a privilege's page offers."""

    SUSPEND = "suspend"
    RESTORE = "restore"
    WITHDRAW = "withdraw"
    CERTIFY = "certify"


class OverrideAct(StrEnum):
    """Acts that the page of an emergency offers."""

    REPORT = "report"
    REVIEW = "review"


def may_look(user: Any) -> bool:
    """Whether privileges concern the user at all."""
    return Permission.PRIVILEGE_VIEW in access_of(user).everywhere()


def may_have_own(user: Any) -> bool:
    """Whether the user treats patients, and so may have privileges."""
    return Permission.LEARNING_OWN in access_of(user).everywhere()


def may_see_overrides(user: Any) -> bool:
    """Whoever may go beyond a privilege, and whoever looks after it."""
    held = access_of(user).everywhere()
    oversees = bool(access_of(user).alliances_with(Permission.PRIVILEGE_VIEW))
    acts = {Permission.PRIVILEGE_OVERRIDE, Permission.PRIVILEGE_SUSPEND}
    return oversees or bool(acts & held)


def may_grant(user: Any, *, ground: str, level: str, alliance_id: int, institution_id: int) -> bool:
    """Who decides for the alliance; to operate under supervision also who teaches there.

    Nobody (None) is the platform itself, where a published programme says so.
    """
    if ground == Ground.PROGRAMME and level == Level.SUPERVISED:
        if user is None:
            return True
        teach = (Permission.TRAINING_TEACH, Permission.TRAINING_MANAGE, Permission.PROGRAMME_MANAGE)
        if any(
            has_permission(user, one, institution_id=institution_id, alliance_id=alliance_id)
            for one in teach
        ):
            return True
    return has_permission(user, Permission.PRIVILEGE_MANAGE, alliance_id=alliance_id)


def may_suspend(user: Any, privilege: Privilege) -> bool:
    """The house's administrator, the committee and the office."""
    return has_permission(
        user,
        Permission.PRIVILEGE_SUSPEND,
        institution_id=privilege.institution_id,
        alliance_id=privilege.alliance_id,
    )


def may_manage(user: Any, privilege: Privilege) -> bool:
    """The committee and the office of the alliance."""
    return has_permission(user, Permission.PRIVILEGE_MANAGE, alliance_id=privilege.alliance_id)


def acts_on(user: Any, privilege: Privilege, standing: str) -> frozenset[Act]:
    """What the user may do about a privilege as it stands."""
    acts = set()
    alive = standing in (Standing.IN_FORCE, Standing.SUSPENDED, Standing.NOT_YET)
    if may_suspend(user, privilege) and standing == Standing.SUSPENDED:
        acts.add(Act.RESTORE)
    if may_suspend(user, privilege) and standing == Standing.IN_FORCE:
        acts.add(Act.SUSPEND)
    if may_manage(user, privilege) and alive:
        acts.add(Act.WITHDRAW)
        if not hasattr(privilege, "certificate"):
            acts.add(Act.CERTIFY)
    return frozenset(acts)


def overrides_at(user: Any) -> list[int]:
    """Ids of the institutions where the user may go beyond a privilege in an emergency."""
    return sorted(access_of(user).institutions_with(Permission.PRIVILEGE_OVERRIDE))


def could_override(user: Any, override: Override, act: OverrideAct) -> bool:
    """Whether it would be this person's to do, were the emergency in the right state.

    Who operated or recorded it reports; nobody reviews their own.
    """
    own = override.practitioner_id == getattr(user, "practitioner_id", None)
    if act == OverrideAct.REPORT:
        return own or user.pk == override.recorded_by_id
    return not own and has_permission(
        user,
        Permission.PRIVILEGE_SUSPEND,
        institution_id=override.institution_id,
        alliance_id=override.alliance_id,
    )


def acts_on_override(user: Any, override: Override) -> frozenset[OverrideAct]:
    """What the user may do about an emergency as it stands."""
    if override.reported_at is None:
        act = OverrideAct.REPORT
    elif override.reviewed_at is None:
        act = OverrideAct.REVIEW
    else:
        return frozenset()
    return frozenset({act}) if could_override(user, override, act) else frozenset()
