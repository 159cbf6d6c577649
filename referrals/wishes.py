"""What a filing page asks for, read leniently from what was typed so far, and what follows from it.

Nothing here refuses: half a form, a code nobody knows or a department of another house are read as
"not said yet". The form and the action refuse.
"""

import json
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import QueryDict

from alliance.catalogue.models import Disease, Technique
from alliance.institutions.choices import TIER_RANK, Direction, Tier
from alliance.institutions.models import Alliance, Department, Institution
from alliance.institutions.rules import direction_between
from alliance.institutions.selectors import (
    alliances_of,
    departments_for,
    receivers_for,
    shared_alliance,
)

from .choices import Urgency
from .models import Referral
from .selectors import Wish

_BETWEEN_CODES = re.compile(r"[,，、;；\s]+")


@dataclass(frozen=True)
class Wanted:
    """Where a patient is to go and for what, as far as it was said."""

    house: Institution
    on: date
    direction: str
    urgency: str
    receiver: Institution | None = None
    department: Department | None = None
    technique: Technique | None = None
    diseases: tuple[Disease, ...] = ()

    @property
    def asked_specialty_id(self) -> int | None:
        """The specialty that technique or main diagnosis point to."""
        sources: Iterable[Any] = (self.technique, *self.diseases[:1])
        return next((source.specialty_id for source in sources if source is not None), None)

    @property
    def specialty_id(self) -> int | None:
        """The specialty that would be asked: the department's before what was asked for."""
        return self.department.specialty_id if self.department else self.asked_specialty_id

    def alliance(self) -> Alliance | None:
        """The alliance whose rules count: shared with the receiver, else the house's first."""
        if self.receiver is not None:
            shared = shared_alliance(self.house.pk, self.receiver.pk, on=self.on)
            if shared is not None:
                return shared
        return next(iter(alliances_of(self.house.pk, on=self.on)), None)

    def wish(self, alliance_id: int) -> Wish:
        """The same as a question about receivers."""
        return Wish(
            sender=self.house,
            direction=self.direction,
            alliance_id=alliance_id,
            on=self.on,
            specialty_id=self.specialty_id,
            technique_id=self.technique.pk if self.technique else None,
        )


def read(values: Mapping[str, Any], *, house: Institution, user: Any, on: date) -> Wanted:
    """Read a filing page's values, whether sent by a browser or kept in a draft."""
    receiver = row(Institution.objects.visible_to(user), values, "receiver")
    open_departments = Department.objects.visible_to(user).filter(is_active=True)
    department = row(open_departments, values, "receiver_department")
    if department is not None and (receiver is None or department.institution_id != receiver.pk):
        department = None
    code = one(values, "technique")
    return Wanted(
        house=house,
        on=on,
        direction=_choice(values, "direction", Direction.values, usual_direction(house)),
        urgency=_choice(values, "urgency", Urgency.values, Urgency.ROUTINE),
        receiver=receiver,
        department=department,
        technique=Technique.objects.filter(code=code).first() if code else None,
        diseases=tuple(diseases_by_code(many(values, "diagnoses"))),
    )


def usual_direction(house: Institution) -> str:
    """Where most patients of a house go: up, except from the top."""
    return Direction.DOWN if house.tier == Tier.TERTIARY else Direction.UP


def one(values: Mapping[str, Any], name: str) -> str:
    """A single typed value as text; the last, where there are several."""
    found = values.get(name)
    if isinstance(found, list | tuple):
        found = found[-1] if found else ""
    return str(found or "").strip()


def many(values: Mapping[str, Any], name: str) -> list[str]:
    """All typed values of a field."""
    if isinstance(values, QueryDict):
        return [str(value) for value in values.getlist(name)]
    found = values.get(name) or []
    return [str(value) for value in (found if isinstance(found, list | tuple) else [found])]


def _choice(values: Mapping[str, Any], name: str, allowed: Iterable[str], usual: str) -> str:
    found = one(values, name)
    return found if found in allowed else usual


def row(rows: Any, values: Mapping[str, Any], name: str) -> Any:
    """The row of these whose public id was typed or chosen; None for anything else."""
    try:
        public_id = uuid.UUID(one(values, name))
    except ValueError:
        return None
    return rows.filter(public_id=public_id).first()


def diseases_by_code(codes: Iterable[str]) -> list[Disease]:
    """The diseases of these codes, in the order of the codes; unknown ones are left out."""
    wanted = list(dict.fromkeys(code for code in codes if code))
    if not wanted:
        return []
    known = {
        disease.code: disease for disease in Disease.objects.filter(code__in=wanted, is_active=True)
    }
    return [known[code] for code in wanted if code in known]


def split_codes(text: str) -> list[str]:
    """Codes typed in one line, apart by commas or blanks of any kind."""
    return [part for part in _BETWEEN_CODES.split(text.strip()) if part]


def typed_in(draft: Referral) -> dict[str, Any]:
    """What was typed into a draft so far; empty for one that another system filed."""
    return dict(json.loads(draft.form_data)) if draft.form_data else {}


# What a page says by itself or that only turns a switch: alone it is nothing worth keeping.
_PRESET = frozenset(
    {
        *("idempotency_key", "id_type", "direction", "urgency", "purpose", "infection_flag"),
        *("receiver", "receiver_department", "sender_doctor", "contact_phone"),
        *("consent_method", "consent_given_by"),
    }
)


def is_blank(typed: Mapping[str, Any]) -> bool:
    """Whether a page holds nothing but what it began with: it makes no draft and takes no number."""
    return not any(
        part.strip() for name in typed if name not in _PRESET for part in many(typed, name)
    )


# --- What follows ------------------------------------------------------------------------------


def places(wanted: Wanted) -> list[Institution]:
    """Where the house may refer in this direction, the nearest tier first; the chosen one stays."""
    found = receivers_for(
        sender_id=wanted.house.pk, on=wanted.on, direction=wanted.direction
    ).filter(is_external=False)
    rank = TIER_RANK[wanted.house.tier]
    rows = sorted(found, key=lambda place: (abs(TIER_RANK[place.tier] - rank), place.pinyin))
    if wanted.receiver is not None and wanted.receiver not in rows:
        rows.append(wanted.receiver)
    return rows


def departments(wanted: Wanted) -> list[Department]:
    """The open departments of the chosen receiver, those of the asked specialty first."""
    if wanted.receiver is None:
        return []
    rows = Department.objects.filter(institution=wanted.receiver, is_active=True).order_by("code")
    asked = wanted.asked_specialty_id
    return sorted(rows, key=lambda row: row.specialty_id != asked)


def with_department(wanted: Wanted, *, chosen_for: int | None = None) -> Wanted:
    """The department follows receiver and specialty, unless somebody chose another by hand.

    `chosen_for` is the specialty for which the present department was proposed.
    """
    asked, present = wanted.asked_specialty_id, wanted.department
    if wanted.receiver is None or asked is None or (present and present.specialty_id == asked):
        return wanted
    if present is not None and present.specialty_id != chosen_for:
        return wanted
    proposed = departments_for(institution_id=wanted.receiver.pk, specialty_id=asked).first()
    return replace(wanted, department=proposed)


def direction_to(house: Institution, receiver: Institution | None) -> str:
    """Which way it is from one house to the other."""
    if receiver is None:
        return usual_direction(house)
    return direction_between(house.tier, receiver.tier)
