"""A repeating booking: what came of it, what it costs together, and cancelling what is left."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from alliance.core.forms import attempt

from .. import actions, policies, presenters
from ..choices import WAITING
from ..forms.series import SeriesCancelForm
from ..models import AgreedPrice, Booking, BookingRefusal, BookingSeries


@require_safe
def series(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What came of a repeating booking, time by time."""
    return _page(request, _visible(request, public_id), SeriesCancelForm())


@require_POST
def cancel(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give all back that has not begun, or from one of them on."""
    row = _visible(request, public_id)
    form = SeriesCancelForm(request.POST)
    given: dict[str, Any] = {"by": request.user, "at": timezone.now()}
    done: list[Booking] = []
    if not attempt(
        form,
        lambda: done.extend(actions.cancel_series(series=row, **given, **form.cleaned_data)),
    ):
        return _page(request, row, form)
    text = ngettext(
        "%(count)s booking is cancelled.", "%(count)s bookings are cancelled.", len(done)
    )
    messages.success(request, text % {"count": len(done)})
    return redirect("bookings:series", public_id=row.public_id)


def _page(request: HttpRequest, row: BookingSeries, form: SeriesCancelForm) -> HttpResponse:
    bookings = Booking.objects.visible_to(request.user).filter(series=row)
    refused = BookingRefusal.objects.visible_to(request.user).filter(series=row)
    rows = list(bookings.for_list().order_by("starts_at"))
    left = [one for one in rows if one.status in WAITING]
    context = {
        "series": row,
        "rows": presenters.rows(rows),
        "refused": [presenters.refused(one) for one in refused.order_by("starts_at")],
        "total": _total(request, row),
        "form": form,
        "left": len(left) if policies.may_book(request.user, row.institution_id) else 0,
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "bookings/series.html", context, status=status)


def _total(request: HttpRequest, row: BookingSeries) -> Decimal | None:
    """What was agreed for all that was not given back; None where nothing was."""
    agreed: Any = AgreedPrice.objects.visible_to(request.user).filter(line__booking__series=row)
    found: Decimal | None = agreed.filter(line__is_live=True).aggregate(sum=Sum("amount"))["sum"]
    return found


def _visible(request: HttpRequest, public_id: UUID) -> Any:
    return get_object_or_404(BookingSeries.objects.visible_to(request.user), public_id=public_id)
