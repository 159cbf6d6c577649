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
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .choices import Severity
from .policy import Definition, define, policies

COLUMNS = ("subject", "facet", "house_id", "due_on", "evidence")


@dataclass(frozen=True, slots=True)
class Question:
    """What a check is asked: an alliance, a day, and the check's parameters in force on it.

    What happened at `until` or later does not count: it is the end of the day, or the present
    moment where the day is not over.
    """

    alliance_id: int
    on: date
    until: datetime
    settings: Mapping[str, Any]


def end_of(day: date) -> datetime:
    """The first moment after a day."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def question(setting: "InForce", *, alliance_id: int, on: date) -> Question:
    """What a check as set is asked about a day."""
    until = min(end_of(on), timezone.now())
    return Question(alliance_id, on, until, setting.parameters)


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

    `route` names the page of the thing itself, whose one argument is the subject. `rows` returns a
    `values()` query with the COLUMNS: the thing's public id, a facet that tells several findings
    about one thing apart (else ""), whose finding it is, by when it should be mended (or NULL), and
    what was seen, as a flat JSON object without patients' names.
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

    def key(self, name: str) -> str:
        """The policy key of one of its settings."""
        return f"check.{self.code}.{name}"


@dataclass(frozen=True, slots=True)
class InForce:
    """A check as an alliance has set it on a date."""

    check: Check
    is_on: bool
    severity: str
    citation: str
    parameters: Mapping[str, Any]

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
) -> Callable[[Rows], Rows]:
    """Register the decorated query as a check; raises ValueError for a code used twice."""

    def register(rows: Rows) -> Rows:
        if code in _checks:
            raise ValueError(f"check {code} is defined twice")
        made = Check(code, title, says, severity, source, is_verified, route, parameters, rows)
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
    values = policies(alliance_id=alliance_id, on=on, prefix="check.")
    return {
        code: InForce(
            one,
            is_on=values[one.key("on")],
            severity=values[one.key("severity")],
            citation=values[one.key("citation")],
            parameters={each.name: values[one.key(each.name)] for each in one.parameters},
        )
        for code, one in _checks.items()
    }
