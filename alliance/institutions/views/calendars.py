"""An institution's own hours, and its exceptions from the working calendar."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from alliance.core.forms import create, posted

from .. import actions, policies
from ..forms import CalendarForm, HoursForm
from ..models import CalendarDay, Institution
from ..pages import directory as pages
from .directory import visible


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The weeks ahead as they will be counted, the exceptions, and a form to add some."""
    institution = visible(request, public_id)
    form = CalendarForm(posted(request))
    if request.method == "POST":
        policies.insist(policies.may_edit_institution(request.user, institution))
        here = reverse("institutions:calendar", args=[public_id])

        def act() -> str:
            actions.add_calendar_days(institution=institution, by=request.user, **form.values)
            return here

        if create(form, scope=f"calendar:{request.user.pk}", act=act) is not None:
            return redirect(here)
    return _page(request, institution, form)


def _page(
    request: HttpRequest,
    institution: Institution,
    form: CalendarForm,
    hours_form: HoursForm | None = None,
) -> HttpResponse:
    today = timezone.localdate()
    context = pages.calendar(institution, user=request.user, on=today)
    context["hours_form"] = hours_form or HoursForm(
        initial={**context["hours_now"], "effective_from": today}
    )
    status = 422 if form.errors or context["hours_form"].errors else 200
    context["form"] = form
    return TemplateResponse(request, "institutions/calendar.html", context, status=status)


@require_POST
def hours(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Count by the institution's own hours from a day on."""
    institution = visible(request, public_id)
    policies.insist(policies.may_edit_institution(request.user, institution))
    form = HoursForm(posted(request))
    here = reverse("institutions:calendar", args=[public_id])

    def act() -> str:
        actions.set_own_hours(institution=institution, by=request.user, **form.values)
        return here

    if create(form, scope=f"hours:{request.user.pk}", act=act) is not None:
        messages.success(request, _("The hours are set; running clocks keep their due time."))
        return redirect(here)
    return _page(request, institution, CalendarForm(), form)


@require_POST
def end_hours(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Count by the alliance's hours again from today."""
    institution = visible(request, public_id)
    try:
        actions.end_own_hours(
            institution=institution,
            effective_from=timezone.localdate(),
            reason=request.POST.get("reason", ""),
            by=request.user,
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The hours of the alliance count again."))
    return redirect("institutions:calendar", public_id=public_id)


@require_POST
def remove(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """Take an exception back."""
    institution = visible(request, public_id)
    day = get_object_or_404(
        CalendarDay.objects.visible_to(request.user), institution=institution, pk=pk
    )
    actions.remove_calendar_day(calendar_day=day, by=request.user)
    return redirect("institutions:calendar", public_id=public_id)
