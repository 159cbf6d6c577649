"""Moving a booking that is held up."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from alliance.core.forms import attempt

from ..forms.book import MoveForm
from ..models import Booking
from . import actions


@require_POST
def move(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Move it to the time whose button was pressed."""
    rows = Booking.objects.visible_to(request.user)
    row: Any = get_object_or_404(rows, public_id=public_id)
    form, given = MoveForm(request.POST), {"booking": row, "by": request.user}
    if attempt(form, lambda: actions.move_on(**given, at=timezone.now(), **form.cleaned_data)):
        messages.success(request, _("The booking is moved."))
    return redirect(row)
