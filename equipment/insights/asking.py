"""What somebody asks the numbers about: among the places that are theirs to ask about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils import timezone

from alliance.institutions.policies import insist

from . import policies
from .scope import Place, Scope


def places(user: Any, *, at: datetime) -> list[Place]:
    """What the user may ask about; 403 where devices are not one's business, 404 for no place."""
    insist(policies.may_look(user))
    found = policies.places(user, on=timezone.localdate(at))
    if not found:
        raise Http404
    return found


def scope(found: Sequence[Place], *, place: str, days: Any, type: Any, at: datetime) -> Scope:  # noqa: A002 - the parameter's name
    """The scope of a place by its key, among those found; 404 for another one."""
    for one in found:
        if one.key == place:
            kind = (type.pk, type.code) if type else (None, "")
            return Scope(one, int(days), at, *kind)
    raise Http404
