"""A believable year, simulated leg by leg on the real machine and cut off at the present."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from alliance.core.calendar import WorkingCalendar
from alliance.core.policy import PolicySet
from alliance.institutions.models import Institution
from alliance.institutions.rules import direction_between
from alliance.patients.models import Patient
from alliance.people.models import User

from ..actions.filing import PREFIX
from ..actions.stepping import Book, enter
from ..choices import Move, Side, Status, Urgency
from ..filed import filed
from ..models import Referral, ReferralEvent
from ..workflow import Facts, target_of, transition
from . import names
from .places import Places

# Minutes that a step usually takes, by move; the tail is long, so that some clocks break.
USUAL = {
    Move.ENDORSE: 25, Move.ASK: 40, Move.ANSWER: 35, Move.RETURN: 60, Move.RESUBMIT: 120,
    Move.ACCEPT: 55, Move.REJECT: 70, Move.REDIRECT: 60, Move.RESERVE: 90, Move.DEPART: 300,
    Move.ARRIVE: 600, Move.NO_SHOW: 1500, Move.REBOOK: 400, Move.START_CARE: 180,
    Move.FINISH_CARE: 7000, Move.REFER_BACK: 500, Move.FOLLOW_UP: 5500, Move.CLOSE: 1500,
    Move.CANCEL: 200, Move.LAPSE: 15 * 1440, Move.MARK_DECEASED: 3000, Move.MARK_ERROR: 90,
}  # fmt: skip
FASTER = {Urgency.EMERGENCY: 0.12, Urgency.URGENT: 0.6, Urgency.ROUTINE: 2.2}
_SLOW_SHARE, _SLOW = 0.06, 6.0
# As far back as waiting legs can have begun, holidays included.
_LOOK_BACK = timedelta(days=60)
# What people do at a desk or in a clinic; patients arrive, get worse and die at any hour.
_BY_DAY = frozenset(Move) - {Move.ARRIVE, Move.START_CARE, Move.MARK_DECEASED, Move.LAPSE}


def _on_the_ten(at: datetime) -> datetime:
    """Appointments are given at full ten minutes, never before the moment wanted."""
    late = timedelta(minutes=at.minute % 10, seconds=at.second, microseconds=at.microsecond)
    return at + (timedelta(minutes=10) - late if late else late)


class Months(Book):
    """Policy and calendars by the month, not by the day: no house of the demo changes its hours."""

    def values(self, alliance_id: int, at: datetime) -> PolicySet:
        """The policy values in force for an alliance at the beginning of a month."""
        return super().values(alliance_id, _first(at))

    def calendar(self, institution_id: int, at: datetime) -> WorkingCalendar:
        """The working calendar of an institution from the beginning of a month on."""
        return super().calendar(institution_id, _first(at))


def _first(at: datetime) -> datetime:
    return timezone.localtime(at).replace(day=1)


@dataclass
class Leg:
    """A referral being simulated, with its events."""

    referral: Referral
    events: list[ReferralEvent] = field(default_factory=list)
    parent: "Leg | None" = None

    @property
    def last(self) -> datetime:
        """When it last moved."""
        return self.events[-1].at


class Simulation:
    """Makes legs: `now` ends every journey, `dice` decides, `book` knows policy and calendars."""

    def __init__(self, places: Places, dice: Random, now: datetime) -> None:
        self.places, self.dice, self.now = places, dice, now
        self.book = Months()
        self.legs: list[Leg] = []
        self.serial = 0

    # --- One leg ---------------------------------------------------------------------------

    def start(
        self,
        *,
        patient: Patient,
        story: names.Story,
        sender: Institution,
        receiver: Institution,
        urgency: str,
        at: datetime,
        facts: dict[str, Any],
        parent: Leg | None = None,
        is_back_leg: bool = False,
    ) -> Leg:
        """File a leg at a moment and submit it."""
        direction = direction_between(sender.tier, receiver.tier)
        self.serial += 1
        referral = Referral(
            number=f"{PREFIX[direction]}-{at:%Y%m%d}-{self.serial:05d}",
            alliance=self.places.alliance, patient=patient, direction=direction, urgency=urgency,
            status=Status.DRAFT, version=0, sender=sender, receiver=receiver,
            is_back_leg=is_back_leg, created_at=at, submitted_at=at,
            created_by=self.places.doctors[sender.pk],
            sender_doctor=self.places.doctors[sender.pk].practitioner,
            receiver_department=self.places.departments.get(
                (receiver.pk, facts["specialty"].pk)
            ),
            purpose="rehabilitation" if is_back_leg else "treatment",
            preliminary_impression=story.impression, present_illness=story.illness,
            past_history=self.dice.choice(("无特殊", "高血压 5 年", "否认手术史")),
            treatment_given=story.treatment, indication=story.indication,
            allergies=self.dice.choice(names.ALLERGIES),
            current_medicines=self.dice.choice(names.MEDICINES),
            infection_flag=self.dice.choice(("none", "none", "unknown", "droplet", "blood")),
            contact_phone="13800000000",
            **facts,
        )  # fmt: skip
        leg = Leg(referral, parent=parent)
        self.legs.append(leg)
        self.step(leg, Move.SUBMIT, at=at)
        return leg

    def step(self, leg: Leg, move: Move, *, at: datetime | None = None, **data: Any) -> bool:
        """Make one move a plausible while after the last; False when that lies in the future."""
        if at is None:
            at = leg.last + self._while(move, leg.referral.urgency)
            if move in _BY_DAY and not data.get("system"):
                at = self.by_day(leg.referral, at)
        if at >= self.now:
            return False
        referral, system = leg.referral, data.pop("system", False)
        facts = Facts(
            is_back_leg=referral.is_back_leg,
            followed_up=referral.followed_up_at is not None,
            needs_review=leg.parent is None
            and referral.urgency != Urgency.EMERGENCY
            and referral.sender.reviews_referrals,
        )
        row = transition(referral.status, move, facts, system=system)
        source, target = referral.status, target_of(row, referral.status, facts)
        self._columns(referral, move, target, at, data)
        referral.version += 1
        enter(referral, target, at, self.book, anew=move == Move.RESERVE)
        house = None if system else self._house(referral, row.side, source, move)
        leg.events.append(
            ReferralEvent(
                version=referral.version,
                move=move,
                source=source,
                target=target,
                at=at,
                by=self._who(house, row.permission) if house else None,
                institution=house,
                reason_code=data.pop("reason_code", ""),
                reason=data.pop("reason", ""),
                data={key: str(value) for key, value in data.items()},
                holder_id=referral.holder_id,
                clock=referral.clock,
                due_at=referral.due_at,
            )
        )
        return True

    def by_day(self, referral: Referral, at: datetime) -> datetime:
        """The moment itself where the receiver is open or it is an emergency, else its next morning."""
        if referral.urgency == Urgency.EMERGENCY:
            return at
        calendar = self.book.calendar(filed(referral.receiver_id), at)
        # The minutes that passed are told by the clock alone: the same seed, the same morning.
        return at if calendar.is_open_at(at) else calendar.add_minutes(at, 5 + at.minute)

    def opening_hours_ago(self, begin: Mapping[str, Any], age: timedelta) -> datetime:
        """So long ago, in opening hours of the receiver; around the clock in an emergency."""
        if begin["urgency"] == Urgency.EMERGENCY:
            return self.now - age
        calendar = self.book.calendar(begin["receiver"].pk, self.now - _LOOK_BACK)
        return calendar.subtract_minutes(self.now, max(1, int(age.total_seconds() // 60)))

    def _while(self, move: Move, urgency: str) -> timedelta:
        minutes = USUAL[move] * FASTER[Urgency(urgency)] * self.dice.lognormvariate(-0.3, 0.7)
        if self.dice.random() < _SLOW_SHARE:
            minutes *= _SLOW
        return timedelta(seconds=max(60, round(minutes * 60)))

    def _columns(
        self, referral: Referral, move: Move, target: str, at: datetime, data: dict[str, Any]
    ) -> None:
        if target == Status.PENDING and referral.sent_at is None:
            referral.sent_at = at
        if move == Move.ASK:
            referral.decision_left = 60
        elif move in (Move.RESERVE, Move.REBOOK):
            wanted = at + timedelta(hours=self.dice.choice([2, 20, 44]))
            referral.reserved_at = _on_the_ten(self.by_day(referral, wanted))
            referral.reserved_place = data.setdefault("place", "门诊 2 楼")
        elif move == Move.DEPART:
            referral.expected_at = at + timedelta(hours=2)
        elif move == Move.FINISH_CARE:
            referral.outcome, referral.summary = data["outcome"], data["summary"]
        elif move == Move.REFER_BACK:
            referral.stability, referral.holder = names.STABILITY, referral.sender
        elif move == Move.FOLLOW_UP:
            referral.followed_up_at, referral.outcome = at, data["outcome"]

    def _house(self, referral: Referral, side: str, source: str, move: Move) -> Institution:
        if side == Side.RECEIVER:
            assert referral.receiver is not None  # noqa: S101 - every simulated leg has one
            return referral.receiver
        return referral.sender

    def _who(self, house: Institution, permission: str) -> User:
        desk = permission in ("referral_receive", "referral_endorse")
        people = self.places.liaisons if desk else self.places.doctors
        return people[house.pk]

    # --- Reading the result ----------------------------------------------------------------

    def generations(self) -> Iterator[list[Leg]]:
        """Legs so ordered that parents come before their children."""
        left = list(self.legs)
        done: set[int] = set()
        while left:
            ready = [leg for leg in left if leg.parent is None or id(leg.parent) in done]
            done |= {id(leg) for leg in ready}
            left = [leg for leg in left if id(leg) not in done]
            yield ready
