"""May somebody do it on a day: tables of examples and what always holds."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.privileges import rules
from training.privileges.choices import Code, Level, Standing, Verdict

ON = date(2026, 6, 1)
PERSON = rules.Person(
    is_active=True, licence_valid_until=None, practice_started_on=date(2012, 7, 1), is_here=True
)
PLACE = rules.Place(is_member=True, grade="basic", tier_allowed=True)
PERIOD = rules.Period(
    id=1, level=Level.INDEPENDENT, valid_from=date(2026, 1, 1), valid_until=date(2028, 1, 1),
    ends_on=date(2028, 1, 1),
)  # fmt: skip
SUPERVISED = replace(PERIOD, level=Level.SUPERVISED)
RESTRICTED = replace(PLACE, needs_admission=True, is_admitted=False)
NO = Verdict.NO


@pytest.mark.parametrize(
    ("person", "place", "periods", "verdict", "codes"),
    [
        ({}, PLACE, [PERIOD], Verdict.YES, []),
        ({}, PLACE, [SUPERVISED], Verdict.SUPERVISED, []),
        ({}, PLACE, [], NO, [Code.NOT_PRIVILEGED]),
        ({"is_active": False}, PLACE, [PERIOD], NO, [Code.NOT_ACTIVE]),
        ({"is_here": False}, PLACE, [PERIOD], NO, [Code.NO_LICENCE_HERE]),
        ({"licence_valid_until": ON}, PLACE, [PERIOD], Verdict.YES, []),
        (
            {"licence_valid_until": ON - timedelta(days=1)}, PLACE, [PERIOD], NO,
            [Code.LICENCE_EXPIRED],
        ),
        ({}, replace(PLACE, is_member=False), [PERIOD], NO, [Code.NOT_A_MEMBER]),
        ({}, replace(PLACE, tier_allowed=None), [PERIOD], NO, [Code.NOT_IN_CATALOGUE]),
        ({}, replace(PLACE, tier_allowed=False), [PERIOD], NO, [Code.GRADE_ABOVE_TIER]),
        ({}, RESTRICTED, [PERIOD], NO, [Code.INSTITUTION_NOT_ADMITTED]),
        ({}, replace(RESTRICTED, is_admitted=True), [PERIOD], Verdict.YES, []),
        (
            {}, replace(RESTRICTED, admission_suspended=True), [PERIOD], NO,
            [Code.ADMISSION_SUSPENDED],
        ),
        ({}, PLACE, [replace(PERIOD, is_suspended=True)], NO, [Code.SUSPENDED]),
        ({}, PLACE, [replace(PERIOD, ends_on=ON)], NO, [Code.EXPIRED]),
        ({}, PLACE, [replace(PERIOD, ends_on=ON, is_withdrawn=True)], NO, [Code.WITHDRAWN]),
        ({}, PLACE, [replace(PERIOD, valid_from=ON + timedelta(days=1))], NO, [Code.NOT_YET]),
        # Withdrawn before it began: it never counted.
        (
            {}, PLACE,
            [replace(PERIOD, valid_from=date(2027, 1, 1), ends_on=date(2027, 1, 1))],
            NO, [Code.NOT_PRIVILEGED],
        ),
        (
            {}, PLACE,
            [replace(SUPERVISED, ends_on=date(2026, 3, 1)), replace(PERIOD, id=2)],
            Verdict.YES, [],
        ),
        # Of several that ended the last one tells why.
        (
            {}, PLACE,
            [
                replace(PERIOD, ends_on=date(2026, 2, 1), is_withdrawn=True),
                replace(PERIOD, id=2, valid_from=date(2026, 3, 1), ends_on=date(2026, 5, 1)),
            ],
            NO, [Code.EXPIRED],
        ),
        ({}, replace(PLACE, min_years=14), [PERIOD], NO, [Code.YEARS_SHORT]),
        ({}, replace(PLACE, min_years=13), [PERIOD], Verdict.YES, []),
        ({}, replace(PLACE, min_years=14), [SUPERVISED], Verdict.SUPERVISED, []),
        (
            {"is_active": False, "is_here": False}, RESTRICTED, [], NO,
            [
                Code.NOT_ACTIVE, Code.NO_LICENCE_HERE, Code.INSTITUTION_NOT_ADMITTED,
                Code.NOT_PRIVILEGED,
            ],
        ),
    ],
)  # fmt: skip
def test_judge(person, place, periods, verdict, codes):
    found = rules.judge(replace(PERSON, **person), place, periods, on=ON)
    assert (found.verdict, [reason.code for reason in found.reasons]) == (verdict, codes)


@pytest.mark.parametrize(
    ("recorded", "verdict", "reasons", "notes"),
    [
        (None, Verdict.YES, [], [Code.MDT_NEEDED]),
        (True, Verdict.YES, [], []),
        (False, NO, [Code.MDT_MISSING], []),
    ],
)
def test_a_discussion_is_asked_for_each_operation(recorded, verdict, reasons, notes):
    place = replace(PLACE, needs_mdt=True)
    found = rules.judge(PERSON, place, [PERIOD], on=ON, mdt_recorded=recorded)
    assert found.verdict == verdict
    assert [[one.code for one in told] for told in (found.reasons, found.notes)] == [reasons, notes]


@pytest.mark.parametrize(
    ("level", "renews", "existing", "replaced", "refusal"),
    [
        (Level.INDEPENDENT, False, [], None, ""),
        (Level.INDEPENDENT, False, [SUPERVISED], 1, ""),
        (Level.INDEPENDENT, True, [PERIOD], 1, ""),
        (Level.SUPERVISED, True, [SUPERVISED], 1, ""),
        (Level.INDEPENDENT, False, [PERIOD], None, "privilege_exists"),
        (Level.SUPERVISED, True, [PERIOD], None, "privilege_exists"),
        (
            Level.INDEPENDENT, False, [replace(SUPERVISED, is_suspended=True)], None,
            "privilege_suspended",
        ),
        (Level.INDEPENDENT, False, [replace(PERIOD, ends_on=ON)], None, ""),
        (
            Level.INDEPENDENT, False, [replace(SUPERVISED, valid_from=date(2027, 1, 1))], None,
            "privilege_exists",
        ),
        (
            Level.INDEPENDENT, False,
            [
                replace(SUPERVISED, ends_on=date(2027, 1, 1)),
                replace(PERIOD, id=2, valid_from=date(2027, 1, 1)),
            ],
            None, "privilege_exists",
        ),
    ],
)  # fmt: skip
def test_clash(level, renews, existing, replaced, refusal):
    old, code = rules.clash(
        existing, level=level, valid_from=ON, valid_until=date(2028, 6, 1), renews=renews
    )
    assert (old and old.id, code) == (replaced, refusal)


@pytest.mark.parametrize(
    ("values", "standing"),
    [
        ({}, Standing.IN_FORCE),
        ({"is_suspended": True}, Standing.SUSPENDED),
        ({"valid_from": date(2027, 1, 1)}, Standing.NOT_YET),
        ({"ends_on": ON}, Standing.EXPIRED),
        ({"ends_on": ON, "withdrawn_on": ON}, Standing.WITHDRAWN),
        ({"ends_on": ON, "replaced_on": ON}, Standing.REPLACED),
        (
            {"valid_from": ON, "ends_on": ON, "withdrawn_on": ON, "replaced_on": ON},
            Standing.WITHDRAWN,
        ),
    ],
)  # fmt: skip
def test_standing(values, standing):
    known = {
        "valid_from": date(2026, 1, 1), "ends_on": date(2028, 1, 1), "withdrawn_on": None,
        "replaced_on": None, "is_suspended": False,
    }  # fmt: skip
    assert rules.standing(on=ON, **(known | values)) == standing


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 1), 24, date(2028, 1, 1)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 3, 31), -13, date(2025, 2, 28)),
        # Beyond the calendar's ends it is as near as can be.
        (date(9999, 12, 31), 60, date.max),
        (date(1, 1, 1), -60, date.min),
    ],
)
def test_months_later(day, months, later):
    assert rules.months_later(day, months) == later


@pytest.mark.parametrize(
    ("national_level", "is_restricted", "highest"),
    [(4, False, True), (None, True, True), (3, False, False), (None, False, False)],
)
def test_restricted_techniques_count_as_the_highest_level(national_level, is_restricted, highest):
    found = rules.is_highest_level(national_level=national_level, is_restricted=is_restricted)
    assert found is highest


DAYS = st.dates(date(1980, 1, 1), date(2035, 12, 31))


@given(since=DAYS, on=DAYS, years=st.integers(0, 30))
def test_one_person_and_a_set_are_asked_for_the_same_years(since, on, years):
    place = replace(PLACE, min_years=years)
    period = replace(PERIOD, valid_from=on, ends_on=on + timedelta(days=1))
    person = replace(PERSON, practice_started_on=since)
    found = rules.judge(person, place, [period], on=on)
    assert (found.verdict == Verdict.YES) is (since <= rules.latest_start(on=on, years=years))
    assert rules.years_between(since, on) >= 0
