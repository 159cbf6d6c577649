"""Learning curves, and what is decided about their signals."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from alliance.catalogue.models import Technique
from alliance.core.forms import attempt, posted
from alliance.core.listing import chips, listing
from alliance.institutions.selectors import alliances_of
from alliance.people.models import Practitioner

from .. import actions, charts, curves, policies, rules, standings
from ..filters import ReviewFilter
from ..forms import DecisionForm
from ..models import Case, CurveReview
from .shared import tabs


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Where everybody stands whose curves one may see: one's own, or those of one's staff."""
    policies.insist(policies.may_open(request.user))
    rows = standings.of_staff(request.user, on=timezone.localdate())
    return TemplateResponse(request, "logbook/curves.html", {"rows": rows, "tabs": tabs(request)})


@require_safe
def curve(request: HttpRequest, public_id: UUID, code: str) -> HttpResponse:
    """One practitioner's curve with one technique, and what it means."""
    people = Practitioner.objects.visible_to(request.user).select_related("institution")
    person = get_object_or_404(people, public_id=public_id)
    technique = get_object_or_404(Technique.objects.visible_to(request.user), code=code)
    today = timezone.localdate()
    joined = [one.pk for one in alliances_of(person.institution_id, on=today)]
    policies.insist(policies.may_see_curve(request.user, person, joined))
    drawn = curves.draw(
        practitioner_id=person.pk,
        technique_id=technique.pk,
        alliance_id=joined[0] if joined else 0,
        on=today,
    )
    cases = Case.objects.visible_to(request.user).in_bulk(drawn.cases.case_ids)
    reviews = CurveReview.objects.visible_to(request.user).for_list()
    context = {
        "person": person,
        "technique": technique,
        "drawn": drawn,
        "chart": charts.chart(drawn),
        "meaning": charts.meaning(drawn),
        "facts": charts.facts(drawn),
        "points": charts.points(drawn, cases),
        "reviews": reviews.filter(practitioner=person, technique=technique).order_by("-opened_at"),
    }
    return TemplateResponse(request, "logbook/curve.html", context)


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """Signals, the gravest and newest first; those that wait unless others are asked for."""
    policies.insist(policies.may_open(request.user))
    asked = request.GET.copy()
    asked.setdefault("is_open", "true")
    rows = CurveReview.objects.visible_to(request.user).for_list().by_gravity()
    found = ReviewFilter(asked, queryset=rows, request=request)
    page = listing(request, found.qs if found.is_valid() else rows.none(), ordering="-gravity")
    context = {
        "listing": page,
        "filter": found,
        "chips": chips(request, found.form),
        "tabs": tabs(request),
    }
    return TemplateResponse(request, "logbook/reviews.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One signal: the curve as it stands, and the decision."""
    rows = CurveReview.objects.visible_to(request.user).for_list()
    found: CurveReview = get_object_or_404(rows, public_id=public_id)
    start = {"version": found.version}
    form = DecisionForm(posted(request), initial=start, decisions=rules.DECISIONS[found.cause])
    if request.method == "POST":
        policies.insist(policies.may_decide(request.user, found))
        if attempt(
            form,
            lambda: actions.decide_review(review=found, by=request.user, **form.cleaned_data),
        ):
            messages.success(request, _("Decided. The curve goes on from there."))
            return redirect(found)
    drawn = curves.draw(
        practitioner_id=found.practitioner_id,
        technique_id=found.technique_id,
        alliance_id=found.alliance_id,
        on=timezone.localdate(),
    )
    context: dict[str, Any] = {
        "review": found,
        "form": form,
        "chart": charts.chart(drawn),
        "meaning": charts.meaning(drawn),
        "may_decide": found.decided_at is None and policies.may_decide(request.user, found),
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "logbook/review.html", context, status=status)
