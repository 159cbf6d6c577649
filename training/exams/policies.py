"""What a person may do about exams, stations and their results."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from alliance.core.access import access_of, has_permission
from alliance.core.choices import Permission
from alliance.core.errors import DomainError
from alliance.institutions.models import Alliance, Membership
from alliance.people.models import Practitioner

from .models import Exam
from .querysets import ASSESSING


def may_look(user: Any) -> bool:
    """Whether exams concern the user at all."""
    held = access_of(user).everywhere()
    return bool(held & {Permission.LEARNING_OWN, Permission.TRAINING_VIEW})


def may_see_others(user: Any) -> bool:
    """Whether the user watches over somebody's learning."""
    return Permission.TRAINING_VIEW in access_of(user).everywhere()


def may_maintain(user: Any, alliance_id: int) -> bool:
    """Whether the user maintains an alliance's banks, exams and stations."""
    return has_permission(user, Permission.PROGRAMME_MANAGE, alliance_id=alliance_id)


def maintains_any(user: Any) -> bool:
    """Whether the user maintains exams anywhere."""
    return bool(access_of(user).alliances_with(Permission.PROGRAMME_MANAGE))


def assesses(user: Any, *, on: date) -> list[int]:
    """Ids of the alliances in which the user may enter results: where one teaches, or arranges it."""
    access = access_of(user)
    offices = access.alliances_with(Permission.TRAINING_MANAGE)
    houses = {pk for one in ASSESSING for pk in access.institutions_with(one)}
    if not houses:
        return offices
    joined = Membership.objects.in_force(on).filter(institution__in=houses)
    return sorted({*offices, *joined.values_list("alliance_id", flat=True)})


def may_assess(user: Any) -> bool:
    """Whether the user enters results anywhere."""
    return not access_of(user).everywhere().isdisjoint(ASSESSING)


def insist_on_assessing(user: Any, alliance_id: int, *, on: date) -> None:
    """Raise PermissionDenied unless the user may enter results in an alliance."""
    insist(alliance_id in assesses(user, on=on))


def insist_on_maintaining(user: Any, alliance: Alliance) -> None:
    """Raise PermissionDenied unless the user maintains the alliance's exams."""
    insist(may_maintain(user, alliance.pk))


def insist_on_trainee(*, practitioner: Practitioner, alliance_id: int, by: Any, on: date) -> None:
    """Refuse a result of somebody outside the alliance, or of oneself."""
    member = Membership.objects.in_force(on).filter(
        alliance=alliance_id, institution=practitioner.institution_id
    )
    if not member.exists():
        raise DomainError(
            "not_of_alliance",
            _("%(name)s works at no member of this alliance. Choose one of its practitioners.")
            % {"name": practitioner.name},
        )
    if not practitioner.is_active:
        raise ValidationError({"practitioner": _("This person no longer works here.")})
    if practitioner.pk == by.practitioner_id:
        message = _("Nobody enters a result of their own. Ask another trainer.")
        raise DomainError("own_result", message)


def learner(user: Any, exam: Exam, *, on: date) -> Practitioner:
    """The practitioner who sits an exam; refused kindly for who is none, or of another alliance."""
    insist(Permission.LEARNING_OWN in access_of(user).everywhere())
    practitioner: Practitioner | None = user.practitioner
    if practitioner is None or not practitioner.is_active:
        message = _(
            "Your account belongs to no practitioner. Ask your hospital's administrator to link it."
        )
        raise DomainError("no_practitioner", message)
    member = Membership.objects.in_force(on).filter(
        alliance=exam.alliance_id, institution=practitioner.institution_id
    )
    insist(member.exists())
    return practitioner


def insist(allowed: bool) -> None:
    """Raise PermissionDenied unless allowed."""
    if not allowed:
        raise PermissionDenied
