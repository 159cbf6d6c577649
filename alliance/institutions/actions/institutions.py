"""Institutions: added by an office, kept up to date by their own administrator."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from alliance.core import identifiers, ledger
from alliance.core.pinyin import initials
from alliance.core.saving import assign, validated

from .. import policies, rules
from ..models import Institution, Relation


@transaction.atomic
def create_institution(
    *,
    by: Any,
    name: str,
    tier: str,
    type_code: str,
    uscc: str,
    division_code: str,
    short_name: str = "",
    parent: Institution | None = None,
    **contacts: Any,
) -> Institution:
    """Add an institution to the platform; it joins an alliance by a membership of its own."""
    policies.insist(policies.may_create_institution(by))
    institution = Institution(
        name=name,
        short_name=short_name or name,
        tier=tier,
        type_code=type_code,
        uscc=uscc,
        division_code=division_code,
        parent=parent,
        **contacts,
    )
    _save(institution)
    ledger.record("institution.created", by=by, subject=institution, institution_id=institution.pk)
    return institution


@transaction.atomic
def update_institution(*, institution: Institution, by: Any, **values: Any) -> Institution:
    """Change an institution's facts; its own administrator may change contacts, beds, review."""
    institution = Institution.objects.select_for_update().get(pk=institution.pk)
    allowed = policies.editable_fields(by, institution)
    tier_before = institution.tier
    changed = assign(institution, values)
    policies.insist(allowed is None or (bool(allowed) and changed.keys() <= allowed))
    if not changed:
        return institution
    _save(institution)
    if institution.tier != tier_before:
        turn_relations(institution)
    ledger.record(
        "institution.changed",
        by=by,
        subject=institution,
        institution_id=institution.pk,
        changed=changed,
    )
    return institution


def _save(institution: Institution) -> None:
    """Tidy, check and store; the pinyin follows both names."""
    institution.uscc = identifiers.normalise_uscc(institution.uscc)
    institution.division_code = identifiers.squeeze(institution.division_code)
    institution.type_code = identifiers.squeeze(institution.type_code)
    institution.short_name = institution.short_name.strip() or institution.name
    institution.pinyin = name_keys(institution)
    parent = institution.parent
    errors = rules.institution_errors(
        tier=institution.tier,
        type_code=institution.type_code,
        uscc=institution.uscc,
        division_code=institution.division_code,
        parent_tier=parent.tier if parent else None,
    )
    validated(institution, errors)
    institution.save()


def name_keys(institution: Institution) -> str:
    """Initials of both names, so that either finds it."""
    names = dict.fromkeys([initials(institution.short_name), initials(institution.name)])
    return " ".join(names)[: Institution._meta.get_field("pinyin").max_length]


def turn_relations(institution: Institution) -> None:
    """A new tier turns what was up into lateral or down, in every cell of the institution."""
    cells = Relation.objects.filter(Q(sender=institution) | Q(receiver=institution))
    turned = []
    for cell in cells.select_related("sender", "receiver"):
        cell.direction = rules.direction_between(cell.sender.tier, cell.receiver.tier)
        turned.append(cell)
    Relation.objects.bulk_update(turned, ["direction"], batch_size=500)
