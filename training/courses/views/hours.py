"""The ledger of education hours: my own, those of my staff, and what waits to be confirmed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.core.forms import attempt, posted
from alliance.core.listing import chips, listing
from alliance.institutions.selectors import alliances_of
from alliance.people.models import Practitioner

from .. import actions, downloads, policies, presenters
from ..filters import HoursFilter
from ..forms import ClaimForm, ReasonForm
from ..models import HoursEntry
from .shared import created, form_page, learner, show


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """My hours, and how my year stands."""
    return _of(request, learner(request))


@require_safe
def of(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The hours of somebody one looks after."""
    policies.insist(policies.may_look(request.user))
    people = Practitioner.objects.visible_to(request.user).select_related("institution")
    person = get_object_or_404(people, public_id=public_id)
    if not policies.may_see_hours(request.user, person):
        raise Http404
    return _of(request, person)


def _of(request: HttpRequest, person: Practitioner) -> HttpResponse:
    today = timezone.localdate()
    rows = HoursEntry.objects.visible_to(request.user).for_list().filter(practitioner=person)
    page = listing(request, rows, ordering="-on")
    alliance = next(iter(alliances_of(person.institution_id, on=today)), None)
    context = {
        "person": person,
        "is_own": policies.is_own(request.user, person),
        "year": presenters.year(person, on=today, alliance_id=alliance.pk if alliance else None),
        "rows": presenters.entry_rows(page.rows, request.user),
        "listing": page,
    }
    return show(request, "hours", context)


@require_safe
def house(request: HttpRequest) -> HttpResponse:
    """Hours of the staff one looks after, those to be confirmed marked."""
    policies.insist(policies.may_oversee(request.user))
    rows = HoursEntry.objects.visible_to(request.user).for_list()
    found = HoursFilter(request.GET, queryset=rows, request=request)
    page = listing(request, found.qs if found.is_valid() else rows.none(), ordering="-on")
    context = {
        "rows": presenters.entry_rows(page.rows, request.user),
        "listing": page,
        "filter": found,
        "chips": chips(request, found.form),
        "waiting": presenters.waiting_for(request.user),
        "may_import": bool(policies.houses_kept(request.user)),
    }
    return show(request, "hours_house", context, status=200 if found.is_valid() else 422)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter hours from elsewhere."""
    kept = bool(policies.houses_kept(request.user))
    person = presenters.learner(request.user) if kept else learner(request)
    form = ClaimForm(posted(request), request.FILES or None, user=request.user)

    def act() -> str:
        values: dict[str, Any] = form.values
        whom: Practitioner = values.pop("practitioner", None) or learner(request)
        entry = actions.claim_hours(practitioner=whom, by=request.user, **values)
        own = policies.is_own(request.user, entry.practitioner)
        return reverse("courses:hours" if own else "courses:hours_house")

    answer = created(request, form, "hours", act, _("The hours are entered."))
    back = reverse("courses:hours" if person else "courses:hours_house")
    more = {"multipart": True, "note": _("Your house looks at the evidence; then they count.")}
    return answer or form_page(request, form, _("Hours from elsewhere"), back, **more)


@require_POST
def confirm(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The evidence holds."""
    actions.confirm_hours(entry=_seen(request, public_id), by=request.user)
    messages.success(request, _("The hours count."))
    return redirect(f"{reverse('courses:hours_house')}?status=waiting")


@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The hours do not count, and why."""
    entry = _seen(request, public_id)
    policies.insist(policies.keeps_house(request.user, entry.institution_id))
    form, back = ReasonForm(posted(request)), f"{reverse('courses:hours_house')}?status=waiting"

    def act() -> object:
        reason = form.cleaned_data["reason"]
        return actions.refuse_hours(entry=entry, by=request.user, reason=reason)

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("The person is told why."))
        return redirect(back)
    title = _("Do not count: %(title)s") % {"title": entry.title}
    context = {"form": form, "title": title, "back_url": back, "act": _("Do not count")}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "courses/form.html", context, status=status)


@require_safe
def evidence(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The certificate, as a download."""
    entry = _seen(request, public_id)
    if not entry.evidence:
        raise Http404
    return downloads.download(  # type: ignore[return-value]
        entry.evidence, name=entry.evidence_name, content_type=entry.evidence_type
    )


def _seen(request: HttpRequest, public_id: UUID) -> HoursEntry:
    policies.insist(policies.may_look(request.user))
    rows = HoursEntry.objects.visible_to(request.user).for_list()
    found: HoursEntry = get_object_or_404(rows, public_id=public_id)
    return found
