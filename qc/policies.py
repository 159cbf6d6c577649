"""What a person may do about a finding."""

from enum import StrEnum
from typing import Any

from django.core.exceptions import PermissionDenied

from alliance.core.access import access_of, has_permission
from alliance.core.choices import Permission

from .models import Finding


class Act(StrEnum):
    """Acts that a finding's page offers."""

    ASSIGN = "assign"
    WAIVE = "waive"
    END_WAIVER = "end_waiver"


def may_look(user: Any) -> bool:
    """Whether findings concern the user at all; keepers of devices see what is about those."""
    held = access_of(user).everywhere()
    return bool(held & {Permission.FINDING_VIEW, Permission.EQUIPMENT_KEEP})


def alliances_to_run(user: Any) -> list[int]:
    """Ids of the alliances whose checks the user may run."""
    return access_of(user).alliances_with(Permission.CHECK_RUN)


def acts_on(user: Any, finding: Finding, *, is_waived: bool) -> frozenset[Act]:
    """What the user may do about a finding; nothing once it is right again."""
    if finding.cleared_on is not None:
        return frozenset()
    acts = set()
    if has_permission(user, Permission.FINDING_OWN, institution_id=finding.institution_id):
        acts.add(Act.ASSIGN)
    if has_permission(user, Permission.FINDING_WAIVE, alliance_id=finding.alliance_id):
        acts.add(Act.END_WAIVER if is_waived else Act.WAIVE)
    return frozenset(acts)


def insist(allowed: Any) -> None:
    """Raise PermissionDenied unless allowed."""
    if not allowed:
        raise PermissionDenied
