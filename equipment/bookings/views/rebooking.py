"""Exchanging a booking for another time or device, and the page of what was refused."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from equipment.devices.models import Device

from .. import actions, policies, presenters, ways
from ..errors import BookingRefused
from ..forms.rebook import RebookForm
from .shared import visible


@require_POST
def rebook(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Have another time or another device instead; refused, the booking stands as it was."""
    row = visible(request, public_id)
    policies.insist(policies.may_book(request.user, row.institution_id))
    form = RebookForm(request.POST, booking=row, devices=Device.objects.visible_to(request.user))
    if not form.is_valid():
        messages.error(request, _("Choose a time or a device that is offered."))
        return redirect(row)
    try:
        made = actions.rebook(booking=row, by=request.user, at=timezone.now(), **form.cleaned_data)
    except BookingRefused as refused:
        stands = _("Your booking stands as it was: %(when)s.")
        note = stands % {"when": presenters.period(row.starts_at, row.ends_at)}
        return refusal(request, refused, note=note, back=row.get_absolute_url(), booking=row)
    messages.success(request, _("Exchanged: the old booking is cancelled, this one is made."))
    return redirect(made)


def refusal(
    request: HttpRequest, refused: BookingRefused, *, note: str, back: str, booking: Any = None
) -> HttpResponse:
    """Why something cannot be had, in words, with each way out as a button."""
    context = {
        "told": refused.told,
        "note": note,
        "back": back,
        "booking": booking,
        "choices": ways.choices(refused.asked, refused.instead),
    }
    return TemplateResponse(request, "bookings/refused.html", context, status=409)
