"""The facts of one question, in two statements written by hand, and its names, in one.

Theatre systems ask before every operation and wait for the answer, so this path is as short as the
database allows: built by the ORM the same facts take eight statements and most of the time. `facts`
reads them for many questions at once; tests hold that both paths say the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from alliance.catalogue import selectors as catalogue
from alliance.catalogue.choices import EditionStatus
from alliance.core.policy import definitions
from alliance.institutions.choices import Tier
from training.standards.choices import GRANTED

from . import rules
from .facts import Triple

# States of an admission that count in their period.
_GRANTED = [state.value for state in GRANTED]
_GRADES, _MDT = "admission.grades", "grading.mdt_level"
_SETTING = """
    (SELECT s.value #>> '{{}}' FROM core_policysetting s
     WHERE s.key = '{}' AND s.institution_id IS NULL AND s.effective_from <= %(on)s
       AND (s.alliance_id = m.alliance_id OR s.alliance_id IS NULL)
     ORDER BY s.alliance_id NULLS LAST, s.effective_from DESC, s.id DESC LIMIT 1)
"""
_PLACE = f"""
SELECT p.is_active, p.licence_valid_until, p.practice_started_on,
    p.institution_id = i.id OR EXISTS (
        SELECT FROM people_practicesite s
        WHERE s.practitioner_id = p.id AND s.institution_id = i.id AND s.valid_from <= %(on)s
          AND (s.valid_until IS NULL OR s.valid_until > %(on)s)) AS is_here,
    i.tier, m.alliance_id, e.id AS edition_id, c.grade, c.tiers, t.national_level, t.is_restricted,
    (SELECT NOT EXISTS (
        SELECT FROM standards_admissionsuspension u
        WHERE u.admission_id = a.id AND u.valid_from <= %(on)s
          AND (u.valid_until IS NULL OR u.valid_until > %(on)s))
     FROM standards_admission a
     WHERE a.institution_id = i.id AND a.technique_id = t.id AND a.valid_from <= %(on)s
       AND a.status = ANY(%(granted)s) AND (a.valid_until IS NULL OR a.valid_until > %(on)s)
     LIMIT 1) AS admission_counts,
    {_SETTING.format(_GRADES)} AS admission_grades,
    {_SETTING.format(_MDT)} AS mdt_level
FROM people_practitioner p
CROSS JOIN institutions_institution i
CROSS JOIN catalogue_technique t
LEFT JOIN LATERAL (
    SELECT g.alliance_id FROM institutions_membership g
    JOIN institutions_alliance l ON l.id = g.alliance_id AND l.is_active
    WHERE g.institution_id = i.id AND g.valid_from <= %(on)s
      AND (g.valid_until IS NULL OR g.valid_until > %(on)s)
    ORDER BY g.valid_from, g.id LIMIT 1) m ON true
LEFT JOIN LATERAL (
    SELECT d.id FROM catalogue_catalogueedition d
    WHERE d.alliance_id = m.alliance_id AND d.status = %(published)s
      AND d.effective_from <= %(on)s
    ORDER BY d.effective_from DESC LIMIT 1) e ON true
LEFT JOIN catalogue_catalogueentry c ON c.edition_id = e.id AND c.technique_id = t.id
WHERE p.id = %(person)s AND i.id = %(house)s AND t.id = %(technique)s
"""  # noqa: S608 - the parts put in are constants of this file
_PERIODS = """
SELECT r.id, r.level, r.valid_from, r.valid_until, r.ends_on,
    r.withdrawn_on IS NOT NULL AND r.withdrawn_on = r.ends_on,
    EXISTS (
        SELECT FROM privileges_suspension u
        WHERE u.privilege_id = r.id AND u.valid_from <= %(on)s
          AND (u.valid_until IS NULL OR u.valid_until > %(on)s)),
    r.conditions
FROM privileges_privilege r
WHERE r.practitioner_id = %(person)s AND r.technique_id = %(technique)s
  AND r.institution_id = %(house)s
ORDER BY r.valid_from, r.id
"""


# Institutions of the alliances in which the caller may look privileges up, whenever they joined.
_IN_REACH = """
    i.public_id = %(house)s::uuid AND (i.id = ANY(%(houses)s::bigint[]) OR EXISTS (
        SELECT FROM institutions_membership m
        WHERE m.institution_id = i.id AND (
            m.alliance_id = ANY(%(alliances)s::bigint[]) OR m.alliance_id IN (
                SELECT o.alliance_id FROM institutions_membership o
                WHERE o.institution_id = ANY(%(houses)s::bigint[])))))
"""
_HOUSE = f"SELECT i.id FROM institutions_institution i WHERE {_IN_REACH}"  # noqa: S608
_NAMED = f"""
SELECT p.id, t.id, i.id
FROM people_practitioner p, catalogue_technique t, institutions_institution i
WHERE p.{{}} = %(person)s AND t.code = %(technique)s AND {_IN_REACH}
"""  # noqa: S608 - the parts put in are constants of this file


@dataclass(frozen=True, slots=True)
class Reach:
    """Houses and alliances in which a caller may look privileges up."""

    houses: list[int]
    alliances: list[int]


def named(
    *, practitioner: UUID | str, technique: str, institution: UUID, reach: Reach
) -> Triple | None:
    """Person (by id or licence), technique (by code) and house; None where one is out of reach."""
    asked = {
        "person": str(practitioner),
        "technique": technique,
        **_within(institution, reach),
    }
    column = "public_id" if isinstance(practitioner, UUID) else "licence_number"
    with connection.cursor() as cursor:
        cursor.execute(_NAMED.format(column), asked)
        found = cursor.fetchone()
    return Triple(*found) if found else None


def house(public_id: UUID, reach: Reach) -> int | None:
    """The house with this id, if it is within reach."""
    with connection.cursor() as cursor:
        cursor.execute(_HOUSE, _within(public_id, reach))
        found = cursor.fetchone()
    return found[0] if found else None


def _within(public_id: UUID, reach: Reach) -> dict[str, Any]:
    return {"house": str(public_id), "houses": reach.houses, "alliances": reach.alliances}


def judge(triple: Triple, *, on: date, mdt_recorded: bool | None) -> rules.Judgement | None:
    """The answer to one question; None where person, technique or place does not exist."""
    asked: dict[str, Any] = {
        "person": triple.practitioner_id,
        "technique": triple.technique_id,
        "house": triple.institution_id,
        "on": on,
        "published": EditionStatus.PUBLISHED.value,
        "granted": _GRANTED,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PLACE, asked)
        row = cursor.fetchone()
        if row is None:
            return None
        cursor.execute(_PERIODS, asked)
        periods = [_period(found) for found in cursor.fetchall()]
    person = rules.Person(*row[:4])
    place = _place(triple.technique_id, row[4:])
    return rules.judge(person, place, periods, on=on, mdt_recorded=mdt_recorded)


def _period(found: tuple[Any, ...]) -> rules.Period:
    pk, level, since, until, ends, is_withdrawn, is_suspended, conditions = found
    return rules.Period(pk, level, since, until, ends, is_withdrawn, is_suspended, conditions)


def _place(technique_id: int, found: tuple[Any, ...]) -> rules.Place:
    tier, alliance, edition, grade, tiers, level, restricted, counts, grades, mdt = found
    if grade is None:
        return rules.Place(is_member=alliance is not None, grade="", tier_allowed=None)
    needs = catalogue.needs_in(
        edition_id=edition,
        technique_id=technique_id,
        grade=grade,
        national_level=level,
        is_restricted=restricted,
        mdt_level=int(mdt or definitions()[_MDT].default),
        admission_grades=grades or definitions()[_GRADES].default,
    )
    return rules.Place(
        is_member=True,
        grade=grade,
        tier_allowed=(Tier.TOWNSHIP if tier == Tier.VILLAGE else tier) in tiers,
        needs_admission=needs.needs_admission,
        is_admitted=bool(counts),
        admission_suspended=counts is False,
        min_years=needs.min_years,
        needs_mdt=needs.needs_mdt,
    )
