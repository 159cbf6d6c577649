"""What the pages of exams show."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.core.policy import policies as settings
from alliance.institutions.models import Alliance, Membership
from alliance.people.models import Practitioner

from . import policies, presenters, rules, selectors
from .choices import Standing
from .models import Attempt, Exam, ExamResult, Retraining, Station, StationResult

_EXAM_DEFAULTS = ("pass_mark", "attempts_allowed", "wait_days", "minutes", "draw_count")


def tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """The pages about exams, those that concern the user."""
    keeps = policies.maintains_any(request.user)
    pages = [
        ("exams:list", _("Exams"), True),
        ("exams:stations", _("Stations"), True),
        ("exams:results", _("Results"), True),
        ("exams:station_results", _("Station results"), True),
        ("exams:retrainings", _("Retrainings"), True),
        ("exams:banks", _("Question banks"), keeps),
    ]
    shown = [(reverse(route), label) for route, label, ok in pages if ok]
    return [{"label": label, "url": url, "active": request.path == url} for url, label in shown]


def practitioner_of(user: Any) -> int | None:
    """Whose exams the user takes: one's own as a practitioner, or nobody's."""
    learns = Permission.LEARNING_OWN in access_of(user).everywhere()
    return user.practitioner_id if learns else None


def exam_rows(user: Any, exams: list[Exam], *, on: date) -> list[presenters.Row]:
    """Exams as a list shows them, those that wait for the reader on top."""
    pk = practitioner_of(user)
    known = selectors.records(exams, practitioner_id=pk, on=on) if pk else {}
    return presenters.sorted_rows(
        presenters.exam_row(exam, known.get(exam.pk), on=on) for exam in exams
    )


def exam(request: HttpRequest, one: Exam) -> dict[str, Any]:
    """One exam: its terms, what the reader did about it, and what may be done now."""
    user, today = request.user, timezone.localdate()
    (row,) = exam_rows(user, [one], on=today)
    attempts = list(
        Attempt.objects.visible_to(user)
        .filter(exam=one)
        .select_related("result")
        .order_by("-number")[:20]
    )
    running = next((attempt for attempt in attempts if attempt.submitted_at is None), None)
    return {
        "exam": one,
        "row": row,
        "running": running,
        "attempts": [attempt for attempt in attempts if attempt.submitted_at is not None],
        "may_start": one.is_active and row.standing == Standing.MAY_START,
        "may_edit": policies.may_maintain(user, one.alliance_id),
        "may_record": not one.is_online and policies.may_assess(user),
        "may_learn": practitioner_of(user) is not None,
        "learns": Permission.LEARNING_OWN in access_of(user).everywhere(),
    }


def sitting(attempt: Attempt, *, page: str, left: list[int]) -> dict[str, Any]:
    """An attempt as it is sat: nothing here says what is right."""
    paper = presenters.paper(attempt)
    return {
        "attempt": attempt,
        "exam": attempt.exam,
        "paper": paper,
        "answered": sum(question["answered"] for question in paper),
        "page": page,
        "left": left,
        "over": timezone.now() >= attempt.due_at,
    }


def corrected(attempt: Attempt) -> dict[str, Any]:
    """An attempt that has ended, with what was right and why."""
    paper = presenters.corrected(attempt)
    return {
        "attempt": attempt,
        "exam": attempt.exam,
        "result": attempt.result,
        "paper": paper,
        "right": sum(question["right"] for question in paper),
    }


def exam_defaults(alliance: Alliance) -> dict[str, Any]:
    """What a new exam begins with."""
    values = settings(alliance_id=alliance.pk, on=timezone.localdate(), prefix="exam.")
    return {name: values[f"exam.{name}"] for name in _EXAM_DEFAULTS}


def trainees(user: Any) -> QuerySet[Practitioner]:
    """Whose results the user may enter: practitioners of the members of one's alliances."""
    today = timezone.localdate()
    members = Membership.objects.in_force(today).filter(
        alliance__in=policies.assesses(user, on=today)
    )
    found: QuerySet[Practitioner] = Practitioner.objects.visible_to(user).filter(
        is_active=True, institution__in=members.values("institution")
    )
    return found.exclude(pk=user.practitioner_id) if user.practitioner_id else found


def learner(request: HttpRequest, person: Practitioner) -> dict[str, Any]:
    """How far one practitioner is: exams, stations, what is owed."""
    user: Any = request.user
    today = timezone.localdate()
    house = Membership.objects.in_force(today).filter(institution=person.institution_id)
    alliances = list(house.values_list("alliance_id", flat=True))
    exams = list(
        Exam.objects.visible_to(user)
        .filter(alliance__in=alliances, is_active=True)
        .for_list()
        .order_by("name")[:100]
    )
    known = selectors.records(exams, practitioner_id=person.pk, on=today)
    stations = Station.objects.visible_to(user).filter(alliance__in=alliances, is_active=True)
    facts = selectors.station_facts([person.pk], on=today).get(person.pk, {})
    rows = [presenters.exam_row(exam, known[exam.pk], on=today) for exam in exams]
    year, quarter = rules.quarter_of(today)
    return {
        "person": person,
        "rows": presenters.sorted_rows(rows),
        "stations": presenters.station_rows(stations.order_by("order", "pk"), facts),
        "results": ExamResult.objects.visible_to(user)
        .filter(practitioner=person)
        .for_list()
        .order_by("-held_on", "-pk")[:20],
        "retrainings": Retraining.objects.visible_to(user)
        .filter(practitioner=person)
        .for_list()
        .order_by("-due_on")[:10],
        "quarter": {"year": year, "quarter": quarter},
        "skills": selectors.skills_standing([person.pk], year=year, quarter=quarter).get(person.pk),
        "may_assess": policies.may_assess(user) and person.pk != user.practitioner_id,
        "used_up": [row.exam.pk for row in rows if row.standing == Standing.USED_UP],
        "today": today,
    }


def may_void(user: Any, result: ExamResult | StationResult) -> bool:
    """Whether the page of a result offers to take it back."""
    if result.voided_at is not None or result.practitioner_id == user.practitioner_id:
        return False
    if isinstance(result, ExamResult) and result.attempt_id is not None:
        return policies.may_maintain(user, result.alliance_id)
    return result.alliance_id in policies.assesses(user, on=timezone.localdate())


def retraining(request: HttpRequest, row: Retraining) -> dict[str, Any]:
    """One retraining: its cause, and whether the reader may confirm it."""
    user: Any = request.user
    today = timezone.localdate()
    owed = row.done_on is None and row.cause.voided_at is None
    own = row.practitioner_id == user.practitioner_id
    return {
        "row": row,
        "facts": presenters.retraining_facts(row),
        "owed": owed,
        "late": owed and row.due_on < today,
        "may_finish": owed and not own and row.alliance_id in policies.assesses(user, on=today),
    }


def watched_over(user: Any) -> QuerySet[Practitioner]:
    """Practitioners whose learning the user may see: one's own, one's house's, one's alliance's."""
    access = access_of(user)
    members = Membership.objects.in_force(timezone.localdate()).filter(
        alliance__in=access.alliances_with(Permission.TRAINING_VIEW)
    )
    mine = Q(institution__in=members.values("institution"))
    mine |= Q(institution__in=access.institutions_with(Permission.TRAINING_VIEW))
    if (pk := practitioner_of(user)) is not None:
        mine |= Q(pk=pk)
    found: QuerySet[Practitioner] = Practitioner.objects.visible_to(user).filter(mine)
    return found


def named(rows: QuerySet[Practitioner], text: str) -> QuerySet[Practitioner]:
    """Those whose name, initials or licence number fit what was typed."""
    if not text:
        return rows
    return rows.filter(
        Q(name__icontains=text)
        | Q(pinyin__startswith=text.lower())
        | Q(licence_number__iexact=text)
    )


def asked_for(request: HttpRequest, name: str, rows: QuerySet[Any]) -> dict[str, Any]:
    """What the address says the form begins with: `?exam=…` or `?station=…`, and `?on=`."""
    asked = _Asked(request.GET)
    if not asked.is_valid():
        return {}
    found = {"held_on": asked.cleaned_data["on"]} if asked.cleaned_data["on"] else {}
    if pk := asked.cleaned_data[name]:
        found[name] = rows.filter(public_id=pk).first()
    if pk := asked.cleaned_data["practitioner"]:
        found["practitioner"] = trainees(request.user).filter(public_id=pk).first()
    return found


class _Asked(forms.Form):
    """What an address may name."""

    on = forms.DateField(required=False)
    exam = forms.UUIDField(required=False)
    station = forms.UUIDField(required=False)
    practitioner = forms.UUIDField(required=False)


def address(route: str) -> str:
    """A page without arguments."""
    return reverse(route)


def act_on(result: ExamResult | StationResult, act: str) -> str:
    """The address of an act on a result."""
    kind = "result" if isinstance(result, ExamResult) else "station"
    return reverse(f"exams:{kind}_{act}", args=[result.public_id])


def list_of(result: ExamResult | StationResult) -> str:
    """The list that a result stands in."""
    kind = "results" if isinstance(result, ExamResult) else "station_results"
    return reverse(f"exams:{kind}")
