"""An institution's own exceptions from the working calendar."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from alliance.core.forms import create, posted

from .. import actions, policies
from ..forms import CalendarForm
from ..models import CalendarDay
from ..pages import directory as pages
from .directory import form_page, visible


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
    context = pages.calendar(institution, user=request.user, on=timezone.localdate())
    return form_page(request, form, context, "institutions/calendar.html")


@require_POST
def remove(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """Take an exception back."""
    institution = visible(request, public_id)
    day = get_object_or_404(
        CalendarDay.objects.visible_to(request.user), institution=institution, pk=pk
    )
    actions.remove_calendar_day(calendar_day=day, by=request.user)
    return redirect("institutions:calendar", public_id=public_id)
