"""What a shifted booking answers for: chains of promises, and what giving the last up costs."""

from datetime import UTC, datetime, timedelta

import pytest

from equipment.bookings.promises import rules
from equipment.bookings.rules import Period

HOUR = timedelta(hours=1)
# The start of what was booked first, for two hours; all hours of the examples count from it.
START = datetime(2026, 6, 10, 2, tzinfo=UTC)
LONG_AGO = -500
TERMS = rules.Terms(grace=HOUR / 4, deadline=24 * HOUR, renewal=48 * HOUR)


def at(hours):
    return START + hours * HOUR


def use(hours):
    return Period(at(hours), at(hours + 2))


def chain(*steps):
    """Promises by the hour they begin, when they were made, and what became of them."""
    return [rules.Promise(use(begins), at(made), *more) for begins, made, *more in steps]


FIRST = (0, LONG_AGO, "shift")


@pytest.mark.parametrize(
    ("steps", "starts", "made"),
    [
        ([(0, LONG_AGO)], [0], LONG_AGO),
        # Shifted at short notice, once and again: all that was promised counts.
        ([FIRST, (1, -20)], [1, 0], LONG_AGO),
        ([FIRST, (1, -30, "shift"), (1.5, -25)], [1.5, 1, 0], LONG_AGO),
        # Earlier than promised counts by the earlier start.
        ([FIRST, (-1, -20)], [-1, 0], LONG_AGO),
        # Given up in time, or counted: settled.
        ([(0, LONG_AGO, "in_time"), (1, -100)], [1], -100),
        ([(0, LONG_AGO, "late"), (5, -20)], [5], -20),
        ([FIRST, (1, -20, "late"), (9, -19)], [9], -19),
        ([FIRST, (1, -30, "in_time"), (99, -26, "shift"), (100, 60)], [100, 99], -26),
        # What was known before anybody kept what became of it.
        ([(0, LONG_AGO, ""), (1, -20)], [1], -20),
        # A slip is forgotten, but not since when it is asked for.
        ([(0, -20, "slip"), (30, -19.9)], [30], -20),
        ([(0, -20, "slip"), (30, -19.9, "shift"), (31, -10)], [31, 30], -20),
        # What a keeper has not granted yet promises nothing; what was granted before does.
        ([(0, LONG_AGO, "", False)], [], LONG_AGO),
        ([FIRST, (1, -20, "", False)], [0], LONG_AGO),
        ([FIRST, (1, -20, "shift", False), (2, -19)], [2, 0], LONG_AGO),
        # Moved on because the last user was late: nobody's doing.
        ([FIRST, (4, -20, "", True, True)], [4], -20),
        ([FIRST, (4, -20, "shift", True, True), (5, 1)], [5, 4], -20),
    ],
)
def test_what_a_booking_answers_for(steps, starts, made):
    found = rules.held(chain(*steps))
    assert [one.since for one in found.times] == [at(hours) for hours in starts]
    assert found.made_at == at(made)


@pytest.mark.parametrize(
    ("steps", "now", "wanted", "outcome"),
    [
        # Given back, or exchanged for another device.
        ([(0, LONG_AGO)], -24, None, "in_time"),
        ([(0, LONG_AGO)], -23, None, "late"),
        ([(0, -23)], -22.8, None, "slip"),
        ([(0, LONG_AGO, "", False)], -1, None, "in_time"),
        # Another time of the same devices.
        ([(0, LONG_AGO)], -23, 2, "late"),
        ([(0, LONG_AGO)], -24, 2, "in_time"),
        ([(0, LONG_AGO)], -23, 1.9, "shift"),
        ([(0, LONG_AGO)], -23, -1.9, "shift"),
        ([(0, LONG_AGO)], -47, 1, "shift"),
        ([(0, LONG_AGO)], -48, 1, "in_time"),
        # Each step small, or early enough by the time before it: the first still counts.
        ([FIRST, (1, -30)], -23.5, None, "late"),
        ([FIRST, (1, -30)], -24, None, "in_time"),
        ([FIRST, (1, -30)], -23.5, 2, "late"),
        ([FIRST, (1, -30)], -23.5, 1.5, "shift"),
        ([FIRST, (1, -30)], -24, 2, "in_time"),
        ([FIRST, (1.5, -20, "shift"), (1.9, -19)], -18, 3, "late"),
        ([FIRST, (1.9, -20)], -19.9, None, "late"),
        ([FIRST, (1.5, -20)], -19, -1, "late"),
        # A keeper who has to agree anew does not undo what was promised.
        ([FIRST, (1, -20, "", False)], -19, None, "late"),
        # Nor does booking, slipping and slipping again.
        ([(0, -20, "slip"), (3, -19.9)], -19.5, None, "late"),
        ([(0, -20, "slip"), (3, -19.9)], -19.8, None, "slip"),
    ],
)  # fmt: skip
def test_what_giving_it_up_costs(steps, now, wanted, outcome):
    own = rules.held(chain(*steps))
    wish = None if wanted is None else use(wanted)
    assert rules.outcome(own, at=at(now), terms=TERMS, wanted=wish) == outcome


def test_renewal_is_never_shorter_than_the_notice():
    terms = rules.Terms(grace=0 * HOUR, deadline=24 * HOUR, renewal=0 * HOUR)
    own = rules.held(chain((0, LONG_AGO)))
    assert rules.outcome(own, at=at(-20), terms=terms, wanted=use(1)) == "shift"


def test_walking_an_hour_a_day_ends_counted():
    """However small the steps: once the first time is left for good, it counts."""
    steps, begins, now = [(0, LONG_AGO)], 0.0, -30.0
    while True:
        own = rules.held(chain(*steps))
        found = rules.outcome(own, at=at(now), terms=TERMS, wanted=use(begins + 0.5))
        if found != "shift":
            break
        steps[-1] = (*steps[-1][:2], "shift")
        begins, now = begins + 0.5, now + 2.5
        steps.append((begins, now))
    assert (found, begins) == ("late", 1.5)
