"""The plan of a year: who is away when, what counts, who still owes a rotation."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from alliance.core.listing import listing
from alliance.people.models import Practitioner

from .. import policies, selectors
from ..filters import YearFilter
from ..models import Posting
from ..presenters import postings as present
from .shared import look, tabs


@require_safe
def year(request: HttpRequest) -> HttpResponse:
    """The postings of a year as bars through its months, and what they add up to."""
    look(request)
    today = timezone.localdate()
    number = YearFilter.read(request.GET, default=today.year)
    rows = Posting.objects.visible_to(request.user).planned_or_served().in_year(number).for_list()
    page = listing(request, rows, ordering="-valid_from")
    context = {
        "year": number,
        "months": range(1, 13),
        "rows": [present.year_row(one, number) for one in page.rows],
        "listing": page,
        "indicator": selectors.indicator(request.user, year=number, on=today),
        "owing": selectors.owing(request.user, on=today),
        "may_plan": policies.may_plan(request.user),
        "tabs": tabs(request),
    }
    return TemplateResponse(request, "mentoring/year.html", context)


@require_safe
def mentor_of(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The mentorships of one mentor: where a finding about too many mentees leads."""
    look(request)
    people = Practitioner.objects.visible_to(request.user)
    person = get_object_or_404(people, public_id=public_id)
    return redirect(f"{reverse('mentoring:mentorships')}?mentor={person.public_id}")


@require_safe
def rotations_of(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The postings of one practitioner: where a finding about a rotation leads."""
    look(request)
    people = Practitioner.objects.visible_to(request.user)
    person = get_object_or_404(people, public_id=public_id)
    return redirect(f"{reverse('mentoring:postings')}?practitioner={person.public_id}")
