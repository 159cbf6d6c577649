"""Leaving the house: the receiver is checked, the grade frozen, consent recorded, the step taken.

Whoever calls these holds the leg's patient (`patients.hold`), so that no merge takes the patient
away and no other leg of the same patient opens meanwhile.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.catalogue.selectors import technique_grade
from alliance.core.errors import DomainError
from alliance.core.policy import policy
from alliance.core.sent import sent_under
from alliance.institutions.choices import Direction
from alliance.institutions.selectors import departments_for
from alliance.patients import actions as patients
from alliance.patients.choices import AccessReason, ConsentPurpose

from .. import rules, selectors
from ..choices import Move, Status
from ..filed import filed
from ..models import Attachment, Referral, ReferralDiagnosis
from ..policies import facts_of
from ..workflow import WITH_RECEIVER, next_status
from . import stale, stepping


def check_receiver(referral: Referral) -> None:
    """Raise DomainError naming every reason against the receiver, with alternatives."""
    today = timezone.localdate()
    wish = selectors.wish_of(referral, today)
    receiver = filed(referral.receiver)
    facts = selectors.receiving_facts(wish, receiver, referral.receiver_department)
    codes = rules.reasons_not_to_receive(facts)
    if codes:
        others = selectors.alternatives(wish, without=[receiver.pk])
        reasons = [{"code": code, "detail": rules.reason_text(code)} for code in codes]
        raise DomainError(
            codes[0],
            reasons[0]["detail"],
            reasons=reasons,
            alternatives=[other.as_json() for other in others],
        )


def leave(referral: Referral, values: Mapping[str, Any], by: Any) -> None:
    """Take the first step of a complete referral; `values` hold its diagnoses and consent."""
    now = timezone.now()
    referral.patient = patients.hold(filed(referral.patient_id))
    if referral.patient.deceased_on is not None:
        raise DomainError("patient_deceased", _("This patient is recorded as deceased."))
    referral.submitted_at = now
    freeze_grade(referral)
    owed = rules.owed_paperwork(values)
    owe(referral, owed, now)
    target = next_status(Status.DRAFT, Move.SUBMIT, facts_of(referral))
    if target == Status.PENDING:
        referral.sent_at = now
    referral.status = Status.DRAFT
    _end_bounced_parent(referral, by)
    blocking = _in_the_way(referral)
    if blocking is not None and not stale.ended(blocking, instead=referral, by=by, now=now):
        raise _second_leg(referral, blocking)
    referral.consent = record_consent(referral, values.get("consent") or {}, by)
    data = {"owed": owed} if owed else {}
    step = stepping.Step(Move.SUBMIT, target, by, referral.sender_id, data)
    stepping.take(referral, step, now=now)
    link_diagnoses(referral, values.get("diagnoses") or [])
    if referral.parent is not None:
        carry_papers(referral, referral.parent)
    if referral.sent_at:
        grant_receiver(referral, by)


def carry_papers(referral: Referral, origin: Referral) -> None:
    """The papers of the leg before travel on; the receiver's own need not. Files are stored once."""
    papers = origin.attachments.filter(removed_at=None).exclude(institution=referral.receiver_id)
    kept = ("file", "name", "content_type", "size", "sha256", "uploaded_by_id", "institution_id")
    Attachment.objects.bulk_create(
        (
            Attachment(referral=referral, **{name: getattr(paper, name) for name in kept})
            for paper in papers.order_by("pk")
        ),
        ignore_conflicts=True,
    )


def freeze_grade(referral: Referral) -> None:
    """Keep the technique's grade as of today: a later edition does not change this referral."""
    referral.grade = ""
    if referral.technique_id:
        today = timezone.localdate()
        answer = technique_grade(referral.technique_id, on=today, alliance_id=referral.alliance_id)
        referral.grade = answer.grade if answer else ""


def default_department(referral: Referral) -> None:
    """The receiver's department for the specialty, when the sender named none."""
    if referral.receiver_department_id is None and referral.specialty_id:
        referral.receiver_department = departments_for(
            institution_id=filed(referral.receiver_id), specialty_id=referral.specialty_id
        ).first()


def owe(referral: Referral, owed: list[str], now: datetime) -> None:
    """Start the clock of what an emergency leaves without; none where nothing is owed."""
    referral.paperwork_due_at = None
    if owed:
        minutes = policy(
            "clock.paperwork", on=timezone.localdate(now), alliance_id=referral.alliance_id
        )
        referral.paperwork_due_at = now + timedelta(minutes=minutes)


def record_consent(
    referral: Referral, consent: Mapping[str, Any], by: Any, *, sent_as: str = ""
) -> Any:
    """Record that the patient agreed to passing the record to this receiver; None if not given.

    Errors name the part of `consent`, or the one field `sent_as` that said how.
    """
    if not consent.get("given"):
        return None
    with sent_under("consent", whole=sent_as):
        return patients.note_consent(
            patient=filed(referral.patient),
            purpose=ConsentPurpose.REFERRAL,
            receiver=filed(referral.receiver),
            method=consent.get("method") or "written",
            given_by=consent.get("given_by") or "patient",
            given_at=consent.get("given_at") or timezone.now(),
            by=by,
            institution=referral.sender,
        )


def one_open_leg(referral: Referral) -> None:
    """Refuse a second open leg of a patient and specialty, before the constraint would."""
    blocking = _in_the_way(referral)
    if blocking is not None:
        raise _second_leg(referral, blocking)


def _in_the_way(referral: Referral) -> Referral | None:
    legs = selectors.occupying(filed(referral.patient_id), filed(referral.specialty_id))
    return legs.exclude(pk=referral.pk).only("public_id", "number", "sender_id").first()


def _second_leg(referral: Referral, blocking: Referral) -> DomainError:
    """The refusal; it names the first leg to the house that sent that, and to no other."""
    ours = blocking.sender_id == referral.sender_id
    return DomainError(
        "open_leg_exists",
        _("This patient already has an open referral for that specialty."),
        referral=str(blocking.public_id) if ours else None,
        number=blocking.number if ours else None,
    )


def _end_bounced_parent(referral: Referral, by: Any) -> None:
    """Referred on from where the patient is: that leg ends with this one."""
    from .moving import move_by_system

    parent = referral.parent
    if parent is None or referral.is_back_leg or parent.receiver_id != referral.sender_id:
        return
    if parent.status in WITH_RECEIVER and referral.direction != Direction.DOWN:
        reason = _("Referred on as %(number)s") % {"number": referral.number}
        move_by_system(
            referral=parent, move=Move.CLOSE, by=by, reason=reason, reason_code="moved_on"
        )


def unlink_diagnoses(referral: Referral) -> None:
    """Take back what was coded so far, because it is coded anew."""
    referral.diagnoses.all().delete()


def link_diagnoses(referral: Referral, diseases: list[Any]) -> None:
    """Write the coded diagnoses of a leg that has none, the main one first."""
    unique = list(dict.fromkeys(diseases))
    ReferralDiagnosis.objects.bulk_create(
        ReferralDiagnosis(referral=referral, disease=disease, rank=rank)
        for rank, disease in enumerate(unique, start=1)
    )


def grant_receiver(referral: Referral, by: Any) -> None:
    """From now on the receiver may see the patient."""
    patients.let_in(filed(referral.patient), filed(referral.receiver), AccessReason.REFERRED, by)
