"""Evidence that assembles itself: every requirement of an application, met or missing.

One function for page, API, command and action; nothing is typed in by the applicant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from alliance.catalogue import selectors as catalogue
from alliance.catalogue.choices import RequirementKind
from alliance.catalogue.models import Technique
from alliance.core.policy import PolicySet, policies
from alliance.institutions.models import Alliance, Institution
from alliance.institutions.selectors import alliances_of
from alliance.people.models import Practitioner
from training.logbook import selectors as logbook
from training.privileges import selectors as privileges
from training.privileges import standings
from training.privileges.choices import Standing as Held
from training.privileges.models import Privilege
from training.programmes import selectors as programmes
from training.programmes.models import Enrolment
from training.standards import selectors as standards

from . import rules
from .choices import Kind, Part
from .rules import Requirement
from .selectors import mentor_ids

# What stands against somebody that has nothing to do with the privilege applied for.
_LICENCE = frozenset({"not_active", "no_licence_here", "licence_expired"})
_GRADE = frozenset({"not_in_catalogue", "grade_above_tier"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody applies for; a renewal and a restoration name the privilege they are about."""

    kind: Kind
    practitioner: Practitioner
    technique: Technique
    institution: Institution
    privilege: Privilege | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found for one application on a day."""

    on: date
    alliance: Alliance | None
    requirements: tuple[Requirement, ...]
    mentors: frozenset[int] = frozenset()
    enrolment: Enrolment | None = None

    @property
    def missing(self) -> list[Requirement]:
        """What is not met."""
        return rules.missing(self.requirements)

    @property
    def may_open(self) -> bool:
        """Whether the application may be opened."""
        return self.alliance is not None and rules.may_open(self.requirements)

    def as_json(self) -> dict[str, Any]:
        """The evidence as it is frozen."""
        return {
            "on": self.on.isoformat(),
            "requirements": [one.as_json() for one in self.requirements],
            "mentors": sorted(self.mentors),
        }


def assemble(asked: Asked, *, on: date) -> Evidence:
    """Every requirement of what is asked, read from the rooms that keep it."""
    alliance = _alliance(asked.institution, on)
    if alliance is None:
        return Evidence(on, None, (Requirement("member", Part.STANDING, False),))
    found = standing(asked, alliance, on=on)
    mentors = mentor_ids(asked.practitioner.pk, on=on)
    if asked.kind != Kind.FIRST:
        again = _renewal if asked.kind == Kind.RENEWAL else _restoration
        return Evidence(on, alliance, (*found, *again(asked, alliance, on)), frozenset(mentors))
    path = programmes.ready_for_privilege(
        practitioner_id=asked.practitioner.pk,
        technique_id=asked.technique.pk,
        alliance_id=alliance.pk,
        on=on,
    )
    if path.enrolment is not None and path.enrolment.mentor_id is not None:
        mentors.add(path.enrolment.mentor_id)
    found += [*_first(asked, path, on), *_training(needed_of(asked, alliance, on), path)]
    return Evidence(on, alliance, tuple(found), frozenset(mentors), path.enrolment)


def _alliance(institution: Institution, on: date) -> Alliance | None:
    return next(iter(alliances_of(institution.pk, on=on)), None)


def standing(asked: Asked, alliance: Alliance, *, on: date) -> list[Requirement]:
    """Licence, grade, admission and years: what must hold on the day of the decision too."""
    person = asked.practitioner
    codes = privileges.may_perform(
        practitioner_id=person.pk,
        technique_id=asked.technique.pk,
        institution_id=asked.institution.pk,
        on=on,
    ).codes
    needed = needed_of(asked, alliance, on)
    found = [
        Requirement("licence", Part.STANDING, not codes & _LICENCE),
        Requirement("grade", Part.STANDING, not codes & _GRADE),
    ]
    if needed is None:
        return found
    if needed.needs_admission:
        state = standards.admission_state(
            institution_id=asked.institution.pk,
            technique_id=asked.technique.pk,
            alliance_id=alliance.pk,
            on=on,
        )
        found.append(Requirement("admission", Part.STANDING, state.allows))
    if needed.min_years:
        years = rules.whole_years(person.practice_started_on, on)
        found.append(rules.at_least("years", Part.STANDING, found=years, needed=needed.min_years))
    return found + _cases_before(asked, needed.operator, on=on)


def needed_of(asked: Asked, alliance: Alliance, on: date) -> catalogue.TechniqueRequirements | None:
    """What the catalogue in force asks for this technique; None where it is not graded."""
    needs = catalogue.requirements([asked.technique.pk], on=on, alliance_id=alliance.pk)
    return needs.get(asked.technique.pk)


def _cases_before(asked: Asked, needs: list[Any], *, on: date) -> list[Requirement]:
    """Cases that the catalogue asks of operators: of a technique it names, else of all operated."""
    wanted = [need for need in needs if need.kind == RequirementKind.CASES]
    if not wanted:
        return []
    counts = logbook.case_counts([asked.practitioner.pk], until=on + timedelta(days=1))
    named = Technique.objects.filter(code__in=[need.subject for need in wanted])
    ids = dict(named.values_list("code", "pk"))
    found = []
    for need in wanted:
        only = ids.get(need.subject)
        cases = sum(one.operated for (_who, what), one in counts.items() if only in (None, what))
        line = rules.at_least("cases_before", Part.EXPERIENCE, found=cases, needed=need.minimum)
        found.append(rules.with_facts(line, subject=need.subject))
    return found


def _first(asked: Asked, path: programmes.Readiness, on: date) -> list[Requirement]:
    """No privilege to operate independently yet, and a programme passed from end to end."""
    held = standings.holds_independent(
        practitioner_id=asked.practitioner.pk,
        technique_id=asked.technique.pk,
        institution_id=asked.institution.pk,
        on=on,
    )
    found = [
        Requirement("not_yet_privileged", Part.STANDING, not held),
        Requirement("enrolled", Part.PROGRAMME, path.enrolment is not None),
    ]
    if path.progress is None or path.enrolment is None:
        return found
    name = path.enrolment.programme.name
    return found + [
        Requirement(
            "programme",
            Part.PROGRAMME,
            one.is_met,
            rules.number(one.have),
            rules.number(one.minimum),
            one.label,
            f"{name} · {one.source}",
        )
        for one in path.progress.requirements
    ]


def _training(
    needed: catalogue.TechniqueRequirements | None, path: programmes.Readiness
) -> list[Requirement]:
    """Trainings that the catalogue asks of operators: the programme is how the alliance gives them."""
    wanted = needed.operator if needed else []
    return [
        Requirement("training", Part.PROGRAMME, path.is_ready, facts={"subject": need.subject})
        for need in wanted
        if need.kind == RequirementKind.TRAINING
    ]


def _renewal(asked: Asked, alliance: Alliance, on: date) -> list[Requirement]:
    """The privilege is still held and about to end; recent volume and outcomes."""
    values, privilege = _policy(alliance, on), _named(asked)
    window = rules.renewal_window(
        valid_until=privilege.valid_until,
        days_before=values["granting.renewal_days_before"],
        days_after=values["granting.renewal_days_after"],
    )
    dates = {"opens_on": window.opens_on.isoformat(), "closes_on": window.closes_on.isoformat()}
    state = standings.standing_of(privilege, on=on)
    since = on - timedelta(days=values["granting.recent_days"])
    volume = _volume(asked, alliance, since=since, on=on)
    cases = rules.at_least(
        "recent_cases",
        Part.EXPERIENCE,
        found=volume.cases,
        needed=values["granting.renewal_cases"],
    )
    return [
        Requirement("window", Part.STANDING, window.holds(on), facts=dates),
        Requirement("still_held", Part.STANDING, state in (Held.IN_FORCE, Held.EXPIRED)),
        Requirement("newest", Part.STANDING, standings.is_latest(privilege)),
        rules.with_facts(cases, since_on=since.isoformat()),
        _failures(volume, values),
    ]


def _restoration(asked: Asked, alliance: Alliance, on: date) -> list[Requirement]:
    """The privilege was lost; since then cases under supervision, and how they went."""
    values, privilege = _policy(alliance, on), _named(asked)
    lost_on = standings.lost_on(privilege, on=on)
    since = lost_on or on
    counts = logbook.case_counts(
        [asked.practitioner.pk],
        technique_ids=[asked.technique.pk],
        since=since,
        until=on + timedelta(days=1),
    ).get((asked.practitioner.pk, asked.technique.pk), logbook.CaseCounts())
    cases = rules.at_least(
        "supervised_since",
        Part.EXPERIENCE,
        found=counts.supervised,
        needed=values["granting.restoration_cases"],
    )
    return [
        Requirement("lost", Part.STANDING, lost_on is not None),
        Requirement("newest", Part.STANDING, standings.is_latest(privilege)),
        rules.with_facts(cases, since_on=since.isoformat()),
        _failures(_volume(asked, alliance, since=since, on=on), values),
    ]


def _named(asked: Asked) -> Privilege:
    if asked.privilege is None:
        raise ValueError("a renewal and a restoration name their privilege")
    return asked.privilege


def _volume(asked: Asked, alliance: Alliance, *, since: date, on: date) -> logbook.Volume:
    return logbook.recent_volume(
        practitioner_id=asked.practitioner.pk,
        technique_id=asked.technique.pk,
        alliance_id=alliance.pk,
        since=since,
        until=on + timedelta(days=1),
    )


def _failures(volume: logbook.Volume, values: PolicySet) -> Requirement:
    return rules.at_most(
        "failures",
        Part.OUTCOME,
        found=rules.share(volume.failures, volume.cases),
        needed=values["granting.complication_percent_most"],
    )


def _policy(alliance: Alliance, on: date) -> PolicySet:
    return policies(alliance_id=alliance.pk, on=on, prefix="granting.")
