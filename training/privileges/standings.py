"""How one privilege stands, for whoever renews or restores it."""

from __future__ import annotations

from datetime import date

from . import rules
from .choices import Standing
from .models import Privilege


def standing_of(privilege: Privilege, *, on: date) -> Standing:
    """How a privilege stands on a day."""
    return rules.standing(
        valid_from=privilege.valid_from,
        ends_on=privilege.ends_on,
        withdrawn_on=privilege.withdrawn_on,
        replaced_on=privilege.replaced_on,
        is_suspended=privilege.suspensions.in_force(on).exists(),
        on=on,
    )


def lost_on(privilege: Privilege, *, on: date) -> date | None:
    """Since when a privilege is suspended or withdrawn; None where it is neither."""
    suspension = privilege.suspensions.in_force(on).first()
    if privilege.withdrawn_on is not None and privilege.withdrawn_on <= on:
        return privilege.withdrawn_on
    return suspension.valid_from if suspension else None


def is_latest(privilege: Privilege) -> bool:
    """Whether nobody has granted the same person the same thing there for a later time."""
    return not Privilege.objects.filter(
        practitioner=privilege.practitioner_id,
        technique=privilege.technique_id,
        institution=privilege.institution_id,
        valid_from__gt=privilege.valid_from,
    ).exists()


def holds_independent(
    *, practitioner_id: int, technique_id: int, institution_id: int, on: date
) -> bool:
    """Whether somebody has an independent privilege there whose time has not ended, suspended or not."""
    return (
        Privilege.objects.independent()
        .filter(
            practitioner=practitioner_id,
            technique=technique_id,
            institution=institution_id,
            ends_on__gt=on,
        )
        .exists()
    )
