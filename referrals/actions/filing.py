"""Drafts and filing: nothing typed is lost, nothing incomplete leaves the house."""

import json
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger
from alliance.core.access import require
from alliance.core.choices import Permission
from alliance.core.errors import DomainError
from alliance.core.transactions import one_transaction
from alliance.core.versions import check
from alliance.institutions.choices import Direction
from alliance.institutions.models import Institution
from alliance.institutions.selectors import alliances_of, shared_alliance

from .. import rules
from ..choices import Move, Status, Urgency
from ..models import Referral
from . import leaving, stepping

PREFIX = {Direction.UP: "SZ", Direction.DOWN: "XZ", Direction.LATERAL: "PZ"}
# Columns that a filing fills straight from its data.
COLUMNS = (
    "patient",
    "direction",
    "urgency",
    "receiver",
    "receiver_department",
    "receiver_doctor",
    "sender_department",
    "sender_doctor",
    "technique",
    "purpose",
    "preliminary_impression",
    "present_illness",
    "past_history",
    "treatment_given",
    "contact_phone",
    "diagnosis_result",
    "inpatient_number",
    "main_results",
    "rehabilitation_advice",
    "stability",
    "indication",
    "allergies",
    "current_medicines",
    "infection_flag",
    "infection_note",
    "expected_at",
)


def next_number(direction: str) -> str:
    """A number from the sequence: SZ-20261121-00412. Parallel filings never share one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('referrals_number')")
        serial = cursor.fetchone()[0]
    return f"{PREFIX[Direction(direction)]}-{timezone.localdate():%Y%m%d}-{serial:05d}"


@one_transaction
def create_referral(
    *,
    by: Any,
    institution: Institution,
    data: Mapping[str, Any],
    submit: bool = True,
    parent: Referral | None = None,
) -> Referral:
    """File a referral from `institution`, and submit it unless told otherwise.

    `data` maps the names in COLUMNS (plus `diagnoses`, `specialty`, `consent`) to objects and
    texts. Raises ValidationError by field, DomainError when the receiver cannot take it or the
    patient already has an open leg, PermissionDenied.
    """
    require(by, Permission.REFERRAL_SEND, institution_id=institution.pk)
    parent = _checked_parent(parent, institution, data)
    referral = Referral(sender=institution, created_by=by, parent=parent, version=1)
    referral.direction = data.get("direction") or Direction.UP
    referral.urgency = data.get("urgency") or Urgency.ROUTINE
    referral.number = next_number(referral.direction)
    _fill(referral, data)
    if not submit:
        kept = _keep_draft(referral, by)
        leaving.link_diagnoses(kept, data.get("diagnoses") or [])
        return kept
    _submit(referral, data, by)
    return referral


def _checked_parent(
    parent: Referral | None, institution: Institution, data: Mapping[str, Any]
) -> Referral | None:
    """A follow-on leg belongs to the same patient and starts where the patient is or was refused."""
    if parent is None:
        return None
    parties = (parent.sender_id, parent.receiver_id)
    if institution.pk not in parties or parent.patient != data.get("patient"):
        raise ValidationError({"parent": _("This referral does not follow from that one.")})
    return parent


def _fill(referral: Referral, data: Mapping[str, Any]) -> None:
    for column in COLUMNS:
        if data.get(column) is not None:
            setattr(referral, column, data[column])
    doctor = referral.sender_doctor
    if doctor is not None and doctor.institution_id != referral.sender_id:
        raise ValidationError({"sender_doctor": _("Choose somebody of your institution.")})
    diagnoses = data.get("diagnoses") or []
    referral.diagnosis = diagnoses[0] if diagnoses else None
    referral.specialty = _specialty(referral, data)
    referral.alliance = _alliance(referral)


def _specialty(referral: Referral, data: Mapping[str, Any]) -> Any:
    """The specialty that is asked: said, or of the department, technique or main diagnosis."""
    if data.get("specialty"):
        return data["specialty"]
    for source in (referral.receiver_department, referral.technique, referral.diagnosis):
        if source is not None and source.specialty_id:
            return source.specialty
    return None


def _alliance(referral: Referral) -> Any:
    today = timezone.localdate()
    found = None
    if referral.receiver_id:
        found = shared_alliance(referral.sender_id, referral.receiver_id, on=today)
    found = found or next(iter(alliances_of(referral.sender_id, on=today)), None)
    if found is None:
        raise DomainError("not_a_member", _("Your institution is in no alliance today."))
    return found


def _keep_draft(referral: Referral, by: Any) -> Referral:
    referral.status = Status.DRAFT
    referral.holder_id = referral.sender_id
    referral.version = 1
    stepping.start_clock(referral, timezone.now(), stepping.Book())
    referral.save(force_insert=True)
    ledger.record("referral.draft", by=by, subject=referral, institution_id=referral.sender_id)
    return referral


@one_transaction
def save_draft(
    *,
    by: Any,
    institution: Institution,
    form_data: Mapping[str, Any],
    draft: Referral | None = None,
    version: int | None = None,
) -> Referral:
    """Keep what was typed so far, however incomplete; encrypted, since it names a patient.

    Raises StaleVersion when the draft was saved elsewhere since `version`.
    """
    require(by, Permission.REFERRAL_SEND, institution_id=institution.pk)
    text = json.dumps(dict(form_data), ensure_ascii=False)
    direction = str(form_data.get("direction") or Direction.UP)
    direction = direction if direction in Direction.values else Direction.UP
    if draft is None:
        draft = Referral(sender=institution, created_by=by, urgency=Urgency.ROUTINE)
        draft.direction, draft.number = direction, next_number(direction)
        draft.alliance = _alliance(draft)
        draft.form_data = text
        return _keep_draft(draft, by)
    locked = _locked_draft(draft, by, version)
    locked.form_data, locked.direction = text, direction
    locked.version += 1
    locked.save()
    return locked


def _locked_draft(draft: Referral, by: Any, version: int | None) -> Referral:
    locked = Referral.objects.select_for_update().get(pk=draft.pk)
    require(by, Permission.REFERRAL_SEND, institution_id=locked.sender_id)
    if locked.status != Status.DRAFT:
        raise DomainError(
            "not_a_draft", _("This referral has already left: it is no draft any more.")
        )
    check(locked, version)
    return locked


@one_transaction
def discard_draft(*, draft: Referral, by: Any, version: int | None = None) -> Referral:
    """Cancel a draft that is not wanted any more."""
    locked = _locked_draft(draft, by, version)
    locked.form_data = ""
    locked.version += 1
    stepping.take(locked, stepping.Step(Move.CANCEL, Status.CANCELLED, by, locked.sender_id, {}))
    return locked


@one_transaction
def submit_draft(
    *,
    draft: Referral,
    data: Mapping[str, Any],
    by: Any,
    version: int | None = None,
    parent: Referral | None = None,
) -> Referral:
    """Turn a draft into a referral on its way. Raises like `create_referral`."""
    locked = _locked_draft(draft, by, version)
    if parent is not None:
        locked.parent = _checked_parent(parent, locked.sender, data)
    locked.version += 1
    locked.urgency = data.get("urgency") or Urgency.ROUTINE
    locked.direction = data.get("direction") or Direction.UP
    if not locked.number.startswith(PREFIX[Direction(locked.direction)]):
        # The number says the direction, and the draft was begun in another.
        locked.number = next_number(locked.direction)
    _fill(locked, data)
    locked.form_data = ""
    leaving.unlink_diagnoses(locked)
    _submit(locked, data, by)
    return locked


def submit_stored(*, draft: Referral, consent: Any, by: Any) -> Referral:
    """Submit a locked draft as its columns stand, checked like any filing; `consent` as in a filing."""
    if draft.expected_at is not None and draft.expected_at <= timezone.now():
        draft.expected_at = None  # the draft waited longer than the patient was to travel
    data: dict[str, Any] = {name: getattr(draft, name) for name in COLUMNS}
    rows = draft.diagnoses.select_related("disease").order_by("rank")
    data |= {"diagnoses": [row.disease for row in rows], "consent": consent}
    draft.version += 1
    draft.form_data = ""
    draft.specialty = draft.specialty or _specialty(draft, data)
    leaving.unlink_diagnoses(draft)
    _submit(draft, data, by)
    return draft


def _submit(referral: Referral, data: Mapping[str, Any], by: Any) -> None:
    """Check everything, then take the first step out of the draft."""
    values = {name: data.get(name) for name in (*COLUMNS, "diagnoses", "consent")}
    values |= {"direction": referral.direction, "urgency": referral.urgency}
    errors = rules.submission_errors(values)
    if values["expected_at"] is not None:
        errors |= rules.promise_errors("expected_at", values["expected_at"], timezone.now())
    if errors:
        raise ValidationError(errors)
    if referral.specialty is None:
        message = _("Choose the department, so that the right specialty is asked.")
        raise ValidationError({"receiver_department": message})
    leaving.default_department(referral)
    leaving.check_receiver(referral)
    leaving.leave(referral, values, by)
