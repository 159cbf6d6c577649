"""A privilege is granted: once, for a period, on a ground, with the evidence as it was."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.catalogue.models import Technique
from alliance.core.errors import DomainError
from alliance.core.policy import PolicySet, policies
from alliance.core.saving import validated
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Alliance, Institution
from alliance.institutions.selectors import alliances_of
from alliance.people.models import Practitioner

from .. import facts, rules
from .. import policies as rights
from ..choices import EventKind, Ground, Level
from ..models import Privilege
from .events import note


@one_transaction
def grant(
    *,
    practitioner: Practitioner,
    technique: Technique,
    institution: Institution,
    level: str,
    valid_from: date,
    valid_until: date | None = None,
    by: Any,
    ground: str,
    evidence: Mapping[str, Any],
    conditions: str = "",
) -> Privilege:
    """Let somebody perform a technique at an institution for a period (by policy where None).

    Operating independently replaces operating under supervision from its first day on, a renewal
    what it renews. `by` None is the platform itself, for a stage of a programme only.
    """
    # One grant at a time for a person: the later of two sees what the first one made.
    person = Practitioner.objects.select_for_update().get(pk=practitioner.pk)
    alliance = _alliance(institution, level=level, ground=ground, by=by, on=valid_from)
    if not person.is_active:
        raise DomainError("not_active", _("This practitioner is no longer active."))
    values = policies(alliance_id=alliance.pk, on=valid_from, prefix="privilege.")
    until = valid_until or default_end(technique, level, valid_from, values)
    row = Privilege(
        alliance=alliance,
        practitioner=person,
        technique=technique,
        institution=institution,
        level=level,
        valid_from=valid_from,
        valid_until=until,
        ground=ground,
        conditions=conditions.strip(),
        evidence=json.loads(json.dumps(dict(evidence), cls=DjangoJSONEncoder)),
        granted_by=by,
    )
    _store(row, by)
    return row


def _store(row: Privilege, by: Any) -> None:
    replaced = _make_room(row, by=by)
    validated(row, {})
    row.save()
    told = {"replaces": str(replaced.public_id)} if replaced else {}
    told |= {"valid_from": str(row.valid_from), "valid_until": str(row.valid_until)}
    note(row, EventKind.GRANTED, by=by, level=row.level, ground=row.ground, **told)


def _alliance(institution: Institution, *, level: str, ground: str, by: Any, on: date) -> Alliance:
    """The alliance in whose name it is granted: one of the institution's where `by` may."""
    joined = alliances_of(institution.pk, on=max(on, timezone.localdate()))
    if not joined:
        raise DomainError("not_a_member", _("This institution belongs to no alliance then."))
    for alliance in joined:
        if rights.may_grant(
            by, ground=ground, level=level, alliance_id=alliance.pk, institution_id=institution.pk
        ):
            return alliance
    raise PermissionDenied


def default_end(technique: Technique, level: str, valid_from: date, values: PolicySet) -> date:
    """Until when a privilege counts where nobody decides otherwise, by these policies."""
    highest = rules.is_highest_level(
        national_level=technique.national_level, is_restricted=technique.is_restricted
    )
    key = "privilege.months_level_four" if highest else "privilege.months"
    if level == Level.SUPERVISED:
        key = "privilege.months_supervised"
    return rules.months_later(valid_from, values[key])


def _make_room(row: Privilege, *, by: Any) -> Privilege | None:
    """End what the new privilege replaces; refuse where something else stands in its way."""
    existing = {
        one.pk: one
        for one in Privilege.objects.select_for_update(of=("self",))
        .filter(practitioner=row.practitioner, technique=row.technique, institution=row.institution)
        .with_suspension(row.valid_from)
    }
    old, refusal = rules.clash(
        [facts.period_of(one) for one in existing.values()],
        level=row.level,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        renews=row.ground == Ground.RENEWAL,
    )
    if refusal:
        raise DomainError(refusal, _REFUSALS[refusal]())
    if old is None:
        return None
    before = existing[old.id]
    before.replaced_on = row.valid_from
    before.version += 1
    before.save(update_fields=["replaced_on", "version", "updated_at"])
    note(before, EventKind.REPLACED, by=by, valid_until=str(row.valid_from))
    return before


_REFUSALS = {
    "privilege_exists": lambda: _(
        "There is a privilege for this technique, institution and time already."
    ),
    "privilege_suspended": lambda: _(
        "The privilege that this would replace is suspended. Restore or withdraw it first."
    ),
}
