"""Places: booked and given up by who sends patients to a stop."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from alliance.core.forms import create

from .. import actions, policies
from ..forms import PlaceForm
from ..models import Place
from .shared import stop_of
from .stops import stop_page


@require_POST
def book(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Book a place for a patient or a case; a second tap finds the first one's."""
    stop = stop_of(request, public_id)
    policies.insist(policies.may_book(request.user, stop))
    form = PlaceForm(request.POST, user=request.user, stop=stop)

    def act() -> str:
        values = {"by": request.user, "at": timezone.now(), **form.values}
        place = actions.book_place(stop=stop, **values)
        words = _("Number %(number)s is booked for %(subject)s.")
        messages.success(request, words % {"number": place.number, "subject": place.subject})
        return stop.get_absolute_url()

    url = create(form, scope=f"place:{stop.pk}:{request.user.pk}", act=act)
    return redirect(url) if url else stop_page(request, stop, booking=form)


@require_POST
def cancel(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give a place up."""
    rows = Place.objects.visible_to(request.user).for_list()
    place: Place = get_object_or_404(rows, public_id=public_id)
    actions.cancel_place(place=place, by=request.user, at=timezone.now())
    words = _("Number %(number)s is free again.") % {"number": place.number}
    messages.success(request, words)
    return redirect(place.stop)
