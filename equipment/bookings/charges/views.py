"""The statement of a month, and putting a charge right."""

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
from alliance.core.listing import listing
from alliance.people.selectors import acting_institution

from ..models import Charge
from ..views.shared import look, tabs
from . import actions, policies, statements
from .filters import ChargeFilter
from .forms import CorrectForm, MonthForm


@require_safe
def statement(request: HttpRequest) -> HttpResponse:
    """What one's house owes and is owed for a month, use by use."""
    look(request)
    month = statements.month_of(request.GET.get("month", ""), today=timezone.localdate())
    house = acting_institution(request)
    today = timezone.localdate()
    rows: Any = Charge.objects.visible_to(request.user).in_month(month.first, month.next)
    asked = {name: request.GET.get(name, "") for name in ("partner", "search")}
    chosen = ChargeFilter(asked, queryset=rows)
    page = listing(request, chosen.qs.for_list(), ordering="-used_on")
    ours: dict[str, Any] = {
        "institution_id": house.pk if house else None,
        "month": month,
        "today": today,
    }
    whole = statements.statement(request.user, **ours)
    partner = chosen.form.cleaned_data.get("partner") if chosen.is_valid() else None
    context = {
        "is_last": month.next > today,
        "asked": asked,
        "partners": _partners(whole, house),
        "month": month,
        "house": house,
        "statement": statements.statement(request.user, **ours, partner=partner)
        if partner
        else whole,
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


def _partners(whole: statements.Statement, house: Any) -> list[tuple[str, str]]:
    """The houses one may choose between: id and name, each once."""
    own = house.public_id if house else None
    found: dict[Any, str] = {}
    for pair in whole.pairs:
        found |= {pair.payer_id: pair.payer, pair.payee_id: pair.payee}
    return sorted((str(pk), name) for pk, name in found.items() if pk != own)


@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Agree to what a month came to between two houses."""
    return _settle(request, actions.confirm_month, _("The month is confirmed."))


@require_POST
def paid(request: HttpRequest) -> HttpResponse:
    """Say that what both confirmed has been received."""
    return _settle(request, actions.mark_paid, _("The month is marked as paid."))


def _settle(request: HttpRequest, act: Any, done: str) -> HttpResponse:
    form = MonthForm(request.POST)
    if not form.is_valid():
        raise Http404
    asked = form.cleaned_data
    rows: Any = Charge.objects.visible_to(request.user).filter(
        alliance=asked["alliance"], payer__public_id=asked["payer"],
        payee__public_id=asked["payee"],
    )  # fmt: skip
    one = rows.select_related("alliance", "payer", "payee").order_by("-used_on").first()
    if one is None:
        raise Http404
    first = asked["month"].replace(day=1)
    act(
        alliance=one.alliance, payer=one.payer, payee=one.payee, month=first,
        total=asked["total"], by=request.user, at=timezone.now(),
    )  # fmt: skip
    messages.success(request, done)
    return redirect(f"{reverse('bookings:statement')}?month={first:%Y-%m}")
