"""What happens to patients: each journey is a short script of moves on the simulation."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from alliance.institutions.models import Institution
from alliance.patients.models import Patient

from ..choices import Move, Status
from . import names
from .history import Leg, Simulation

Begin = dict[str, Any]


def loop(sim: Simulation, begin: Begin) -> None:
    """Up, treated, back down, followed up: the loop closes."""
    leg = _admitted(sim, begin)
    if leg and _treated(sim, leg):
        _back(sim, leg, begin)


def stays(sim: Simulation, begin: Begin) -> None:
    """Treated, and no way back is needed."""
    leg = _admitted(sim, begin)
    if leg and _treated(sim, leg):
        sim.step(leg, Move.CLOSE, reason_code="no_way_back_needed", reason="门诊复查即可")


def rejected(sim: Simulation, begin: Begin) -> None:
    """Refused with a coded reason."""
    leg = _out(sim, begin)
    if leg:
        code = sim.dice.choice(["no_capacity", "no_specialist", "beyond_ability"])
        sim.step(leg, Move.REJECT, reason_code=code)


def redirected(sim: Simulation, begin: Begin) -> None:
    """Sent on to a hospital that fits better; treated there."""
    leg = _out(sim, begin)
    other = sim.places.tertiary
    if leg and begin["receiver"] == other:
        sim.step(leg, Move.REJECT, reason_code="no_capacity")
    elif leg and sim.step(leg, Move.REDIRECT, reason_code="better_fit", receiver=other.public_id):
        child = sim.start(**begin | {"receiver": other, "at": leg.last, "parent": leg})
        if _after_acceptance(sim, child) and _treated(sim, child):
            _back(sim, child, begin)


def asked(sim: Simulation, begin: Begin) -> None:
    """A question first, then the loop."""
    leg = _out(sim, begin)
    place = sim.dice.randrange(len(names.QUESTIONS))
    if (
        leg
        and sim.step(leg, Move.ASK, question=names.QUESTIONS[place])
        and sim.step(leg, Move.ANSWER, answer=names.ANSWERS[place])
        and _after_acceptance(sim, leg)
        and _treated(sim, leg)
    ):
        _back(sim, leg, begin)


def returned(sim: Simulation, begin: Begin) -> None:
    """Sent back for corrections, then accepted."""
    leg = _out(sim, begin)
    if (
        leg
        and sim.step(leg, Move.RETURN, reason_code="incomplete", reason="请补充辅助检查")
        and sim.step(leg, Move.RESUBMIT)
    ):
        _from_desk(sim, leg)
        if leg.referral.status == Status.PENDING and _after_acceptance(sim, leg):
            _go_home(sim, leg, begin)


def no_show(sim: Simulation, begin: Begin) -> None:
    """Did not come, was called, came later."""
    leg = _out(sim, begin)
    if (
        leg
        and sim.step(leg, Move.ACCEPT)
        and sim.step(leg, Move.RESERVE)
        and sim.step(leg, Move.NO_SHOW)
        and sim.step(leg, Move.REBOOK)
        and _arrived(sim, leg)
        and _treated(sim, leg)
    ):
        _back(sim, leg, begin)


def cancelled(sim: Simulation, begin: Begin) -> None:
    """The patient changed their mind."""
    leg = _out(sim, begin)
    if leg:
        sim.step(leg, Move.CANCEL, reason_code="patient_declined")


def lapsed(sim: Simulation, begin: Begin) -> None:
    """Nobody acted for two weeks."""
    leg = _out(sim, begin)
    if leg:
        sim.step(leg, Move.LAPSE, system=True, reason_code="no_answer")


def died(sim: Simulation, begin: Begin) -> None:
    """Died in hospital."""
    leg = _admitted(sim, begin)
    if leg and sim.step(leg, Move.START_CARE):
        at = leg.last + timedelta(hours=sim.dice.randrange(4, 200))
        sim.step(leg, Move.MARK_DECEASED, at=at)


def lateral(sim: Simulation, begin: Begin) -> None:
    """One county hospital hands a patient of its own over to the other."""
    here, specialty = begin["receiver"], begin["facts"]["specialty"]
    peers = [
        house
        for house in sim.places.counties
        if house != here and (house.pk, specialty.pk) in sim.places.departments
    ]
    if here not in sim.places.counties or not peers:
        stays(sim, begin)
    else:
        stays(sim, begin | {"sender": here, "receiver": peers[0]})


def mistaken(sim: Simulation, begin: Begin) -> None:
    """Entered for the wrong patient."""
    leg = _out(sim, begin)
    if leg:
        sim.step(leg, Move.MARK_ERROR, reason="录入患者有误")


# Journeys and how often they happen (of 1,000).
SHARES: tuple[tuple[Callable[[Simulation, Begin], None], int], ...] = (
    (loop, 530), (lateral, 30), (stays, 90), (asked, 90), (returned, 40), (rejected, 70), (redirected, 40),
    (no_show, 35), (cancelled, 35), (lapsed, 15), (died, 10), (mistaken, 15),
)  # fmt: skip


def open_states() -> list[Status]:
    """States in which a leg can wait now."""
    return list(_WAYS)


def stop_at(sim: Simulation, begin: Begin, status: str) -> Leg:
    """A leg that waits in `status` now, reached by the shortest way in even steps.

    Its age counts as opening hours of the receiver, unless it is an emergency.
    """
    way = _WAYS[Status(status)]
    pace = (sim.now - begin["at"]) / (len(way) + 1)
    leg = None
    for place, (move, data) in enumerate([(Move.SUBMIT, {}), *way]):
        left = sim.now - begin["at"] - pace * place
        at = sim.opening_hours_ago(begin, left)
        if leg is None:
            leg = sim.start(**begin | {"at": at})
        else:
            sim.step(leg, move, at=at, **data)
    assert leg is not None  # noqa: S101 - it was submitted at least
    return leg


_ASK: tuple[Move, dict[str, Any]] = (Move.ASK, {"question": names.QUESTIONS[0]})
_TO_ARRIVED: list[tuple[Move, dict[str, Any]]] = [
    (Move.ACCEPT, {}),
    (Move.RESERVE, {}),
    (Move.ARRIVE, {}),
]
_DONE: tuple[Move, dict[str, Any]] = (
    Move.FINISH_CARE,
    {"outcome": "improved", "summary": "治疗后好转"},
)
_WAYS: dict[Status, list[tuple[Move, dict[str, Any]]]] = {
    Status.ORIGIN_REVIEW: [],
    Status.PENDING: [],
    Status.INFO_REQUESTED: [_ASK],
    Status.RETURNED: [(Move.RETURN, {"reason_code": "incomplete", "reason": "请补充检查"})],
    Status.ACCEPTED: [(Move.ACCEPT, {})],
    Status.RESERVED: [(Move.ACCEPT, {}), (Move.RESERVE, {})],
    Status.IN_TRANSIT: [(Move.ACCEPT, {}), (Move.DEPART, {"escort": "值班护士"})],
    Status.NO_SHOW: [(Move.ACCEPT, {}), (Move.RESERVE, {}), (Move.NO_SHOW, {})],
    Status.ARRIVED: _TO_ARRIVED,
    Status.IN_CARE: [*_TO_ARRIVED, (Move.START_CARE, {})],
    Status.CARE_DONE: [*_TO_ARRIVED, (Move.START_CARE, {}), _DONE],
}


def _out(sim: Simulation, begin: Begin) -> Leg | None:
    """Filed and, where the house reviews, endorsed: before the receiver now."""
    leg = sim.start(**begin)
    _from_desk(sim, leg)
    return leg if leg.referral.status == Status.PENDING else None


def _from_desk(sim: Simulation, leg: Leg) -> None:
    if leg.referral.status == Status.ORIGIN_REVIEW:
        sim.step(leg, Move.ENDORSE)


def _admitted(sim: Simulation, begin: Begin) -> Leg | None:
    leg = _out(sim, begin)
    return leg if leg and _after_acceptance(sim, leg) else None


def _after_acceptance(sim: Simulation, leg: Leg) -> bool:
    if not sim.step(leg, Move.ACCEPT):
        return False
    if leg.referral.urgency != "emergency" and not sim.step(leg, Move.RESERVE):
        return False
    if sim.dice.random() < 0.3 and not sim.step(leg, Move.DEPART, escort="家属"):
        return False
    return _arrived(sim, leg)


def _arrived(sim: Simulation, leg: Leg) -> bool:
    return sim.step(leg, Move.ARRIVE)


def _treated(sim: Simulation, leg: Leg) -> bool:
    outcome = sim.dice.choice(["recovered", "recovered", "improved"])
    return sim.step(leg, Move.START_CARE) and sim.step(
        leg, Move.FINISH_CARE, outcome=outcome, summary="治疗顺利，恢复良好"
    )


def _go_home(sim: Simulation, leg: Leg, begin: Begin) -> None:
    if _treated(sim, leg):
        _back(sim, leg, begin)


def _back(sim: Simulation, leg: Leg, begin: Begin) -> None:
    home: Institution = begin["sender"]
    if not sim.step(leg, Move.REFER_BACK, receiver=home.public_id, stability=names.STABILITY):
        return
    child = sim.start(
        **begin
        | {
            "sender": leg.referral.receiver,
            "receiver": home,
            "at": leg.last,
            "parent": leg,
            "is_back_leg": True,
            "urgency": "routine",
        }
    )
    _from_desk(sim, child)
    if child.referral.status != Status.PENDING:
        return
    note = sim.dice.choice(names.FOLLOW_UPS)
    if (
        sim.step(child, Move.ACCEPT)
        and sim.step(child, Move.ARRIVE)
        and sim.step(child, Move.START_CARE)
        and sim.step(child, Move.FOLLOW_UP, note=note, outcome="recovered")
        and sim.step(child, Move.CLOSE)
    ):
        sim.step(leg, Move.CLOSE, at=child.last, system=True, reason_code="follow_up_done")


def begin_at(
    *,
    patient: Patient,
    story: names.Story,
    sender: Institution,
    receiver: Institution,
    urgency: str,
    at: datetime,
    facts: dict[str, Any],
) -> Begin:
    """The arguments with which `Simulation.start` begins a journey."""
    return {
        "patient": patient, "story": story, "sender": sender, "receiver": receiver,
        "urgency": urgency, "at": at, "facts": facts,
    }  # fmt: skip
