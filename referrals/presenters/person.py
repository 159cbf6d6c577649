"""Who a document number belongs to, told only as far as the reader may know."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

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
from .rows import who

_LEGS = 3


@dataclass(frozen=True)
class Found:
    """What the number says.

    `state`: empty (nothing to say yet), wrong, ours (in care here), elsewhere (in the index, in
    care of others), new.
    """

    state: str = ""
    sentence: str = ""
    name: str = ""
    about: list[str] = field(default_factory=list)
    patient: Patient | None = None
    legs: list[Referral] = field(default_factory=list)
    sex: str = ""
    birth_date: str = ""


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
