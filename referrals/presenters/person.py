"""Who a document number belongs to, told only as far as the reader may know."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_date

from alliance.core.identifiers import (
    IdType,
    birth_date_of,
    id_number_errors,
    normalise_id_number,
    sex_of,
)
from alliance.core.masking import mask_address, mask_phone, mask_record_number
from alliance.institutions.models import Institution
from alliance.patients import selectors as patients
from alliance.patients.models import Patient

from ..choices import Status
from ..models import Referral
from ..wishes import one
from .rows import who

_LEGS = 3


@dataclass(frozen=True)
class Found:
    """What the number says.

    `state`: empty (nothing to say yet), wrong, ours (in care here), elsewhere (in the index, in
    care of others), new. `twins`: people in care here who may be the same under another document.
    """

    state: str = ""
    sentence: str = ""
    name: str = ""
    about: list[str] = field(default_factory=list)
    patient: Patient | None = None
    legs: list[Referral] = field(default_factory=list)
    sex: str = ""
    birth_date: str = ""
    twins: list[Patient] = field(default_factory=list)


def person_of(patient: Patient, *, user: Any, on: date) -> Found:
    """A patient in care here, masked, with the legs that are still open."""
    about = [
        who(patient, on),
        mask_phone(patient.phone),
        mask_record_number(patient.record_number),
        mask_address(patient.address),
    ]
    open_legs = (
        Referral.objects.visible_to(user)
        .filter(patient=patient, closed_at=None)
        .exclude(status=Status.DRAFT)
        .for_list()
        .order_by("-created_at")[:_LEGS]
    )
    return Found(
        state="ours",
        name=patient.masked_name,
        about=[part for part in about if part],
        patient=patient,
        legs=list(open_legs),
    )


def found_in(values: Mapping[str, Any], *, user: Any, house: Institution, on: date) -> Found:
    """Who a filing page is about, as far as it says."""
    number = one(values, "id_number")
    if not number:
        return chosen(one(values, "patient"), user=user, house=house, on=on)
    found = look_up(one(values, "id_type"), number, user=user, house=house, on=on)
    if found.state == "new":
        return replace(found, twins=_twins(values, found, user=user))
    return found


def _twins(values: Mapping[str, Any], found: Found, *, user: Any) -> list[Patient]:
    """The same name and day of birth, or the same number under another kind of document."""
    name, born = one(values, "name"), _day(found.birth_date or one(values, "birth_date"))
    if not name or born is None:
        return []
    number = one(values, "id_number")
    return list(
        patients.possible_duplicates(user=user, name=name, birth_date=born, id_number=number)
    )


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def chosen(public_id: str, *, user: Any, house: Institution, on: date) -> Found:
    """A patient chosen before, as long as the house has them in care."""
    try:
        entry = patients.visible_entry(public_id=UUID(public_id), user=user)
    except ValueError:
        return Found()
    if entry is None or not patients.has_access(entry.pk, house.pk):
        return Found()
    return person_of(entry, user=user, on=on)


def look_up(id_type: str, typed: str, *, user: Any, house: Institution, on: date) -> Found:
    """The person with this document number. Who is in care of others only is not named."""
    number = normalise_id_number(typed)
    if not number:
        return Found()
    faults = id_number_errors(id_type, number, on)
    if faults:
        return Found(state="wrong", sentence=str(next(iter(faults.values()))))
    entry = patients.find_by_number(id_type, number)
    if entry is not None and patients.has_access(entry.pk, house.pk):
        return person_of(entry, user=user, on=on)
    told = id_type == IdType.RESIDENT
    return Found(
        state="elsewhere" if entry is not None else "new",
        sex=sex_of(number) if told else "",
        birth_date=birth_date_of(number).isoformat() if told else "",
    )
