"""What each move does besides changing the state: columns before the step, other legs after it."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core.sent import sent_under
from alliance.institutions.choices import Direction
from alliance.institutions.rules import direction_between
from alliance.patients import actions as patients

from .. import rules
from ..choices import Move, Status, Urgency
from ..filed import filed
from ..models import Referral
from ..workflow import FINAL, Transition
from . import leaving, papers, stepping
from .stepping import Step

Data = dict[str, Any]
Before = Callable[[Referral, Data, Step], None]


def before(referral: Referral, row: Transition, data: Data, step: Step) -> None:
    """Set the columns that the move changes; may refuse by raising."""
    effect = _BEFORE.get(row.move)
    if effect is not None:
        effect(referral, data, step)


def after(referral: Referral, row: Transition, data: Data, step: Step) -> None:
    """Carry the move over to other legs: redirects, ways back, the loop closing."""
    if row.move == Move.REDIRECT:
        _redirected_leg(referral, data, step)
    elif row.move == Move.REFER_BACK:
        _back_leg(referral, data, step)
    if step.target == Status.PENDING and referral.sent_at == referral.state_since:
        leaving.grant_receiver(referral, step.by)
    if referral.is_back_leg and step.target in FINAL:
        _tell_parent(referral, step)


# --- Before the step ---------------------------------------------------------------------------


def _leaves_house(referral: Referral, data: Data, step: Step) -> None:
    """First time out of the sender's house."""
    if step.target == Status.PENDING and referral.sent_at is None:
        referral.sent_at = timezone.now()


def _ask(referral: Referral, data: Data, step: Step) -> None:
    stepping.pause_decision(referral, timezone.now(), stepping.Book())


def _answer(referral: Referral, data: Data, step: Step) -> None:
    """An answer in words, or the paperwork that an emergency owes, or both."""
    if referral.paperwork_due_at is not None:
        with sent_under("paperwork"):
            papers.hand_in(referral, data.get("paperwork") or {}, step)
    if not data.get("answer") and not step.data.get("changed"):
        raise ValidationError({"answer": _("Hand in something, or answer in words.")})


def _endorse(referral: Referral, data: Data, step: Step) -> None:
    papers.may_still_go(referral)
    _leaves_house(referral, data, step)


def _resubmit(referral: Referral, data: Data, step: Step) -> None:
    if data.get("correction"):
        with sent_under("correction"):
            papers.correct(referral, data["correction"], step)
    papers.may_still_go(referral)
    _leaves_house(referral, data, step)


def _accept(referral: Referral, data: Data, step: Step) -> None:
    if data.get("department"):
        _own_department(referral, data["department"])
        referral.receiver_department = data["department"]
    if data.get("practitioner"):
        if data["practitioner"].institution_id != referral.receiver_id:
            raise ValidationError({"practitioner": _("Choose somebody of your institution.")})
        referral.receiver_doctor = data["practitioner"]
    referral.decision_left = None
    # What was true when it was filed may not be any more. Rescue and the way home never wait for it.
    if referral.urgency != Urgency.EMERGENCY and not referral.is_back_leg:
        leaving.check_receiver(referral)


def _own_department(referral: Referral, department: Any) -> None:
    if department.institution_id != referral.receiver_id:
        raise ValidationError({"department": _("Choose a department of your institution.")})


def _reserve(referral: Referral, data: Data, step: Step) -> None:
    _promised("at", data)
    referral.reserved_at = data["at"]
    referral.reserved_place = str(data.get("place") or referral.reserved_place)


def _depart(referral: Referral, data: Data, step: Step) -> None:
    _promised("expected_at", data)
    referral.expected_at = data["expected_at"]


def _promised(name: str, data: Data) -> None:
    errors = rules.promise_errors(name, data[name], timezone.now())
    if errors:
        raise ValidationError(errors)


def _letter(referral: Referral, data: Data, step: Step) -> None:
    """The 回转单 columns that finish_care and refer_back may fill."""
    for field in ("outcome", "summary", "diagnosis_result", "inpatient_number", "main_results"):
        if data.get(field):
            setattr(referral, field, data[field])
    if data.get("stability"):
        referral.stability = data["stability"]


def _redirect(referral: Referral, data: Data, step: Step) -> None:
    """The step stops all clocks of this leg; the next one still owes by when it owed."""
    data["paperwork_due_at"] = referral.paperwork_due_at


def _refer_back(referral: Referral, data: Data, step: Step) -> None:
    _letter(referral, data, step)
    receiver = data["receiver"]
    way = direction_between(filed(referral.receiver).tier, receiver.tier)
    home_again = receiver.pk == referral.sender_id and way == Direction.LATERAL
    if way != Direction.DOWN and not home_again:
        message = _("The way back goes to a lower tier, or to the peer who sent the patient.")
        raise ValidationError({"receiver": message})
    if receiver.pk != referral.sender_id and not data.get("consent_method"):
        message = _("This is a new place for the patient: say how consent was given.")
        raise ValidationError({"consent_method": message})
    referral.holder = receiver


def _follow_up(referral: Referral, data: Data, step: Step) -> None:
    errors = rules.visit_errors(data.get("next_on"), timezone.localdate())
    if errors:
        raise ValidationError(errors)
    referral.followed_up_at = timezone.now()
    referral.next_follow_up_on = data.get("next_on")
    referral.outcome = data["outcome"]


def _deceased(referral: Referral, data: Data, step: Step) -> None:
    now, born = timezone.now(), filed(referral.patient).birth_date
    if data["at"] > now or data["at"].date() < born:
        raise ValidationError({"at": _("This is not a possible day of death.")})
    sender_acts = step.institution_id == referral.sender_id
    patients.record_death(
        patient=filed(referral.patient),
        on=timezone.localdate(data["at"]),
        by=step.by,
        institution=referral.sender if sender_acts else filed(referral.receiver),
    )


_BEFORE: dict[Move, Before] = {
    Move.ENDORSE: _endorse,
    Move.RESUBMIT: _resubmit,
    Move.ASK: _ask,
    Move.ANSWER: _answer,
    Move.ACCEPT: _accept,
    Move.RESERVE: _reserve,
    Move.REBOOK: _reserve,
    Move.DEPART: _depart,
    Move.REDIRECT: _redirect,
    Move.FINISH_CARE: _letter,
    Move.REFER_BACK: _refer_back,
    Move.FOLLOW_UP: _follow_up,
    Move.MARK_DECEASED: _deceased,
}


# --- After the step ----------------------------------------------------------------------------

# What a leg that follows from another takes along.
_TAKEN_ALONG = (
    "alliance", "urgency", "specialty", "patient", "diagnosis", "technique", "grade",
    "preliminary_impression", "present_illness", "past_history", "treatment_given",
    "contact_phone", "indication", "allergies", "current_medicines", "infection_flag",
    "infection_note",
)  # fmt: skip


def _follow_on(
    referral: Referral, *, sender: Any, receiver: Any, department: Any, by: Any
) -> Referral:
    """A leg that begins where `referral` led, already on its way."""
    from .filing import next_number

    direction = direction_between(sender.tier, receiver.tier)
    leg = Referral(
        sender=sender,
        receiver=receiver,
        receiver_department=department,
        direction=direction,
        number=next_number(direction),
        parent=referral,
        created_by=by or referral.created_by,
        version=1,
        purpose=referral.purpose,
    )
    for column in _TAKEN_ALONG:
        setattr(leg, column, getattr(referral, column))
    leg.submitted_at = leg.sent_at = timezone.now()
    leg.status = Status.DRAFT
    return leg


def _start(leg: Referral, referral: Referral, step: Step, institution_id: int) -> None:
    leaving.one_open_leg(leg)
    stepping.take(leg, Step(Move.SUBMIT, Status.PENDING, step.by, institution_id, {}))
    coded = referral.diagnoses.select_related("disease")
    leaving.link_diagnoses(leg, [row.disease for row in coded])
    leaving.carry_papers(leg, referral)
    leaving.grant_receiver(leg, step.by)


def _redirected_leg(referral: Referral, data: Data, step: Step) -> None:
    receiver = data["receiver"]
    if receiver.pk in (referral.sender_id, referral.receiver_id):
        raise ValidationError({"receiver": _("Choose another institution.")})
    leg = _follow_on(
        referral,
        sender=referral.sender,
        receiver=receiver,
        department=data.get("department"),
        by=referral.created_by,
    )
    leg.sender_department, leg.sender_doctor = referral.sender_department, referral.sender_doctor
    # What an emergency owes it owes still, and the consent it rests on may be withdrawn here too.
    leg.paperwork_due_at, leg.consent = data["paperwork_due_at"], referral.consent
    leaving.freeze_grade(leg)
    leaving.default_department(leg)
    papers.may_still_go(leg)
    _start(leg, referral, step, filed(referral.receiver_id))


def _back_leg(referral: Referral, data: Data, step: Step) -> None:
    receiver = data["receiver"]
    leg = _follow_on(
        referral,
        sender=referral.receiver,
        receiver=receiver,
        department=data.get("department"),
        by=step.by,
    )
    leg.is_back_leg = True
    leg.urgency = Urgency.ROUTINE  # however they came, those who recover go home without a siren
    leg.purpose = "rehabilitation"
    leg.technique, leg.grade = referral.technique, referral.grade
    _from_whom(leg, referral, step.by)
    for column in ("diagnosis_result", "inpatient_number", "main_results", "stability", "summary"):
        setattr(leg, column, getattr(referral, column))
    # The paper asks for a diagnosis result: without one, what the patient was sent for.
    coded = (row.disease.name for row in referral.diagnoses.select_related("disease"))
    leg.diagnosis_result = leg.diagnosis_result or "；".join(coded)
    leg.treatment_given = str(data.get("treatment") or referral.summary)
    leg.rehabilitation_advice = str(data["plan"])
    leg.outcome = ""
    if data.get("consent_method"):
        consent = {"given": True, "method": data["consent_method"]}
        leg.consent = leaving.record_consent(leg, consent, step.by, sent_as="consent_method")
    leaving.check_receiver(leg)
    _start(leg, referral, step, filed(referral.receiver_id))


def _from_whom(leg: Referral, referral: Referral, by: Any) -> None:
    """Whom the township can ask: the doctor who sends the patient back, with their telephone."""
    doctor = getattr(by, "practitioner", None) or referral.receiver_doctor
    leg.sender_department, leg.sender_doctor = referral.receiver_department, doctor
    leg.contact_phone = getattr(by, "phone", "") or (doctor.phone if doctor else "")


_FAILED_BACK = frozenset(
    {Status.REJECTED, Status.CANCELLED, Status.LAPSED, Status.ENTERED_IN_ERROR}
)


def _tell_parent(referral: Referral, step: Step) -> None:
    """The loop above closes with its way back, or gets the patient back when that failed."""
    from .moving import move_by_system

    parent = referral.parent
    if parent is None or parent.status != Status.BACK_REFERRED:
        return
    failed = step.target in _FAILED_BACK
    reason = _("The way back %(number)s ended: %(state)s") % {
        "number": referral.number,
        "state": Status(step.target).label,
    }
    move_by_system(
        referral=parent,
        move=Move.RETURN if failed else Move.CLOSE,
        by=step.by,
        reason=reason,
        reason_code="follow_up_done" if step.target == Status.CLOSED else "",
    )
