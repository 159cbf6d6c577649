"""For whom a device is booked: the patient and the referral, as the form finds and offers them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import QueryDict

from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.core.masking import mask_id_number
from alliance.institutions.models import Institution
from alliance.patients import selectors as patients
from alliance.patients.models import Patient
from alliance.patients.templatetags.patients import age

from .causes import Cause, causes

# Whatever is typed to find a patient is cut here.
_LONGEST = 50


@dataclass(slots=True)
class Persons:
    """Whom the form may name, and whom it names; `was_found`: by a search that left no doubt."""

    may_search: bool
    causes: Sequence[Cause] = ()
    cause: Cause | None = None
    chosen: Patient | None = None
    found: list[Patient] = field(default_factory=list)
    searched: str = ""
    was_found: bool = False
    user: Any = None

    @property
    def offered(self) -> list[tuple[Patient, str]]:
        """Those to choose among, masked: who is named already, the referral's, those found."""
        rows = [self.chosen, self.cause.patient if self.cause else None, *self.found]
        people = {row.pk: row for row in rows if row is not None}
        return [(row, words(row)) for row in people.values()]


def read(user: Any, house: Institution, data: QueryDict, *, search: bool) -> Persons:
    """What an address or a form says of the patient, and what a search finds among one's own."""
    may_search = Permission.PATIENT_VIEW in access_of(user).everywhere()
    made = Persons(may_search, causes(user, house.pk) if may_search else (), user=user)
    number = data.get("cause") or data.get("referral_number")
    made.cause = next((one for one in made.causes if one.number == number), None)
    made.chosen = _visible(user, data.get("patient", ""))
    if made.chosen is None and made.cause and made.cause.patient:
        made.chosen = _visible(user, str(made.cause.patient.public_id))
    made.searched = data.get("patient_search", "").strip().replace("\0", "")[:_LONGEST]
    if search and made.searched:
        made.found = patients.look_up(user=user, text=made.searched)
        if len(made.found) == 1:
            made.chosen, made.was_found = made.found[0], True
    return made


def words(patient: Patient) -> str:
    """A patient as the form names them: enough to tell two apart, no more."""
    parts = [patient.masked_name, str(patient.get_sex_display()), age(patient)]
    return " · ".join([*parts, mask_id_number(patient.id_number)])


def _visible(user: Any, text: str) -> Patient | None:
    try:
        return patients.visible_entry(public_id=UUID(text), user=user)
    except ValueError:
        return None
