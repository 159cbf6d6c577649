"""How a search says when something is free, and what it offers first: tables of examples."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from equipment.bookings import days, searching
from equipment.bookings.rules import period
from equipment.bookings.searching import Found, Group
from equipment.bookings.selectors import Offer, Slot
from equipment.bookings.views import results

ZONE = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)


def time(day, since, until):
    """Hours of a day of June 2026, the first a Monday."""
    midnight = datetime(2026, 6, day, tzinfo=ZONE)
    return period(midnight + since * HOUR, midnight + until * HOUR)


def usual_of(*times):
    return days.usual([time(*one) for one in times], ZONE)


@pytest.mark.parametrize(
    ("times", "first", "last", "differ", "none"),
    [
        ([(1, 7, 22), (2, 7, 22), (3, 7, 22)], 1, 3, [], []),
        # A day with another pause, and one on which nothing is free.
        ([(1, 7, 22), (2, 7, 9), (2, 12, 22), (4, 7, 22), (5, 7, 22)], 1, 5, [2], [3]),
        # A time until midnight ends on the day on which it began.
        ([(1, 9, 24), (2, 7, 24), (3, 7, 24), (4, 7, 24)], 1, 4, [1], []),
    ],
)
def test_the_hours_of_most_days_are_said_once(times, first, last, differ, none):
    found = usual_of(*times)
    assert (found.first.day, found.last.day) == (first, last)
    assert sorted(one.day for one in found.differ) == differ
    assert found.none == [date(2026, 6, one) for one in none]
    like = [one for one in times if one[0] not in differ]
    assert found.hours == [time(*like[0])]


@pytest.mark.parametrize(
    "times",
    [
        [],
        [(1, 7, 22), (2, 7, 22)],
        # Not of most days.
        [(1, 7, 22), (2, 7, 22), (3, 7, 22), (4, 8, 9), (5, 8, 10), (6, 8, 11)],
    ],
)
def test_where_days_differ_nothing_is_usual(times):
    assert usual_of(*times) is None


@pytest.mark.parametrize(
    ("more", "slots", "exceptions", "rest"),
    [
        # True of every day: the soonest, and the others in the fold.
        ([], 1, None, 4),
        ([(7, 7, 9), (7, 10, 22)], 1, 2, 4),
        # A day without any free time.
        ([(8, 7, 22)], 1, 0, 5),
        # The soonest is an exception itself: named in both places.
        ([(1, 7, 9)], 1, 1, 5),
        # Too many exceptions for a rule.
        ([(1, 7, 9), (1, 10, 11), (1, 12, 13), (1, 14, 15), (1, 16, 17)], 4, None, 6),
    ],
)
def test_what_is_usual_is_said_truly(more, slots, exceptions, rest):
    times = [time(day, 7, 22) for day in range(2, 7)]
    times += [time(*one) for one in more]
    offer = Offer(SimpleNamespace(pk=1), [])
    row = results._row(
        Found(offer, sorted(times), "", 0),
        results.Links({"minutes": 60, "technique": None}, {}, may_book=False),
    )
    told = row["usual"] and row["usual"].has_exceptions
    assert (len(row["slots"]), row["more"]) == (slots, rest)
    assert (len(row["unlike"]) if told else None) == exceptions


def house(pk, county="330102"):
    return SimpleNamespace(pk=pk, division_code=county, public_id=f"house-{pk}")


MINE, NEAR, FAR = house(1), house(2), house(3, "330801")


def found(pk, owner, *times, condition="good", missing=False, asks=False):
    device = SimpleNamespace(
        pk=pk, owner=owner, owner_id=owner.pk, condition=condition, is_missing=missing
    )
    slots = [Slot(*time(*one)) for one in times]
    return searching._found(Offer(device, slots), {}, MINE, 60, {pk} if asks else ())


def group(*found_, required=True):
    free = sorted(found_, key=lambda one: one.place)
    return Group([SimpleNamespace(name="镜")], required, free, 0)


@pytest.mark.parametrize(
    ("scopes", "knives", "chosen", "since"),
    [
        # One's own before what is free sooner elsewhere.
        ([(1, MINE, (2, 9, 12)), (2, NEAR, (1, 9, 12))], None, [1], (2, 9)),
        # Near by before far away, and there the soonest.
        ([(1, FAR, (1, 9, 12)), (2, NEAR, (3, 9, 12)), (3, NEAR, (2, 9, 12))], None, [3], (2, 9)),
        # From a quarter of an hour on.
        ([(1, MINE, (2, 9.1, 12))], None, [1], (2, 9.25)),
        # All at once, in one house: not where the times only touch.
        ([(1, MINE, (1, 9, 12), (2, 9, 12))], [(5, MINE, (1, 11.5, 14), (2, 10, 12))], [1, 5], (2, 10)),
        ([(1, MINE, (1, 9, 12))], [(5, NEAR, (1, 9, 12))], None, None),
        ([(1, MINE, (1, 9, 12))], [(5, MINE, (1, 12, 14))], None, None),
        ([(1, MINE, (1, 9, 12)), (2, NEAR, (1, 9, 12))], [(5, NEAR, (1, 8, 12))], [2, 5], (1, 9)),
        ([], None, None, None),
    ],
)  # fmt: skip
def test_the_best_house_for_all_that_is_required(scopes, knives, chosen, since):
    groups = [group(*(found(*one) for one in scopes))]
    if knives is not None:
        groups.append(group(*(found(*one) for one in knives)))
    best = searching.best(groups, length=HOUR)
    if chosen is None:
        assert best is None
        return
    assert [one.offer.device.pk for one in best.found] == chosen
    assert best.period == time(since[0], since[1], since[1] + 1)


GOOD, LIMITED, POOR = ({"condition": one} for one in ("good", "limited", "poor"))
GONE, ASKS = {"missing": True}, {"asks": True}


@pytest.mark.parametrize(
    ("scopes", "chosen"),
    [
        # At the same time the better one, and of those the one that is had at once.
        ([(1, MINE, (1, 9, 12), LIMITED), (2, MINE, (1, 9, 12), GOOD)], (2, 9)),
        ([(1, MINE, (1, 9, 12), ASKS), (2, MINE, (1, 9, 12), GOOD)], (2, 9)),
        ([(1, MINE, (1, 9, 12), LIMITED), (2, MINE, (1, 9, 12), ASKS)], (2, 9)),
        # Later that day, but not the day after, nor elsewhere.
        ([(1, MINE, (1, 9, 12), LIMITED), (2, MINE, (1, 14, 16), GOOD)], (2, 14)),
        ([(1, MINE, (1, 9, 12), ASKS), (2, MINE, (1, 14, 16), GOOD)], (1, 9)),
        ([(1, MINE, (1, 9, 12), LIMITED), (2, MINE, (2, 9, 12), GOOD)], (1, 9)),
        ([(1, MINE, (1, 9, 12), LIMITED), (2, NEAR, (1, 9, 12), GOOD)], (1, 9)),
        ([(1, NEAR, (1, 9, 12), LIMITED), (2, house(4), (1, 9, 12), GOOD)], (2, 9)),
        # What is poor or missing is promised to nobody.
        ([(1, MINE, (1, 9, 12), POOR), (2, FAR, (3, 9, 12), LIMITED)], (2, 9)),
        ([(1, MINE, (1, 9, 12), GONE), (2, MINE, (3, 9, 12), LIMITED)], (2, 9)),
        ([(1, MINE, (1, 9, 12), POOR), (2, MINE, (1, 9, 12), GONE)], None),
    ],
)
def test_the_better_device_is_promised(scopes, chosen):
    groups = [group(*(found(*one[:-1], **one[-1]) for one in scopes))]
    best = searching.best(groups, length=HOUR)
    told = best and (best.found[0].offer.device.pk, best.period.since.astimezone(ZONE).hour)
    assert told == chosen
    assert results.has_unsound(groups) is (best is None)


def test_a_list_ends_with_what_is_missing():
    times = [(1, 9, 12)]
    rows = [
        found(1, MINE, *times, **GONE), found(2, FAR, *times), found(3, MINE, *times, **POOR),
        found(4, MINE, *times, **LIMITED), found(5, MINE, (1, 14, 16)), found(6, MINE, (2, 9, 12)),
    ]  # fmt: skip
    assert [one.offer.device.pk for one in group(*rows).found] == [5, 4, 3, 6, 2, 1]


def test_what_helps_makes_nobody_wait():
    scope, asked = found(1, MINE, (1, 9, 12)), found(1, MINE, (1, 9, 12), asks=True)
    lamps = [found(2, MINE, (1, 9, 12), **POOR), found(3, MINE, (1, 9, 12), asks=True)]
    lamps += [found(4, MINE, (1, 9, 12), **LIMITED)]
    pumps = [found(5, MINE, (1, 9, 12), asks=True)]
    more = [group(*lamps, required=False), group(*pumps, required=False)]
    for first, expected in ((scope, [lamps[2]]), (asked, [lamps[1], pumps[0]])):
        groups = [group(first), *more]
        best = searching.best(groups, length=HOUR)
        assert searching.alongside(groups, best) == expected


def test_what_helps_goes_along_from_the_same_house_then():
    scope, lamp = found(1, MINE, (1, 9, 12)), found(2, MINE, (1, 8, 10))
    others = [found(3, MINE, (2, 9, 12)), found(4, NEAR, (1, 9, 12))]
    groups = [group(scope), group(lamp, required=False), group(*others, required=False)]
    best = searching.best(groups, length=HOUR)
    assert searching.alongside(groups, best) == [lamp]
    # Where nothing is required one device of what helps is the answer itself, of whichever kind.
    best = searching.best(groups[1:], length=HOUR)
    assert best.found == [lamp]
    assert searching.alongside(groups[1:], best) == []
    none = group(required=False)
    best = searching.best([none, *groups[2:]], length=HOUR)
    assert best.found == [others[0]]
    assert searching.alongside([none, *groups[1:]], best) == []
    assert searching.best([none], length=HOUR) is None
    assert isinstance(lamp, Found)
    assert lamp.is_own
    assert searching.near_first([FAR, NEAR], MINE) == [NEAR, FAR]
