"""Scheduled checks on programmes."""

from datetime import date, timedelta
from typing import Any

from django.db.models import (
    CharField,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Greatest, JSONObject, Least
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Severity
from alliance.core.compliance import COLUMNS, Parameter, Question, check
from alliance.core.policy import PLATFORM
from training.courses.models import HoursEntry
from training.exams.models import ExamResult, StationResult
from training.logbook.models import Case

from .choices import EventKind, Need, StageKind
from .models import Enrolment, EnrolmentEvent, SignOff, Stage, StageRequirement

_PLAN = _("Plan of the alliance for promoting minimally invasive surgery")


def _then(question: Question) -> QuerySet[Any]:
    """Enrolments that went on at the end of a day."""
    return Enrolment.objects.filter(
        Q(ended_on=None) | Q(ended_on__gt=question.on),
        alliance__in=question.alliance_ids,
        started_on__lte=question.on,
    )


def _columns(rows: QuerySet[Any], **evidence: Any) -> QuerySet[Any, dict[str, Any]]:
    return rows.annotate(
        subject=Cast("public_id", CharField()),
        facet=Value(""),
        house_id=F("institution_id"),
        due_on=Value(None, output_field=DateField(null=True)),
        evidence=JSONObject(name="practitioner__name", programme="programme__name", **evidence),
    ).values(*COLUMNS)


@check(
    "programmes.out_of_order",
    title=_("Clinic before simulation, or simulation before theory"),
    says=_(
        "%(name)s went ahead on %(seen_on)s before the stages before it were passed: %(programme)s"
    ),
    severity=Severity.CRITICAL,
    source=_PLAN,
    route="programmes:enrolment",
)
def out_of_order(question: Question) -> QuerySet[Any, dict[str, Any]]:
    """Doctors who went ahead since they are enrolled: operated too early, or simulated too early.

    It is time for the clinic from the day on which the last stage before it was passed, and for
    the stations and animal cases that a simulation stage asks for from the day on which the theory
    before it was.
    """
    simulated = Stage.objects.filter(
        version=OuterRef("version"), kind=StageKind.SIMULATION, order__lt=OuterRef("order")
    )
    before = ~Q(kind__in=(StageKind.CLINICAL, StageKind.ASSESSMENT))
    theory = Q(~Exists(simulated), kind=StageKind.THEORY)
    rows = _then(question).annotate(clinic_from=_passed(before), simulation_from=_passed(theory))
    rows = rows.annotate(
        operated_on=Subquery(_first_case(question)), simulated_on=Subquery(_first_station(question))
    )
    rows = rows.filter(Q(operated_on__isnull=False) | Q(simulated_on__isnull=False))
    # LEAST leaves NULL out.
    found = rows.annotate(seen_on=Least("operated_on", "simulated_on"))
    return _columns(found, seen_on="seen_on", technique="technique__name")


def _passed(which: Q) -> Subquery:
    """The day on which the last of these stages was passed: never, where one is not."""
    passed = EnrolmentEvent.objects.filter(
        enrolment=OuterRef(OuterRef("pk")), kind=EventKind.STAGE_PASSED, stage=OuterRef("pk")
    )
    never = Value(date.max, output_field=DateField())
    stages = Stage.objects.filter(which, version=OuterRef("programme_version"))
    days = stages.annotate(day=Coalesce(Subquery(passed.values("on")[:1]), never))
    return Subquery(days.order_by("-day").values("day")[:1])


def _first_case(question: Question) -> QuerySet[Any]:
    """The day of the first confirmed case of the technique since the enrolment, and too early."""
    cases = Case.objects.confirmed().filter(
        operator=OuterRef("practitioner"),
        technique=OuterRef("technique"),
        performed_on__gte=OuterRef("started_on"),
        performed_on__lte=question.on,
        performed_on__lt=OuterRef("clinic_from"),
    )
    return cases.order_by("performed_on", "pk").values("performed_on")[:1]


def _first_station(question: Question) -> QuerySet[Any]:
    """The same of results at the stations that the simulation of the programme asks for."""
    asked = StageRequirement.objects.filter(
        stage__version=OuterRef(OuterRef("programme_version")),
        stage__kind=StageKind.SIMULATION,
        kind__in=(Need.STATION, Need.ANIMAL_CASES),
    )
    results = StationResult.objects.counting(question.on).filter(
        practitioner=OuterRef("practitioner"),
        held_on__gte=OuterRef("started_on"),
        held_on__lt=OuterRef("simulation_from"),
        station__code__in=asked.values("station_code"),
    )
    return results.order_by("held_on", "pk").values("held_on")[:1]


@check(
    "programmes.stuck",
    title=_("Programme stuck"),
    says=_("%(name)s has not moved in %(programme)s since %(moved_on)s"),
    severity=Severity.MINOR,
    source=PLATFORM,
    route="programmes:enrolment",
    parameters=(Parameter("days", "days", 90, _("Days without anything new"), minimum=1),),
)
def stuck(question: Question) -> QuerySet[Any, dict[str, Any]]:
    """Doctors for whom nothing that could count has happened for a while."""
    last = question.on - timedelta(days=question.settings["days"])
    person = {"practitioner": OuterRef("practitioner")}
    moved = Greatest(
        F("started_on"),
        _newest(EnrolmentEvent, "on", question, enrolment=OuterRef("pk")),
        _newest(SignOff, "on", question, enrolment=OuterRef("pk")),
        _newest(ExamResult, "held_on", question, voided_at=None, **person),
        _newest(StationResult, "held_on", question, voided_at=None, **person),
        _newest(HoursEntry, "on", question, **person),
        _newest(Case, "performed_on", question, operator=OuterRef("practitioner")),
    )
    # What began after that day cannot be stuck on this one: an index finds the others.
    rows = _then(question).filter(started_on__lte=last).annotate(moved_on=moved)
    return _columns(rows.filter(moved_on__lte=last), moved_on="moved_on")


def _newest(model: Any, day: str, question: Question, **whose: Any) -> Coalesce:
    """The last day of something by the day asked about; the year 1 where there is none."""
    rows = model.objects.filter(**whose, **{f"{day}__lte": question.on})
    newest = rows.order_by(f"-{day}").values(day)[:1]
    return Coalesce(Subquery(newest), Value(date.min, output_field=DateField()))
