"""Random walks of the real machine, by real actions: what must hold, whatever people do.

Each walk files a referral and then lets random people make random moves, act out of turn, and let
time pass; after each step the same things are true of every leg.
"""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as walk

from alliance.core.choices import Role
from alliance.core.errors import DomainError, TransitionNotAllowed
from alliance.core.models import AuditEntry, OutboxMessage
from referrals import actions, rules, selectors
from referrals.choices import Move, Status
from referrals.models import ReasonCode, Referral
from referrals.policies import facts_of, open_moves
from referrals.workflow import FINAL, TRANSITIONS
from tests import worlds
from tests.factories import alliance as make

# Moves whose reason the tables must know.
CODED = ("return", "reject", "redirect", "close", "cancel", "no_show", "mark_error")
pytestmark = [pytest.mark.slow, pytest.mark.django_db]


class Walk(RuleBasedStateMachine):
    """One alliance and the legs of one patient."""

    world = None
    cast = ()

    def __init__(self):
        super().__init__()
        start = timezone.now().replace(microsecond=0)
        self.clock = time_machine.travel(start, tick=False)
        self.now = self.clock.start()
        self.undo = transaction.atomic()
        self.undo.__enter__()

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)
        self.clock.stop()

    @initialize(
        urgency=st.sampled_from(["emergency", "urgent", "routine"]),
        reviewed=st.booleans(),
        complete=st.booleans(),
    )
    def file(self, urgency, reviewed, complete):
        """A referral as townships file them; emergencies may owe their paperwork."""
        type(self.world.township).objects.update(reviews_referrals=reviewed)
        self.world.township.refresh_from_db()
        more = {} if complete or urgency != "emergency" else {"indication": "", "diagnoses": []}
        worlds.pending_referral(
            self.world, urgency=urgency, specialty=self.world.surgery, technique=None, **more
        )

    @rule(data=st.data(), minutes=st.integers(0, 60 * 24 * 3))
    def somebody_makes_an_open_move(self, data, minutes):
        """Whoever may do something does it, after a while."""
        self.now.shift(timedelta(minutes=minutes))
        legs = Referral.objects.select_related("sender", "receiver").order_by("pk")
        open_ = [
            (leg, user, name)
            for leg in legs
            for user in self.cast
            for name in open_moves(user, leg)
        ]
        if not open_:
            return
        leg, user, name = data.draw(st.sampled_from(open_))
        try:
            with transaction.atomic():
                actions.move(
                    referral=leg, move=Move(name), by=user, data=self.filled(leg, name, data)
                )
        except DomainError as refusal:
            # The rules of the alliance may refuse; the machine itself offered the move.
            assert not isinstance(refusal, TransitionNotAllowed), refusal

    @rule(data=st.data(), move=st.sampled_from(Move))
    def somebody_acts_out_of_turn(self, data, move):
        """Whoever may not do something is refused, and nothing is left of it."""
        legs = list(Referral.objects.select_related("sender").order_by("pk"))
        leg, user = data.draw(st.sampled_from(legs)), data.draw(st.sampled_from(self.cast))
        if move in open_moves(user, leg):
            return
        with pytest.raises((PermissionDenied, TransitionNotAllowed)), transaction.atomic():
            actions.move(referral=leg, move=move, by=user, data={})
        assert Referral.objects.get(pk=leg.pk).version == leg.version

    @rule(days=st.integers(1, 40))
    def time_passes(self, days):
        """Nobody does anything; the scheduler comes, in its own time."""
        self.now.shift(timedelta(days=days))
        actions.due_alerts(now=timezone.now())
        actions.lapse_due(now=timezone.now())

    def filled(self, leg, name, data):
        """What the move needs, invented."""
        row = next(
            row
            for row in TRANSITIONS
            if row.move == name
            and leg.status in row.sources
            and all(facts_of(leg).holds(guard) for guard in row.guards)
        )
        soon = timezone.now() + timedelta(hours=data.draw(st.integers(1, 48)))
        places = {
            "redirect": [self.world.county2, self.world.tertiary],
            "refer_back": [self.world.township, self.world.township2],
        }
        known = {
            "reason_code": "any",
            "receiver": data.draw(st.sampled_from(places.get(name, [self.world.county]))),
            "at": timezone.now() if name == "mark_deceased" else soon,
            "expected_at": soon,
            "outcome": "improved",
            "consent_method": "oral",
        }
        needed = [*row.required, *(["consent_method"] if name == "refer_back" else [])]
        return {field: known.get(field, "文字") for field in needed}

    @invariant()
    def every_leg_is_where_its_history_led(self):
        """Events replay through the table to the state; versions count them; all is written."""
        for leg in Referral.objects.select_related("sender"):
            events = list(leg.events.order_by("version"))
            assert [event.version for event in events] == list(range(1, leg.version + 1))
            place = ""
            for event in events:
                assert event.source == place or (event.source == Status.DRAFT and not place)
                assert leads(event), (event.source, event.move, event.target)
                place = event.target
            assert place == leg.status

    @invariant()
    def somebody_holds_every_open_leg(self):
        """An open leg is in one hand, a running clock has an end; a final leg has neither."""
        for leg in Referral.objects.all():
            children = set(leg.children.values_list("receiver_id", flat=True))
            if leg.status in FINAL:
                assert (leg.holder_id, leg.due_at, leg.clock) == (None, None, "")
                assert leg.closed_at is not None
            else:
                assert leg.holder_id in {leg.sender_id, leg.receiver_id, *children}
                assert bool(leg.clock) == (leg.due_at is not None)
                expected = rules.clock_of(
                    leg.status,
                    is_back_leg=leg.is_back_leg,
                    followed_up=leg.followed_up_at is not None,
                )
                assert leg.clock == (expected or "")

    @invariant()
    def every_second_is_somebodys(self):
        """What the holders held adds up to the time from the first step to the end."""
        for leg in Referral.objects.all():
            until = leg.closed_at or timezone.now()
            begun = leg.events.order_by("version").first().at
            held = selectors.seconds_by_holder(leg, until=until)
            assert sum(held.values()) == (until - begun).total_seconds()

    @invariant()
    def nobody_waits_for_a_way_back_that_has_ended(self):
        """A leg that was referred back has exactly one way back under way."""
        for leg in Referral.objects.filter(status=Status.BACK_REFERRED):
            ways = leg.children.filter(is_back_leg=True).exclude(status__in=FINAL)
            assert ways.count() == 1

    @invariant()
    def every_step_is_promised_and_written_down(self):
        """One notice promised and one line in the ledger for each step of each leg."""
        for leg in Referral.objects.all():
            steps = list(leg.events.values_list("pk", flat=True))
            promised = OutboxMessage.objects.filter(
                topic="referral.moved", payload__event_id__in=steps
            )
            assert promised.count() == len(steps)
            lines = AuditEntry.objects.filter(
                subject_id=str(leg.public_id), data__target__isnull=False
            )
            assert lines.count() == len(steps)


def leads(event):
    """Whether some row of the table leads from an event's source to its target."""
    return any(
        event.move == row.move
        and event.source in row.sources
        and event.target in (row.target or event.source, row.reviewed_target)
        for row in TRANSITIONS
    )


@pytest.fixture
def cast(world):
    """Everybody who can act for one of the five houses."""
    for move in CODED:
        ReasonCode.objects.create(
            move=move, code="any", label_zh="其他", label_en="Other", valid_from=make.LONG_AGO
        )
    return [
        world.doctor,
        world.township_liaison,
        world.township_manager,
        world.liaison,
        world.county_doctor,
        world.county2_liaison,
        world.tertiary_liaison,
        make.staff(Role.LIAISON, institution=world.township2),
    ]


def test_whatever_people_do_the_legs_stay_whole(world, cast):
    Walk.world, Walk.cast = world, cast
    walk(
        Walk,
        settings=settings(
            max_examples=30,
            stateful_step_count=12,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
