"""The keeper's pages: requests to answer, and the day of one's devices."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from alliance.core.days import is_plausible
from alliance.core.filters import day_begins, day_ends
from alliance.core.listing import listing

from .. import consequences, policies, presenters, selectors
from ..choices import Status
from ..forms.book import ReasonForm
from ..models import Booking
from .shared import tabs


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Requests that wait for one's approval, the soonest first."""
    policies.insist(policies.keeps_any(request.user))
    rows = Booking.objects.visible_to(request.user).waiting_for(request.user)
    page = listing(request, rows.for_list(), ordering="starts_at")
    context = {
        "rows": presenters.rows(page.rows),
        "listing": page,
        "form": ReasonForm(),
        "tabs": tabs(request),
    }
    return TemplateResponse(request, "bookings/inbox.html", context)


@require_safe
def missed(request: HttpRequest) -> HttpResponse:
    """Bookings of one's devices that were missed or cancelled too late, to be excused from here."""
    policies.insist(policies.keeps_any(request.user))
    rows = Booking.objects.visible_to(request.user).of_devices_kept_by(request.user).counting()
    page = listing(request, rows.for_list(), ordering="-starts_at")
    context = {
        "rows": presenters.rows(page.rows),
        "listing": page,
        "form": ReasonForm(),
        "tabs": tabs(request),
    }
    return TemplateResponse(request, "bookings/missed.html", context)


@require_safe
def day(request: HttpRequest) -> HttpResponse:
    """Who has which of one's devices on a day: in use, to come, given back."""
    policies.insist(policies.keeps_any(request.user))
    on = _day(request)
    rows: Any = Booking.objects.visible_to(request.user).of_devices_kept_by(request.user)
    found = list(
        rows.meeting(day_begins(on), day_ends(on)).live().for_list().order_by("starts_at", "pk")
    )
    ids = {line.device_id for row in found for line in row.lines.all()}
    left = selectors.last_conditions(ids)
    context = {
        "day": on,
        "previous": on - timedelta(days=1),
        "next": on + timedelta(days=1),
        "groups": [
            (
                status,
                Status(status).label,
                [_shown(row, left) for row in found if row.status == status],
            )
            for status in (Status.IN_USE, Status.CONFIRMED, Status.REQUESTED, Status.COMPLETED)
        ],
        "not_before": consequences.not_before(found, timezone.now()),
        "count": len(found),
        "is_today": on == timezone.localdate(),
        "tabs": tabs(request),
    }
    return TemplateResponse(request, "bookings/day.html", context)


def _shown(row: Booking, left: Any) -> dict[str, Any]:
    is_over = row.status == Status.IN_USE and row.ends_at <= timezone.now()
    conditions = presenters.conditions(row, left)
    return {"row": presenters.row(row), "left": conditions, "is_over": is_over}


def _day(request: HttpRequest) -> date:
    """The day in the address; anything else means today."""
    try:
        asked = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return timezone.localdate()
    return asked if is_plausible(asked) else timezone.localdate()
