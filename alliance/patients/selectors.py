"""What others may ask about patients."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from alliance.core.crypto import lookup_digest
from alliance.core.identifiers import identity_conflicts, normalise_id_number
from alliance.core.pinyin import name_initials

from . import rules
from .models import Consent, Patient, PatientAccess, PatientMerge

MOST_DUPLICATES = 5
MOST_FOUND = 20


def number_digest(id_number: str) -> str:
    """The keyed digest by which a document number is found."""
    return lookup_digest(normalise_id_number(id_number))


def entry_with_number(id_type: str, id_number: str) -> Patient | None:
    """The entry carrying this document number, even one that was merged into another since."""
    if not normalise_id_number(id_number):
        return None
    return (
        Patient.objects.filter(id_type=id_type, id_digest=number_digest(id_number))
        .order_by(F("merged_into").asc(nulls_first=True), "-pk")
        .first()
    )


def find_by_number(id_type: str, id_number: str) -> Patient | None:
    """The person with this document number, whoever may see them; None when unknown.

    An entry merged into another answers with the one that was kept.
    """
    entry = entry_with_number(id_type, id_number)
    return current_entry(entry) if entry else None


def current_entry(patient: Patient) -> Patient:
    """The entry that stands for this person today: itself, or where merges have led."""
    while patient.merged_into_id is not None:
        patient = Patient.objects.get(pk=patient.merged_into_id)
    return patient


def visible_entry(*, public_id: UUID, user: Any) -> Patient | None:
    """The patient under this id as far as `user` may see them; a merged id leads to the kept one."""
    named = Patient.objects.filter(public_id=public_id).first()
    if named is None:
        return None
    return Patient.objects.visible_to(user).filter(pk=current_entry(named).pk).first()


def possible_duplicates(
    *,
    user: Any,
    name: str,
    birth_date: date,
    id_number: str = "",
    exclude: Patient | None = None,
) -> QuerySet[Patient]:
    """Patients the user may see who could be the same person: same number, or name and birth date.

    Names count as alike by their pinyin initials, since 陈晓 and 陈小 are often one patient heard
    twice. The same number under another kind of document counts too.
    """
    alike = Q(birth_date=birth_date, pinyin=name_initials(rules.normalise_name(name)))
    if normalise_id_number(id_number):
        alike |= Q(id_digest=number_digest(id_number))
    found = Patient.objects.visible_to(user).current().filter(alike)
    if exclude is not None:
        found = found.exclude(pk=exclude.pk)
    return found.order_by("pk")[:MOST_DUPLICATES]


def has_access(patient_id: int, institution_id: int) -> bool:
    """Whether an institution has this patient in its care."""
    return Patient.access_rows().filter(patient=patient_id, institution=institution_id).exists()


def contradictions(patient: Patient) -> dict[str, Any]:
    """What does not fit the resident number and is still allowed to stand, by field.

    Numbers issued with the wrong sex exist and are valid, so a sex that differs only warns.
    """
    return dict(
        identity_conflicts(
            id_type=patient.id_type,
            number=patient.id_number,
            birth_date=None,
            sex=patient.sex,
            on=timezone.localdate(),
        )
    )


def look_up(*, user: Any, text: str) -> list[Patient]:
    """The user's patients that somebody means by a document number, a name or its initials.

    What holds a digit is a number: names have none. Numbers find through the keyed digest, whatever
    the kind of document, and an entry merged away leads to the kept one.
    """
    visible = Patient.objects.visible_to(user).current()
    if not any(character.isdigit() for character in text):
        return list(visible.search(text).order_by("-pk")[:MOST_FOUND]) if text.strip() else []
    named = Patient.objects.filter(id_digest=number_digest(text))
    current = {current_entry(entry).pk for entry in named[:MOST_FOUND]}
    return list(visible.filter(pk__in=current).order_by("-pk"))


def consents_of(patient: Patient) -> QuerySet[Consent]:
    """A patient's consents with everybody named in them, the newest first."""
    rows: QuerySet[Consent] = Consent.objects.filter(patient=patient)
    return rows.select_related(
        "receiver", "recorded_by", "recorded_at_institution", "withdrawn_by"
    ).order_by("-given_at", "-pk")


def accesses_of(patient: Patient) -> QuerySet[PatientAccess]:
    """Who may see this patient, and since when."""
    return (
        PatientAccess.objects.filter(patient=patient)
        .select_related("institution")
        .order_by("since", "pk")
    )


def entries_merged_into(patient: Patient) -> QuerySet[PatientMerge]:
    """The traces of entries that this one has taken in."""
    return PatientMerge.objects.filter(kept=patient).select_related("by").order_by("at")
