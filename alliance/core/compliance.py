"""Scheduled checks: a registry of questions that can be asked about any day.

The idea is that of Django's own system checks. Each app says in its `compliance.py` what must not
be, as one set-based query; the room of quality control runs them every night, opens what is newly
wrong and clears what is right again:

    @check(
        "people.licence_ending",
        title=_("Licence ending"),
        says=_("The licence of %(name)s ends on %(until)s"),
        severity=Severity.MAJOR,
        source=_("…"),
        route="people:practitioner",
        parameters=(Parameter("days", "days", 60, _("Days before the end")),),
    )
    def licence_ending(question): ...

Whether a check runs in an alliance, its severity, its citation and its parameters are policy
settings (`check.<code>.…`), with default, source, effective date and history like all others.

A check is asked about many alliances at once, those whose numbers are the same: each row says of
which of them it is.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .choices import Severity
from .policy import Definition, PolicySet, define, policies_of

COLUMNS = ("alliance_id", "subject", "facet", "house_id", "due_on", "evidence")


@dataclass(frozen=True, slots=True)
class Question:
    """What a check is asked: alliances, a day, and the numbers in force for all of them on it.

    `settings` has the check's parameters by name, and the policies it `heeds` by key. What happened
    at `until` or later does not count: it is the end of the day, or the present moment where the
    day is not over.
    """

    alliance_ids: tuple[int, ...]
    on: date
    until: datetime
    settings: Mapping[str, Any]


def end_of(day: date) -> datetime:
    """The first moment after a day."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def question(setting: "InForce", *, alliance_ids: Collection[int], on: date) -> Question:
    """What a check as set, for all of these alliances alike, is asked about a day."""
    until = min(end_of(on), timezone.now())
    return Question(tuple(alliance_ids), on, until, setting.parameters)


Rows = Callable[[Question], "QuerySet[Any, dict[str, Any]]"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number of a check that an alliance may set; `kind` as in `policy.Definition`."""

    name: str
    kind: str
    default: int
    label: Any
    minimum: int = 0
    maximum: int = 10_000_000


@dataclass(frozen=True, slots=True)
class Check:
    """A registered check. `says` is one sentence with `%(…)s` for values of the evidence.

    `route` names the page of the thing itself, whose one argument is the subject. `heeds` are keys
    of policies that it asks for besides its own parameters. `rows` returns a `values()` query with
    the COLUMNS: which of the alliances asked about, the thing's public id, a facet that tells
    several findings about one thing apart (else ""), whose finding it is, by when it should be
    mended (or NULL), and what was seen, as a flat JSON object without patients' names.
    """

    code: str
    title: Any
    says: Any
    severity: Severity
    source: Any
    is_verified: bool
    route: str
    parameters: tuple[Parameter, ...]
    rows: Rows
    heeds: tuple[str, ...] = ()

    def key(self, name: str) -> str:
        """The policy key of one of its settings."""
        return f"check.{self.code}.{name}"

    def policy_keys(self) -> list[str]:
        """The policy keys of all that decides what it finds and how that is weighed."""
        own = ("on", "severity", "citation", *(one.name for one in self.parameters))
        return [*map(self.key, own), *self.heeds]


@dataclass(frozen=True, slots=True)
class InForce:
    """A check as an alliance has set it on a date."""

    check: Check
    is_on: bool
    severity: str
    citation: str
    parameters: Mapping[str, Any]

    @property
    def numbers(self) -> tuple[Any, ...]:
        """What decides which rows are found: alliances with the same are asked about together."""
        return tuple(sorted(self.parameters.items()))

    @property
    def cited(self) -> Any:
        """What findings refer to: the alliance's own citation, else the check's source."""
        return self.citation or self.check.source

    @property
    def label(self) -> str:
        """Its weight in words."""
        return str(Severity(self.severity).label)

    @property
    def shown(self) -> list[tuple[Any, Any]]:
        """Its parameters as (label, value)."""
        return [(one.label, self.parameters[one.name]) for one in self.check.parameters]


_checks: dict[str, Check] = {}


def check(
    code: str,
    *,
    title: Any,
    says: Any,
    severity: Severity,
    source: Any,
    route: str,
    is_verified: bool = False,
    parameters: tuple[Parameter, ...] = (),
    heeds: tuple[str, ...] = (),
) -> Callable[[Rows], Rows]:
    """Register the decorated query as a check; raises ValueError for a code used twice."""

    def register(rows: Rows) -> Rows:
        if code in _checks:
            raise ValueError(f"check {code} is defined twice")
        made = Check(
            code, title, says, severity, source, is_verified, route, parameters, rows, heeds
        )
        define(_definitions(made))
        _checks[code] = made
        return rows

    return register


def checks() -> Mapping[str, Check]:
    """All checks by code."""
    return _checks


def _definitions(made: Check) -> Iterator[Definition]:
    group = format_lazy(_("Check: {title}"), title=made.title)

    def setting(name: str, kind: str, default: Any, label: Any, **bounds: Any) -> Definition:
        return Definition(
            made.key(name), kind, default, label, group, made.source, made.is_verified, **bounds
        )

    yield setting("on", "boolean", True, _("Runs every night"))
    yield setting(
        "severity", "choice", made.severity.value, _("Severity"), choices=tuple(Severity.choices)
    )
    yield setting("citation", "text", "", _("Citation, where it is not the source"))
    for parameter in made.parameters:
        yield setting(
            parameter.name,
            parameter.kind,
            parameter.default,
            parameter.label,
            minimum=parameter.minimum,
            maximum=parameter.maximum,
        )


def in_force(*, alliance_id: int, on: date) -> dict[str, InForce]:
    """Every check by code, as the alliance has set it on a date; one query for all."""
    return in_force_of(alliance_ids=[alliance_id], on=on)[alliance_id]


def in_force_of(
    *, alliance_ids: Collection[int], on: date, codes: Collection[str] | None = None
) -> dict[int, dict[str, InForce]]:
    """Every check (or those named) by code, as each of many alliances has set it; one query."""
    wanted = [one for code, one in _checks.items() if codes is None or code in codes]
    keys = [key for one in wanted for key in one.policy_keys()]
    found = policies_of(alliance_ids=alliance_ids, on=on, keys=keys)
    return {pk: {one.code: _as_set(one, values) for one in wanted} for pk, values in found.items()}


def _as_set(one: Check, values: PolicySet) -> InForce:
    parameters = {each.name: values[one.key(each.name)] for each in one.parameters}
    return InForce(
        one,
        is_on=values[one.key("on")],
        severity=values[one.key("severity")],
        citation=values[one.key("citation")],
        parameters=parameters | {key: values[key] for key in one.heeds},
    )
