"""What others may ask: may this person do this here on that day, and who may."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from alliance.catalogue import selectors as catalogue
from alliance.catalogue.models import Technique
from alliance.core import masking
from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.institutions.models import Institution, Membership
from alliance.people.models import Practitioner
from training.standards import selectors as standards

from . import boards, facts, rules, single, texts
from .choices import Code, Level, Standing, Verdict
from .models import Certificate, Override, Privilege
from .querysets import PrivilegeQuerySet

Triple = facts.Triple
Usable = boards.Usable
# How long before its end a privilege is spoken of.
SOON = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: a stable code, its sentence, and the facts in it."""

    code: str
    text: str
    facts: dict[str, object]

    @property
    def next_step(self) -> str:
        """What may be done about it."""
        return texts.next_step(self.code)


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether somebody may, every reason against it, what to mind, and the privilege behind it."""

    verdict: str
    reasons: list[Reason]
    notes: list[Reason]
    privilege_id: int | None = None
    level: str = ""
    conditions: str = ""
    valid_from: date | None = None
    valid_until: date | None = None

    @property
    def may(self) -> bool:
        """Whether at all, by themselves or under supervision."""
        return self.verdict != Verdict.NO

    @property
    def codes(self) -> set[str]:
        """The codes of the reasons."""
        return {reason.code for reason in self.reasons}


def may_perform(
    *,
    practitioner_id: int,
    technique_id: int,
    institution_id: int,
    on: date,
    mdt_recorded: bool | None = None,
) -> Answer:
    """Whether this person may do this here on that day, past days too: yes, supervised or no.

    Of people the directory knows how things are now: who has left, until when the licence counts.
    Everything else is as it was on the day. `mdt_recorded` None: not asked about one operation.
    """
    triple = Triple(practitioner_id, technique_id, institution_id)
    return _answer(single.judge(triple, on=on, mdt_recorded=mdt_recorded))


def may_pairs(
    *, practitioner_ids: Iterable[int], institution_id: int, technique_ids: Iterable[int], on: date
) -> dict[tuple[int, int], Answer]:
    """The same for everybody and every technique of a house, by (practitioner, technique).

    A fixed number of statements, however many. Pairs without any privilege are left out: they are
    all alike.
    """
    people, techniques = list(practitioner_ids), list(technique_ids)
    held = (
        Privilege.objects.filter(
            practitioner__in=people, technique__in=techniques, institution=institution_id
        )
        .values_list("practitioner_id", "technique_id")
        .distinct()
    )
    triples = [Triple(person, technique, institution_id) for person, technique in held]
    known = facts.gather(triples, on=on)
    return {triple[:2]: _answer(known.judge(triple, on=on)) for triple in triples}


def what_may(*, practitioner_id: int, on: date) -> dict[Triple, Answer]:
    """What somebody may do where: an answer for each technique and place of their privileges."""
    mine = Privilege.objects.filter(practitioner=practitioner_id)
    held = mine.values_list("practitioner_id", "technique_id", "institution_id").distinct()
    triples = [Triple._make(row) for row in held]
    known = facts.gather(triples, on=on)
    return {triple: _answer(known.judge(triple, on=on)) for triple in triples}


def who_may(
    *, technique_id: int, institution_id: int | None = None, alliance_id: int, on: date
) -> PrivilegeQuerySet:
    """Privileges whose holders may do it on that day (see `level`), in a house or the alliance.

    The same answer as `may_perform` for each of them, as one set.
    """
    needs = catalogue.graded_one(technique_id, alliance_id=alliance_id, on=on)
    if needs is None:
        return Privilege.objects.none()
    rows = Privilege.objects.in_force(on).filter(
        alliance=alliance_id,
        technique=technique_id,
        institution__tier__in=boards.tiers_of(needs.tiers),
    )
    if institution_id is not None:
        rows = rows.filter(institution=institution_id)
    if needs.needs_admission:
        admitted = standards.admissions_in_force(on).filter(technique=technique_id)
        rows = rows.filter(Exists(admitted.filter(institution=OuterRef("institution"))))
    if needs.min_years:
        enough = rules.latest_start(on=on, years=needs.min_years)
        learning = Q(level=Level.SUPERVISED)
        rows = rows.filter(learning | Q(practitioner__practice_started_on__lte=enough))
    return rows.filter(boards.able(alliance_id=alliance_id, on=on))


def who_may_here(
    *, alliance_id: int, techniques: Iterable[catalogue.Graded], on: date
) -> dict[tuple[int, int], set[int]]:
    """Who may do it on that day for many techniques at once, by (institution, technique).

    The practitioners of `who_may`; the techniques are those of the edition in force. One query.
    """
    return boards.people(alliance_id=alliance_id, techniques=techniques, on=on)


def may_perform_named(
    *,
    practitioner: str,
    technique: str,
    institution: str,
    user: Any,
    on: date,
    mdt_recorded: bool | None,
) -> Answer | None:
    """`may_perform` by the names other systems use; None for what the caller may not ask about.

    One statement: a person by id or licence, a technique by code, an institution of the alliances
    in which the caller may look privileges up.
    """
    house = _uuid(institution)
    if house is None:
        return None
    found = single.judge_named(
        practitioner=_uuid(practitioner) or practitioner,
        technique=technique,
        institution=house,
        reach=_reach(user),
        on=on,
        mdt_recorded=mdt_recorded,
    )
    return _answer(found) if found else None


def who_may_named(
    *, technique: str, institution: str, user: Any, on: date
) -> PrivilegeQuerySet | None:
    """`who_may` by the names other systems use; None for what the caller may not ask about."""
    asked = Technique.objects.filter(code=technique).values_list("pk", flat=True).first()
    alliances = _alliances_in_reach(user, on)
    house = None
    if place := _uuid(institution):
        house = single.house(place, _reach(user))
    if asked is None or not alliances or (institution and house is None):
        return None
    return who_may(technique_id=asked, institution_id=house, alliance_id=alliances[0], on=on)


def _alliances_in_reach(user: Any, on: date) -> list[int]:
    """The alliances whose privileges somebody may look up, their own role's first."""
    access = access_of(user)
    held = access.alliances_with(Permission.PRIVILEGE_VIEW)
    houses = access.institutions_with(Permission.PRIVILEGE_VIEW)
    joined = Membership.objects.in_force(on).filter(
        institution__in=houses, alliance__is_active=True
    )
    rows = joined.order_by("valid_from", "pk").values_list("alliance_id", flat=True)
    return list(dict.fromkeys([*held, *rows]))


def _reach(user: Any) -> single.Reach:
    """Where somebody may look privileges up."""
    access = access_of(user)
    return single.Reach(
        access.institutions_with(Permission.PRIVILEGE_VIEW),
        access.alliances_with(Permission.PRIVILEGE_VIEW),
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def privileges_in_force(on: date) -> QuerySet[Privilege]:
    """Privileges that count on a date: begun, not ended, not suspended."""
    return Privilege.objects.in_force(on)


@dataclass(frozen=True, slots=True)
class Verified:
    """What anybody may know who holds a certificate: what is printed on it, and today's truth."""

    number: str
    masked_name: str
    technique: str
    technique_code: str
    institution: str
    alliance: str
    level: str
    valid_from: date
    last_day: date
    standing: Standing


def verified(token: str, *, on: date) -> Verified | None:
    """The certificate with this code as of a date; None where there is none."""
    found = Certificate.objects.for_paper().filter(token=token).first()
    if found is None:
        return None
    row = Privilege.objects.with_suspension(on).get(pk=found.privilege_id)
    return Verified(
        number=found.number,
        masked_name=masking.mask_name(found.privilege.practitioner.name),
        technique=found.privilege.technique.name,
        technique_code=found.privilege.technique.code,
        institution=found.privilege.institution.name,
        alliance=found.privilege.alliance.name,
        level=found.privilege.get_level_display(),
        valid_from=row.valid_from,
        last_day=row.valid_until - timedelta(days=1),
        standing=rules.standing(
            valid_from=row.valid_from,
            ends_on=row.ends_on,
            withdrawn_on=row.withdrawn_on,
            replaced_on=row.replaced_on,
            is_suspended=row.is_suspended,
            on=on,
        ),
    )


def _answer(found: rules.Judgement | None) -> Answer:
    if found is None:
        return Answer(Verdict.NO, [_told(rules.Reason(Code.NOT_PRIVILEGED))], [])
    period = found.period
    return Answer(
        verdict=found.verdict.value,
        reasons=[_told(reason) for reason in found.reasons],
        notes=[_told(reason) for reason in found.notes],
        privilege_id=period.id if period else None,
        level=period.level if period else "",
        conditions=period.conditions if period else "",
        valid_from=period.valid_from if period else None,
        valid_until=period.ends_on if period else None,
    )


def _told(reason: rules.Reason) -> Reason:
    return Reason(reason.code.value, texts.sentence(reason), texts.plain(reason.facts))


@dataclass(frozen=True, slots=True)
class Held:
    """A privilege whose period holds the day, and whether it may be used then."""

    public_id: UUID
    level: str
    answer: Answer


def held_pairs(
    *,
    institution: Institution,
    people: Iterable[Practitioner],
    techniques: Iterable[catalogue.Graded],
    on: date,
    visiting: Container[int] = (),
) -> dict[tuple[int, int], Held]:
    """What people hold at a house, by (practitioner, technique); one query.

    Each with the answer of `may_perform`, for boards: a house of an alliance, with its people and
    the techniques of its edition in force already read; those `visiting` work elsewhere and are
    registered there too. Who holds nothing that day is left out.
    """
    found = boards.judged(
        institution=institution, people=people, techniques=techniques, on=on, visiting=visiting
    )
    return {
        pair: Held(one.public_id, one.level, _answer(one.judgement)) for pair, one in found.items()
    }


def holders(institution_id: int, *, on: date) -> QuerySet[Any, Any]:
    """The ids of those who hold a privilege at a house whose period holds the day."""
    rows = Privilege.objects.in_period(on).filter(institution=institution_id)
    return rows.order_by().values("practitioner")


def held_counts(
    *, alliance_id: int, techniques: Iterable[catalogue.Graded], on: date
) -> dict[tuple[int, int, str], Usable]:
    """How many hold, may use, are suspended, by (institution, technique, level); one query."""
    return boards.counts(alliance_id=alliance_id, techniques=techniques, on=on)


def own_ending(user: Any, *, on: date) -> int:
    """How many of somebody's privileges end soon."""
    person = getattr(user, "practitioner_id", None)
    if not person:
        return 0
    return (
        Privilege.objects.in_force(on).filter(practitioner=person, ends_on__lte=on + SOON).count()
    )


def own_reports_owed(user: Any) -> int:
    """How many reports on emergencies somebody owes."""
    person = getattr(user, "practitioner_id", None)
    mine = Q(recorded_by=user.pk) | (Q(practitioner=person) if person else Q())
    return Override.objects.owing().filter(mine).count()
