"""The facts of one question, in one statement, by ids or by the names that other systems use.

Theatre systems ask before every operation and wait for the answer, so this path is as short as the
database allows: built by the ORM the same facts take eight statements and most of the time, and
planning them takes longer than reading them. So functions of the database keep the plans (migration
0004 of this room; who changes what is read there replaces them in a migration of their own). `facts`
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
_SHARED = "%(on)s, %(granted)s, %(published)s"
_FACTS = f"SELECT * FROM privileges_facts(%(person)s, %(technique)s, %(house)s, {_SHARED})"  # noqa: S608
_WITHIN = "%(house)s::uuid, %(houses)s::bigint[], %(alliances)s::bigint[]"
_ASKED = f"""
SELECT * FROM privileges_asked(
    %(public_id)s::uuid, %(licence)s, %(technique)s, {_WITHIN}, {_SHARED})
"""  # noqa: S608 - the parts put in are constants of this file
# Which columns say what.
_PERSON, _PLACE, _PRIVILEGE = slice(0, 4), slice(4, 15), slice(15, 23)
_REACHED = f"SELECT privileges_reached({_WITHIN})"


@dataclass(frozen=True, slots=True)
class Reach:
    """Houses and alliances in which a caller may look privileges up."""

    houses: list[int]
    alliances: list[int]


def judge(triple: Triple, *, on: date, mdt_recorded: bool | None) -> rules.Judgement | None:
    """The answer to one question; None where person, technique or place does not exist."""
    asked = {
        "person": triple.practitioner_id,
        "technique": triple.technique_id,
        "house": triple.institution_id,
    }
    return _judged(_read(_FACTS, asked, on), on, mdt_recorded)


def judge_named(
    *,
    practitioner: UUID | str,
    technique: str,
    institution: UUID,
    reach: Reach,
    on: date,
    mdt_recorded: bool | None,
) -> rules.Judgement | None:
    """The same by names: person (by id or licence), technique (by code) and house.

    None where one of them is not there, or the house is out of the caller's reach.
    """
    by_id = isinstance(practitioner, UUID)
    asked = {
        "public_id": str(practitioner) if by_id else None,
        "licence": None if by_id else practitioner,
        "technique": technique,
        **_within(institution, reach),
    }
    return _judged(_read(_ASKED, asked, on), on, mdt_recorded)


def house(public_id: UUID, reach: Reach) -> int | None:
    """The house with this id, if it is within reach."""
    with connection.cursor() as cursor:
        cursor.execute(_REACHED, _within(public_id, reach))
        found: int | None = cursor.fetchone()[0]
    return found


def _within(public_id: UUID, reach: Reach) -> dict[str, Any]:
    return {"house": str(public_id), "houses": reach.houses, "alliances": reach.alliances}


def _read(statement: str, asked: dict[str, Any], on: date) -> list[tuple[Any, ...]]:
    """The facts, once for each privilege there; the columns are those of `privileges_fact`."""
    rest = {"on": on, "granted": _GRANTED, "published": EditionStatus.PUBLISHED.value}
    with connection.cursor() as cursor:
        cursor.execute(statement, asked | rest)
        return cursor.fetchall()


def _judged(
    rows: list[tuple[Any, ...]], on: date, mdt_recorded: bool | None
) -> rules.Judgement | None:
    if not rows:
        return None
    first = rows[0]
    person, place = rules.Person(*first[_PERSON]), _place(first[_PLACE])
    periods = [_period(row[_PRIVILEGE]) for row in rows if row[_PRIVILEGE][0] is not None]
    return rules.judge(person, place, periods, on=on, mdt_recorded=mdt_recorded)


def _period(found: tuple[Any, ...]) -> rules.Period:
    pk, level, since, until, ends, is_withdrawn, is_suspended, conditions = found
    return rules.Period(pk, level, since, until, ends, is_withdrawn, is_suspended, conditions)


def _place(found: tuple[Any, ...]) -> rules.Place:
    technique, tier, alliance, edition, grade, tiers, level, restricted, counts, grades, mdt = found
    if grade is None:
        return rules.Place(is_member=alliance is not None, grade="", tier_allowed=None)
    needs = catalogue.needs_in(
        edition_id=edition,
        technique_id=technique,
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
