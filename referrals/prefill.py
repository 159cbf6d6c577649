"""What the filing page begins with: what is usual for this doctor, and the leg it follows from."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from alliance.institutions.models import Institution
from alliance.patients.models import Patient

from . import wishes
from .choices import Urgency
from .forms_new import CLINICAL
from .models import Referral

# How far back the place a doctor refers to most often is looked for.
_RECENT = 50


def starting_values(request: HttpRequest, house: Institution) -> dict[str, Any]:
    """For `?from=`, `?patient=`, `?receiver=`, `?direction=` and `?urgency=`; defaults for all else."""
    asked = request.GET
    values = usual_values(request.user, house)
    origin = wishes.row(Referral.objects.visible_to(request.user), asked, "from")
    if origin is not None:
        values |= values_of(origin) | {"parent": str(origin.public_id)}
    patient = wishes.row(Patient.objects.visible_to(request.user).current(), asked, "patient")
    if patient is not None:
        values["patient"] = str(patient.public_id)
    receiver = wishes.row(Institution.objects.visible_to(request.user), asked, "receiver")
    values["direction"] = _direction(asked, house, receiver, origin)
    values["receiver"] = str(receiver.public_id) if receiver else ""
    if asked.get("urgency") in Urgency.values:
        values["urgency"] = asked["urgency"]
    if receiver is None and origin is None:
        values["receiver"] = last_receiver(request.user, house, values["direction"])
    return values


def _direction(
    asked: Mapping[str, Any],
    house: Institution,
    receiver: Institution | None,
    origin: Referral | None,
) -> str:
    if asked.get("direction"):
        return str(asked["direction"])
    if receiver is None and origin is not None and origin.sender_id == house.pk:
        return str(origin.direction)
    return wishes.direction_to(house, receiver)


def usual_values(user: Any, house: Institution) -> dict[str, Any]:
    """The doctor who opens the page signs and can be called back."""
    doctor = user.practitioner
    at_home = doctor is not None and doctor.institution_id == house.pk
    return {
        "sender_doctor": str(doctor.public_id) if at_home else "",
        "contact_phone": user.phone or (doctor.phone if at_home else ""),
    }


def last_receiver(user: Any, house: Institution, direction: str) -> str:
    """Where this doctor referred last, else where a colleague did, of the latest few."""
    recent = (
        Referral.objects.visible_to(user)
        .filter(sender=house, direction=direction, receiver__isnull=False, is_back_leg=False)
        .order_by("-created_at", "-id")
        .values_list("created_by", "receiver__public_id")[:_RECENT]
    )
    found = sorted(recent, key=lambda row: row[0] != user.pk)
    return str(found[0][1]) if found else ""


def values_of(leg: Referral) -> dict[str, Any]:
    """What a leg says of its patient, as a page would have sent it."""
    diseases = [row.disease.code for row in leg.diagnoses.select_related("disease")]
    if not diseases and leg.diagnosis is not None:
        diseases = [leg.diagnosis.code]
    return {
        **{name: getattr(leg, name) for name in CLINICAL},
        "diagnoses": diseases,
        "technique": leg.technique.code if leg.technique else "",
        "patient": str(leg.patient.public_id) if leg.patient else "",
        "purpose": leg.purpose,
        "infection_flag": leg.infection_flag,
        "urgency": leg.urgency,
    }


def draft_values(draft: Referral, user: Any) -> dict[str, Any]:
    """What was typed into a draft; a draft of another system is read from its columns."""
    typed = wishes.typed_in(draft)
    if typed:
        return typed
    columns = values_of(draft) | {
        "direction": draft.direction,
        "contact_phone": draft.contact_phone,
    }
    if draft.receiver is not None:
        columns["receiver"] = str(draft.receiver.public_id)
    if draft.receiver_department is not None:
        columns["receiver_department"] = str(draft.receiver_department.public_id)
    if draft.expected_at is not None:
        columns["expected_at"] = timezone.localtime(draft.expected_at)
    return usual_values(user, draft.sender) | columns
