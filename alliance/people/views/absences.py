"""When a practitioner does not work: noted and ended by the institution's administrator."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from alliance.core.forms import create, posted

from .. import actions, policies
from ..forms import AbsenceForm
from ..models import Absence, Practitioner


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Absences of one practitioner, the newest first, and a new one."""
    people = Practitioner.objects.visible_to(request.user).select_related("institution")
    person: Practitioner = get_object_or_404(people, public_id=public_id)
    policies.insist(policies.may_keep_staff(request.user, person.institution_id))
    here = reverse("people:practitioner_absences", args=[person.public_id])
    form = AbsenceForm(posted(request))

    def act() -> str:
        actions.add_absence(practitioner=person, by=request.user, **form.values)
        return here

    if request.method == "POST":
        url = create(form, scope=f"absence:{request.user.pk}", act=act)
        if url is not None:
            messages.success(request, _("The absence is noted."))
            return redirect(url)
    return _page(request, person, form)


def _page(request: HttpRequest, person: Practitioner, form: AbsenceForm) -> HttpResponse:
    rows = Absence.objects.visible_to(request.user).filter(practitioner=person)
    context = {
        "practitioner": person,
        "absences": rows.order_by("-valid_from")[:50],
        "form": form,
        "today": timezone.localdate(),
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "people/absences.html", context, status=status)


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody is back today, or does not go at all."""
    rows = Absence.objects.visible_to(request.user).select_related("practitioner")
    absence: Absence = get_object_or_404(rows, pk=pk)
    actions.end_absence(absence=absence, by=request.user)
    messages.success(request, _("The absence has ended."))
    return redirect("people:practitioner_absences", absence.practitioner.public_id)
