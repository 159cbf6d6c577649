"""What a move lets its sender put into the form of the referral: paperwork owed, corrections.

The fields are those of the filing page, filled with what the form says now.
"""

import copy
from collections.abc import Mapping
from typing import Any, Final

from django import forms

from alliance.catalogue.models import Disease, Technique
from alliance.institutions.models import Department

from . import wishes
from .actions import papers
from .forms_new import ReferralForm
from .models import Referral
from .workflow import Transition

_CONSENT: Final = ("consent", "consent_method", "consent_given_by")
# Enough to choose from where no script searches the whole table.
_COMMON = 40


def paper_fields(
    row: Transition, leg: Referral, typed: Mapping[str, Any] | None
) -> dict[str, forms.Field]:
    """The fields of the referral's own form that belong into the form of this move."""
    if "paperwork" in row.optional and leg.paperwork_due_at is not None:
        names = papers.still_owed(leg)
    elif "correction" in row.optional:
        names = [*papers.correctable(leg), "diagnoses", *_consent_to_renew(leg)]
    else:
        return {}
    wanted = [name for name in ReferralForm.base_fields if name in _with_details(names)]
    return {name: _field(name, leg, typed) for name in wanted}


def _with_details(names: list[str]) -> set[str]:
    return {*names, *_CONSENT} if "consent" in names else set(names)


def _consent_to_renew(leg: Referral) -> list[str]:
    """A way home needs none of its own; a consent that was taken back has to be given again."""
    stands = leg.consent is not None and leg.consent.withdrawn_at is None
    return [] if leg.is_back_leg or stands else ["consent"]


def _field(name: str, leg: Referral, typed: Mapping[str, Any] | None) -> forms.Field:
    field: Any = copy.deepcopy(ReferralForm.base_fields[name])
    field.widget.attrs.pop("data-wish", None)
    if name == "diagnoses":
        return _diagnoses(field, leg, typed)
    if name == "technique":
        field.rows = Technique.objects.filter(is_active=True)
        field.initial = field.show(leg.technique) if leg.technique else ""
    elif name == "receiver_department":
        field.queryset = Department.objects.filter(institution=leg.receiver_id, is_active=True)
        here = leg.receiver_department
        field.initial = str(here.public_id) if here else ""
    elif name not in _CONSENT:
        field.initial = getattr(leg, name)
    return field


def _diagnoses(field: Any, leg: Referral, typed: Mapping[str, Any] | None) -> forms.Field:
    field.initial = [row.disease.code for row in leg.diagnoses.select_related("disease")]
    chosen = wishes.many(typed, "diagnoses") if typed is not None else []
    common = Disease.objects.filter(is_active=True, is_common=True, specialty=leg.specialty_id)
    rows = wishes.diseases_by_code([*field.initial, *chosen])
    rows += [row for row in common.order_by("code")[:_COMMON] if row not in rows]
    field.choices = [(row.code, row.name) for row in rows]
    return field


def papers_of(row: Transition, cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """What the action takes, under the name it takes it by."""
    kept = {name: value for name, value in cleaned.items() if name not in _CONSENT}
    if cleaned.get("consent"):
        method, giver = cleaned["consent_method"], cleaned["consent_given_by"]
        kept["consent"] = {"given": True, "method": method, "given_by": giver}
    return {"paperwork" if "paperwork" in row.optional else "correction": kept}
