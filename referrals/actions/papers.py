"""What a filed leg says is completed or put right: paperwork of an emergency, a returned form.

What a field said before stays in the event: a signed record is never overwritten without a trace.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core.errors import DomainError
from alliance.institutions.choices import Direction

from .. import rules
from ..choices import Move, Urgency
from ..models import Referral
from ..policies import facts_of
from ..workflow import next_status
from . import leaving
from .stepping import Step

Values = Mapping[str, Any]
OWED_TEXTS: Final = ("preliminary_impression", "present_illness", "indication")
_TEXTS: Final = {
    Direction.DOWN: (
        "diagnosis_result",
        "stability",
        "rehabilitation_advice",
        "main_results",
        "treatment_given",
        "inpatient_number",
    ),
    Direction.UP: (*OWED_TEXTS, "past_history", "treatment_given"),
}
_TEXTS[Direction.LATERAL] = _TEXTS[Direction.UP]
_ALWAYS: Final = (
    *("urgency", "receiver_department", "technique"),
    *("allergies", "current_medicines", "infection_flag", "infection_note", "contact_phone"),
)


def correctable(referral: Referral) -> tuple[str, ...]:
    """Columns of a returned form that its sender may put right; the place to go is not among them."""
    direction = Direction.DOWN if referral.is_back_leg else Direction(referral.direction)
    return (*_TEXTS[direction], *_ALWAYS)


def still_owed(referral: Referral) -> list[str]:
    """Paperwork of an emergency that has not come yet."""
    return rules.owed_paperwork(_values(referral))


def _values(referral: Referral) -> dict[str, Any]:
    columns = ("urgency", "direction", "patient_id", "receiver_id")
    names = (*columns, *_TEXTS[Direction.UP], *_TEXTS[Direction.DOWN])
    values = {name: getattr(referral, name) for name in names}
    consent = referral.consent
    agreed = referral.is_back_leg or (consent is not None and consent.withdrawn_at is None)
    return values | {
        "patient": values.pop("patient_id"),
        "receiver": values.pop("receiver_id"),
        "diagnoses": [referral.diagnosis_id] if referral.diagnosis_id else [],
        "consent": {"given": agreed},
    }


def hand_in(referral: Referral, supplied: Values, step: Step) -> None:
    """Take what an emergency left without; the event says what came and what is still missing."""
    texts = {name: supplied[name] for name in OWED_TEXTS if str(supplied.get(name) or "").strip()}
    step.data["changed"] = _written(referral, texts | _coded(supplied))
    _consent(referral, supplied, step)
    step.data["owed"] = still_owed(referral)
    if not step.data["owed"]:
        referral.paperwork_due_at = None


def correct(referral: Referral, correction: Values, step: Step) -> None:
    """Put a returned form right; ValidationError by field where it would lack what it needs."""
    known = {name: correction[name] for name in correctable(referral) if name in correction}
    department = known.get("receiver_department")
    if department is not None and department.institution_id != referral.receiver_id:
        message = _("Choose a department of the receiving institution.")
        raise ValidationError({"receiver_department": message})
    step.data["changed"] = _written(referral, known | _coded(correction))
    if "receiver_department" in step.data["changed"] and referral.receiver_department is not None:
        referral.specialty = referral.receiver_department.specialty
    _consent(referral, correction, step)
    values = _values(referral)
    errors = rules.submission_errors(values)
    if errors:
        raise ValidationError(errors)
    _owe_again(referral, values)
    leaving.freeze_grade(referral)
    leaving.one_open_leg(referral)
    # An emergency skips the review at home, and whether it is one may just have been put right.
    step.target = next_status(referral.status, Move.RESUBMIT, facts_of(referral))


def _owe_again(referral: Referral, values: Values) -> None:
    owed = rules.owed_paperwork(values)
    if not owed or referral.paperwork_due_at is None:
        leaving.owe(referral, owed, timezone.now())


def may_still_go(referral: Referral) -> None:
    """Refuse to pass the record on where consent was taken back, or the place cannot any more."""
    consent = referral.consent
    if referral.urgency != Urgency.EMERGENCY and consent is not None and consent.withdrawn_at:
        message = _("The patient has withdrawn consent: the record is not passed on.")
        raise DomainError("consent_withdrawn", message)
    leaving.check_receiver(referral)


def _coded(values: Values) -> dict[str, Any]:
    return {"diagnoses": list(values["diagnoses"])} if values.get("diagnoses") else {}


def _written(referral: Referral, values: Mapping[str, Any]) -> dict[str, str]:
    """Write what differs; return what stood there before, by name."""
    before: dict[str, str] = {}
    for name, value in values.items():
        if name == "diagnoses":
            before |= _diagnoses(referral, value)
            continue
        new = value.strip() if isinstance(value, str) else value
        old = getattr(referral, name)
        if new != old and (new or old):
            before[name] = str(getattr(old, "code", "") or old or "")
            setattr(referral, name, new)
    return before


def _diagnoses(referral: Referral, diseases: Iterable[Any]) -> dict[str, str]:
    found = list(diseases)
    rows = referral.diagnoses.select_related("disease").order_by("rank")
    old = [row.disease for row in rows]
    if found == old:
        return {}
    referral.diagnosis = found[0]
    leaving.unlink_diagnoses(referral)
    leaving.link_diagnoses(referral, found)
    return {"diagnoses": ", ".join(disease.code for disease in old)}


def _consent(referral: Referral, values: Values, step: Step) -> None:
    if (values.get("consent") or {}).get("given"):
        referral.consent = leaving.record_consent(referral, values["consent"], step.by)
        step.data["changed"] = {**step.data["changed"], "consent": ""}
