"""The mentor of a booking: what the page says of their word, and choosing another."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from alliance.core.forms import attempt

from .. import actions, mentors, policies
from ..choices import UNSETTLED, WAITING, Act, MentorWord
from ..forms.mentor import MentorForm
from ..models import Booking
from .shared import visible


@require_POST
def change(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Have another mentor; they are asked."""
    row = visible(request, public_id)
    policies.insist(policies.may_book(request.user, row.institution_id))
    form = MentorForm(request.POST, mentors=mentors.others_for(row))
    given: dict[str, Any] = {"booking": row, "by": request.user, "at": timezone.now()}
    if attempt(form, lambda: actions.change_mentor(**given, **form.cleaned_data)):
        messages.success(request, _("The other mentor is told."))
    else:
        errors = [str(error) for found in form.errors.values() for error in found]
        messages.error(request, " ".join(errors))
    return redirect(row)


def word(request: HttpRequest, row: Booking) -> dict[str, Any] | None:
    """What the page says of the mentor's word: to the mentor, and to who may ask another.

    `is_asked`: the reader's own word is asked for, or (`may_record`) what they heard by telephone;
    `more`: in so many of the series besides.
    """
    if row.mentor is None or row.status not in WAITING:
        return None
    is_mine = policies.is_mentor(request.user, row)
    is_open = row.mentor_word in UNSETTLED
    may_record = not is_mine and policies.speaks_for_mentor(request.user, row)
    may_change = is_open and policies.may_book(request.user, row.institution_id)
    form = MentorForm(mentors=mentors.others_for(row)) if may_change and not is_mine else None
    said = row.events.filter(act=Act.MENTOR_NO).order_by("pk").last()
    is_asked = (is_mine or may_record) and row.mentor_word in (MentorWord.ASKED, MentorWord.CALL)
    return {
        "is_mine": is_mine,
        "may_record": may_record,
        "is_asked": is_asked,
        "is_open": is_open and not is_mine,
        "reason": said.reason if said and row.mentor_word == MentorWord.DECLINED else "",
        "form": form,
        "more": _more(request, row) if is_asked and row.series_id else 0,
    }


def _more(request: HttpRequest, row: Booking) -> int:
    rows = Booking.objects.visible_to(request.user).filter(series=row.series_id)
    asked = rows.filter(mentor=row.mentor_id, mentor_word=row.mentor_word, status__in=WAITING)
    return asked.exclude(pk=row.pk).count()
