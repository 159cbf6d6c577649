"""What others may ask: may this person do this here on that day, and who may."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from alliance.catalogue import selectors as catalogue
from alliance.institutions.choices import Tier
from alliance.institutions.models import Membership
from alliance.people.models import PracticeSite
from training.standards import selectors as standards

from . import facts, rules, texts
from .choices import Code, Level, Verdict
from .models import Privilege

Triple = facts.Triple


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
    found = facts.gather([triple], on=on).judge(triple, on=on, mdt_recorded=mdt_recorded)
    return _answer(found)


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
) -> QuerySet[Privilege]:
    """Privileges whose holders may do it on that day (see `level`), in a house or the alliance.

    The same answer as `may_perform` for each of them, as one set.
    """
    asked = catalogue.requirements([technique_id], on=on, alliance_id=alliance_id)
    if technique_id not in asked:
        return Privilege.objects.none()
    needs = asked[technique_id]
    rows = Privilege.objects.in_force(on).filter(
        alliance=alliance_id, technique=technique_id, institution__tier__in=_tiers(needs.tiers)
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
    return _able(rows, alliance_id=alliance_id, on=on)


def privileges_in_force(on: date) -> QuerySet[Privilege]:
    """Privileges that count on a date: begun, not ended, not suspended."""
    return Privilege.objects.in_force(on)


def _able(rows: QuerySet[Privilege], *, alliance_id: int, on: date) -> QuerySet[Privilege]:
    """Of these the ones whose holders are licensed there, where the house is a member."""
    sites = PracticeSite.objects.in_force(on).filter(
        practitioner=OuterRef("practitioner"), institution=OuterRef("institution")
    )
    joined = Membership.objects.in_force(on).filter(
        alliance=alliance_id, alliance__is_active=True, institution=OuterRef("institution")
    )
    return rows.filter(
        Q(practitioner__institution=F("institution")) | Exists(sites),
        Q(practitioner__licence_valid_until=None) | Q(practitioner__licence_valid_until__gte=on),
        Exists(joined),
        practitioner__is_active=True,
    )


def _tiers(tiers: frozenset[str]) -> set[str]:
    """Tiers of institutions that may; village clinics count with their township."""
    return {*tiers, Tier.VILLAGE} if Tier.TOWNSHIP in tiers else set(tiers)


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
    """A privilege whose period holds the day, suspended or not."""

    public_id: UUID
    level: str
    is_suspended: bool


def held_pairs(*, institution_id: int, on: date) -> dict[tuple[int, int], Held]:
    """What everybody of a house holds, by (practitioner, technique); one query.

    What was granted, for boards; whether somebody may perform also asks for licence and admission.
    """
    rows = (
        Privilege.objects.in_period(on)
        .filter(institution=institution_id)
        .with_suspension(on)
        .values_list("practitioner_id", "technique_id", "public_id", "level", "is_suspended")
    )
    return {(person, technique): Held(*held) for person, technique, *held in rows}


def held_counts(*, alliance_id: int, on: date) -> dict[tuple[int, int, str], int]:
    """How many privileges are in force, by (institution, technique, level); one query."""
    rows = (
        Privilege.objects.in_force(on)
        .filter(alliance=alliance_id)
        .order_by()
        .values_list("institution_id", "technique_id", "level")
        .annotate(n=Count("pk"))
    )
    return {(house, technique, level): n for house, technique, level, n in rows}
