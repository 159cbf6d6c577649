"""The statement of a month, and putting a charge right."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from alliance.core.forms import attempt, posted
from alliance.core.listing import listing
from alliance.people.selectors import acting_institution

from ..models import Charge
from ..views.shared import look, tabs
from . import actions, policies, statements
from .forms import CorrectForm


@require_safe
def statement(request: HttpRequest) -> HttpResponse:
    """What one's house owes and is owed for a month, use by use."""
    look(request)
    month = statements.month_of(request.GET.get("month", ""), today=timezone.localdate())
    house = acting_institution(request)
    rows = Charge.objects.visible_to(request.user).in_month(month.first, month.next)
    page = listing(request, rows.for_list(), ordering="-used_on")
    context = {
        "month": month,
        "house": house,
        "statement": statements.statement(
            request.user, institution_id=house.pk if house else None, month=month
        ),
        "listing": page,
        "correctable": {row.pk for row in page.rows if policies.may_correct(request.user, row)},
        "tabs": tabs(request),
    }
    return TemplateResponse(request, "bookings/statement.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Set a charge to another amount, with the reason."""
    rows = Charge.objects.visible_to(request.user).for_list()
    charge: Any = get_object_or_404(rows, public_id=public_id)
    policies.insist(policies.may_correct(request.user, charge))
    form = CorrectForm(posted(request), initial={"version": charge.version})
    if request.method == "POST" and attempt(
        form,
        lambda: actions.correct_charge(charge=charge, by=request.user, **form.cleaned_data),
    ):
        messages.success(request, _("The charge is corrected."))
        return redirect(f"{reverse('bookings:statement')}?month={charge.used_on:%Y-%m}")
    status = 422 if form.errors else 200
    context = {"charge": charge, "form": form}
    return TemplateResponse(request, "bookings/charge.html", context, status=status)
