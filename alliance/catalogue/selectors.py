"""What others may ask of the technique catalogue: always as of a date."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.db.models import Exists, FilteredRelation, OuterRef, Q

from alliance.core.policy import PolicySet, policies, policy
from alliance.institutions.choices import Tier

from . import rules
from .choices import SCORES, EditionStatus, RequirementKind, Side
from .defaults import GRADES_NEEDING_ADMISSION
from .graded import Graded as Graded
from .graded import graded as graded
from .models import CatalogueEdition, CatalogueEntry, EntryDisease, Requirement, Technique
from .querysets import EditionQuerySet


@dataclass(frozen=True)
class GradeAnswer:
    """How an alliance grades a technique on a date, and since when."""

    grade: str
    tiers: frozenset[str]
    edition_id: int
    effective_from: date

    def allows(self, tier: str) -> bool:
        """Whether institutions of `tier` may do it; a village clinic counts as its township."""
        return (Tier.TOWNSHIP if tier == Tier.VILLAGE else tier) in self.tiers


def edition_in_force(*, alliance_id: int, on: date) -> CatalogueEdition | None:
    """The edition of an alliance that counts on a date."""
    return CatalogueEdition.objects.in_force(alliance_id=alliance_id, on=on).first()


def editions_between(
    alliance_ids: Collection[int], *, since: date, until: date
) -> list[tuple[int, int, date]]:
    """Editions that counted on any day of a period, as (edition, alliance, since when).

    One query. Of those of an alliance the newest comes first: on a day counts the first that had
    taken effect by then.
    """
    rows = _between(alliance_ids, since, until)
    return list(rows.values_list("pk", "alliance_id", "effective_from"))


def _between(alliance_ids: Collection[int], since: date, until: date) -> EditionQuerySet:
    published = CatalogueEdition.objects.published().filter(effective_from__lte=until)
    later = published.filter(
        alliance=OuterRef("alliance"),
        effective_from__gt=OuterRef("effective_from"),
        effective_from__lte=since,
    )
    rows = published.filter(~Exists(later), alliance__in=alliance_ids)
    return rows.order_by("alliance_id", "-effective_from")


def grades_for(
    technique_ids: Iterable[int] | None, *, on: date, alliance_id: int
) -> dict[int, GradeAnswer]:
    """The grades of many techniques (None: of all) on a date, in one query; ungraded ones are left out."""
    edition = CatalogueEdition.objects.in_force(alliance_id=alliance_id, on=on)
    entries = CatalogueEntry.objects.filter(edition__in=edition.values("pk"))
    if technique_ids is not None:
        entries = entries.filter(technique_id__in=list(technique_ids))
    rows = entries.values_list(
        "technique_id", "grade", "tiers", "edition_id", "edition__effective_from"
    )
    return {
        technique_id: GradeAnswer(grade, frozenset(tiers), edition_id, effective_from)
        for technique_id, grade, tiers, edition_id, effective_from in rows
    }


def grades_between(
    technique_ids: Collection[int], *, alliance_ids: Collection[int], since: date, until: date
) -> Callable[[int, int, date], str]:
    """The grade of a technique in an alliance on any day of a period; empty where it has none.

    One query for all of them, none where no technique is asked about.
    """
    if not technique_ids:
        return lambda _technique, _alliance, _on: ""
    mine = FilteredRelation("entries", condition=Q(entries__technique__in=technique_ids))
    rows = _between(alliance_ids, since, until).annotate(mine=mine)
    editions: dict[tuple[int, date], dict[int, str]] = {}
    for alliance_id, effective_from, technique_id, grade in rows.values_list(
        "alliance_id", "effective_from", "mine__technique_id", "mine__grade"
    ):
        editions.setdefault((alliance_id, effective_from), {})[technique_id] = grade

    def grade_on(technique_id: int, alliance_id: int, on: date) -> str:
        counts = (
            grades
            for (of, begins), grades in editions.items()
            if of == alliance_id and begins <= on
        )
        return next(counts, {}).get(technique_id, "")

    return grade_on


def technique_grade(technique_id: int, *, on: date, alliance_id: int) -> GradeAnswer | None:
    """How the alliance grades a technique on a date; None when it is in no edition in force."""
    return grades_for([technique_id], on=on, alliance_id=alliance_id).get(technique_id)


def tier_may(technique_id: int, tier: str, *, on: date, alliance_id: int) -> bool:
    """Whether institutions of `tier` may do a technique on a date; an ungraded one nobody may."""
    answer = technique_grade(technique_id, on=on, alliance_id=alliance_id)
    return answer is not None and answer.allows(tier)


def newest_published(*, alliance_id: int) -> CatalogueEdition | None:
    """The published edition of an alliance that takes effect last, now or later."""
    published = CatalogueEdition.objects.published().filter(alliance_id=alliance_id)
    return published.order_by("-effective_from").first()


def predecessor(edition: CatalogueEdition) -> CatalogueEdition | None:
    """The edition this one follows: in force the day before it, or the newest for a draft."""
    if edition.status == EditionStatus.DRAFT or edition.effective_from is None:
        return newest_published(alliance_id=edition.alliance_id)
    return edition_in_force(
        alliance_id=edition.alliance_id, on=edition.effective_from - timedelta(days=1)
    )


@dataclass(frozen=True)
class Row:
    """One technique that two editions treat differently."""

    technique: Technique
    kind: str
    before: rules.EntryFacts | None
    after: rules.EntryFacts | None


def compare(edition: CatalogueEdition, previous: CatalogueEdition | None) -> list[Row]:
    """What `edition` adds, removes and changes against `previous`, by technique code."""
    found = rules.differences(_facts(previous) if previous else {}, _facts(edition))
    techniques = Technique.objects.in_bulk([row.technique_id for row in found])
    rows = [Row(techniques[d.technique_id], d.kind, d.before, d.after) for d in found]
    return sorted(rows, key=lambda row: row.technique.code)


def change_kinds(edition: CatalogueEdition) -> dict[int, str]:
    """How each technique differs from the edition before, by technique id; nothing for the first."""
    previous = predecessor(edition)
    if previous is None:
        return {}
    found = rules.differences(_facts(previous), _facts(edition))
    return {difference.technique_id: difference.kind for difference in found}


def _facts(edition: CatalogueEdition) -> dict[int, rules.EntryFacts]:
    """What an edition says of each technique, in two queries."""
    treated: dict[int, set[tuple[str, str]]] = {}
    diseases = EntryDisease.objects.filter(entry__edition=edition)
    for pk, name, tier in diseases.values_list("entry__technique_id", "disease__name", "tier"):
        treated.setdefault(pk, set()).add((name, tier))
    entries = edition.entries.values_list("technique_id", "grade", "tiers", "reason", *SCORES)
    return {
        pk: rules.EntryFacts(
            grade,
            frozenset(tiers),
            tuple(scores) if any(scores) else (),
            frozenset(treated.get(pk, ())),
            reason,
        )
        for pk, grade, tiers, reason, *scores in entries
    }


def compare_requirements(
    edition: CatalogueEdition, previous: CatalogueEdition | None
) -> list[rules.NeedDifference]:
    """What `edition` asks otherwise than `previous`; the scope is a grade or a technique's code."""
    return rules.need_differences(_needs(previous) if previous else {}, _needs(edition))


def _needs(edition: CatalogueEdition) -> dict[rules.NeedKey, rules.Need]:
    rows = edition.requirements.select_related("technique")
    return {
        (row.technique.code if row.technique else row.grade, *need_of(row).key): need_of(row)
        for row in rows
    }


@dataclass(frozen=True)
class TechniqueRequirements:
    """What the edition in force asks of who does a technique, and where it is graded."""

    technique_id: int
    grade: str
    tiers: frozenset[str]
    national_level: int | None
    is_restricted: bool
    institution: list[rules.Need]
    operator: list[rules.Need]
    min_years: int
    needs_mdt: bool
    needs_admission: bool
    scores: Mapping[str, int | None]
    effective_from: date

    def allows(self, tier: str) -> bool:
        """Whether institutions of `tier` may do it; a village clinic counts as its township."""
        return (Tier.TOWNSHIP if tier == Tier.VILLAGE else tier) in self.tiers


def requirements(
    technique_ids: Iterable[int], *, on: date, alliance_id: int
) -> dict[int, TechniqueRequirements]:
    """What is asked for many techniques on a date, in three queries; ungraded ones are left out."""
    edition = CatalogueEdition.objects.in_force(alliance_id=alliance_id, on=on).values("pk")
    entries = list(
        CatalogueEntry.objects.filter(
            technique_id__in=list(technique_ids), edition__in=edition
        ).select_related("technique", "edition")
    )
    if not entries:
        return {}
    graded: dict[str, list[rules.Need]] = {}
    own: dict[int, list[rules.Need]] = {}
    for row in Requirement.objects.filter(edition=entries[0].edition_id).order_by("pk"):
        if row.technique_id is None:
            graded.setdefault(row.grade, []).append(need_of(row))
        else:
            own.setdefault(row.technique_id, []).append(need_of(row))
    values = policies(alliance_id=alliance_id, on=on)
    return {
        entry.technique_id: _asked(
            entry, [*graded.get(entry.grade, ()), *own.get(entry.technique_id, ())], values
        )
        for entry in entries
    }


def years_asked(alliance_ids: Collection[int], *, on: date) -> dict[int, dict[int, int]]:
    """Years of practice that the editions in force on a date ask of operators.

    By alliance and technique, in three queries; ungraded ones are left out.
    """
    editions = dict(
        CatalogueEdition.objects.published()
        .filter(alliance__in=alliance_ids, effective_from__lte=on)
        .order_by("alliance_id", "-effective_from")
        .distinct("alliance_id")
        .values_list("pk", "alliance_id")
    )
    graded: dict[tuple[int, str], list[rules.Need]] = {}
    own: dict[tuple[int, int], list[rules.Need]] = {}
    rows = Requirement.objects.filter(
        edition__in=editions, side=Side.OPERATOR, kind=RequirementKind.YEARS
    )
    for row in rows.order_by("pk"):
        if row.technique_id is None:
            graded.setdefault((row.edition_id, row.grade), []).append(need_of(row))
        else:
            own.setdefault((row.edition_id, row.technique_id), []).append(need_of(row))
    asked: dict[int, dict[int, int]] = {}
    entries = CatalogueEntry.objects.filter(edition__in=editions)
    for edition, technique, grade in entries.values_list("edition_id", "technique_id", "grade"):
        needs = [*graded.get((edition, grade), ()), *own.get((edition, technique), ())]
        years = rules.least_years(rules.needs_of_technique(needs))
        asked.setdefault(editions[edition], {})[technique] = years
    return asked


def _asked(
    entry: CatalogueEntry, found: list[rules.Need], values: PolicySet
) -> TechniqueRequirements:
    technique, needs = entry.technique, rules.needs_of_technique(found)
    operator = [one for one in needs if one.side == Side.OPERATOR]
    admitted = GRADES_NEEDING_ADMISSION[values["admission.grades"]]
    return TechniqueRequirements(
        technique_id=technique.pk,
        grade=entry.grade,
        tiers=frozenset(entry.tiers),
        national_level=technique.national_level,
        is_restricted=technique.is_restricted,
        institution=[one for one in needs if one.side == Side.INSTITUTION],
        operator=operator,
        min_years=rules.least_years(operator),
        needs_mdt=rules.asks_for_mdt(
            operator,
            national_level=technique.national_level,
            mdt_level=values["grading.mdt_level"],
        ),
        needs_admission=technique.is_restricted or entry.grade in admitted,
        scores={name: getattr(entry, name) for name in SCORES},
        effective_from=entry.edition.effective_from,  # type: ignore[arg-type]  # published
    )


@dataclass(frozen=True)
class OperatorNeeds:
    """What an operation of a technique needs of operator and institution, in three answers."""

    min_years: int
    needs_mdt: bool
    needs_admission: bool


def needs_in(
    *,
    edition_id: int,
    technique_id: int,
    grade: str,
    national_level: int | None,
    is_restricted: bool,
    mdt_level: int,
    admission_grades: str,
) -> OperatorNeeds:
    """The same as `requirements` for somebody who has read entry and policies of a published edition."""
    operator = list(_operator_needs(edition_id, technique_id, grade))
    return OperatorNeeds(
        min_years=rules.least_years(operator),
        needs_mdt=rules.asks_for_mdt(operator, national_level=national_level, mdt_level=mdt_level),
        needs_admission=is_restricted or grade in GRADES_NEEDING_ADMISSION[admission_grades],
    )


def graded_one(technique_id: int, *, alliance_id: int, on: date) -> Graded | None:
    """One technique of the edition in force, as `graded` has all of them; two queries."""
    edition = CatalogueEdition.objects.in_force(alliance_id=alliance_id, on=on)
    rows = CatalogueEntry.objects.filter(technique=technique_id, edition__in=edition.values("pk"))
    names = ("edition_id", "technique__code", "technique__name", "grade", "tiers")
    row = next(iter(rows.values_list(*names, "technique__is_restricted")), None)
    if row is None:
        return None
    edition_id, code, name, grade, tiers, restricted = row
    admitted = policy("admission.grades", on=on, alliance_id=alliance_id)
    return Graded(
        technique_id=technique_id,
        code=code,
        name=name,
        grade=grade,
        tiers=frozenset(tiers),
        needs_admission=restricted or grade in GRADES_NEEDING_ADMISSION[admitted],
        min_years=rules.least_years(_operator_needs(edition_id, technique_id, grade)),
    )


@lru_cache(maxsize=20_000)
def _operator_needs(edition_id: int, technique_id: int, grade: str) -> tuple[rules.Need, ...]:
    """What a published edition asks of operators; remembered, since the table refuses to change it."""
    rows = Requirement.objects.filter(
        Q(grade=grade, technique=None) | Q(technique=technique_id), edition=edition_id
    )
    found = rules.needs_of_technique([need_of(row) for row in rows.order_by("pk")])
    return tuple(one for one in found if one.side == Side.OPERATOR)


def need_of(row: Requirement) -> rules.Need:
    """A stored requirement as the rules take it."""
    return rules.Need(
        side=row.side,
        kind=row.kind,
        subject=row.subject,
        minimum=row.minimum,
        unit=row.unit,
        source=row.source,
        is_verified=row.is_verified,
        of_technique=row.technique_id is not None,
    )


def grading_of(*, alliance_id: int, on: date) -> rules.Grading:
    """How an alliance turns scores into proposals on a date (one query)."""
    values = policies(alliance_id=alliance_id, on=on, prefix="grading.")
    cuts = {name: values[f"grading.cut.{name}"] for name in ("basic", "advanced", "spectrum")}
    weights = {name: values[f"grading.weight.{name}"] for name in SCORES}
    return rules.Grading(weights=weights, **cuts)


def grading_facts(
    technique: Technique, scores: Mapping[str, int | None], tiers: Iterable[str]
) -> rules.GradingFacts:
    """What a technique's grade is proposed from: scores, tiers of its diseases, national rules."""
    return rules.GradingFacts(
        scores, technique.national_level, technique.is_restricted, frozenset(tiers)
    )
