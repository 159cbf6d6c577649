"""One booking: what is agreed, what may be done with it, what happened."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.core.forms import attempt, posted

from .. import actions, cases, causes, consequences, policies, presenters, selectors, ways, workflow
from ..charges import presenters as prices
from ..choices import NEVER_USED, OPEN, WAITING, Move, Side, Status
from ..forms.book import ReasonForm, VersionForm
from ..forms.series import SeriesCancelForm
from ..forms.use import CaseForm, CheckOutForm
from ..instead import instead_of
from ..models import AgreedPrice, Booking, BookingSeries, Charge
from ..overruns import selectors as overruns
from . import mentoring
from .shared import visible

_REASONED = {
    "refuse": actions.refuse,
    "cancel": actions.cancel,
    "excuse": actions.excuse,
    "mentor_no": actions.decline,
}
_PLAIN = {
    "approve": actions.approve,
    "check_in": actions.check_in,
    "mentor_yes": actions.agree,
    "mentor_all": actions.agree_to_series,
}
_DONE = {
    "approve": _lazy("The booking is approved."),
    "refuse": _lazy("The request is refused; who asked is told why."),
    "cancel": _lazy("The booking is cancelled; its time is free again."),
    "check_in": _lazy("The use has begun. Give the device back here when you are done."),
    "excuse": _lazy("The missed booking no longer counts."),
    "mentor_yes": _lazy("You agreed; who booked is told."),
    "mentor_all": _lazy("You agreed to all that is asked of you in this series."),
    "mentor_no": _lazy("You declined; who booked is told why, and your time is free."),
    "mentor_tel": _lazy("It is recorded what the mentor said, with your name and the time."),
}
# The pages on which a booking is answered, and to which one comes back.
_BACK = {
    "inbox": "bookings:inbox",
    "missed": "bookings:missed",
    "equipment": "equipment:home",
    "home": "home",
}


@require_safe
def booking(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """All about one booking."""
    return _page(request, visible(request, public_id))


@require_POST
def act(request: HttpRequest, public_id: UUID, name: str) -> HttpResponse:
    """Approve, refuse, cancel, begin the use, excuse, say yes or no as mentor; back to where one came from."""
    row = visible(request, public_id)
    given = {"booking": row, "by": request.user, "at": timezone.now()}
    form: Any = VersionForm(request.POST) if name in _PLAIN else ReasonForm(request.POST)
    move = _PLAIN.get(name) or _REASONED[name]
    if not attempt(form, lambda: move(**given, **form.cleaned_data)):
        return _page(request, row, failed={name: form})
    is_told = name.startswith("mentor") and not policies.is_mine(request.user, row)
    messages.success(request, _DONE["mentor_tel" if is_told else name])
    return redirect(_BACK.get(request.POST.get("next", ""), row))


@require_http_methods(["GET", "HEAD", "POST"])
def check_out(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give the devices back: how they are left, what was used up."""
    row = visible(request, public_id)
    policies.insist(bool(policies.sides(request.user, row)))
    workflow.next_status(row.status, Move.CHECK_OUT)
    at = timezone.now()
    form = CheckOutForm(posted(request), booking=row, user=request.user, at=at)
    if request.method == "POST" and attempt(
        form,
        lambda: actions.check_out(booking=row, by=request.user, at=at, **form.values),
    ):
        messages.success(request, _("The use is ended. Thank you for saying how you left it."))
        return redirect(row)
    status = 422 if form.errors else 200
    context = {"booking": row, "row": presenters.row(row), "form": form}
    return TemplateResponse(request, "bookings/check_out.html", context, status=status)


def _page(request: HttpRequest, row: Booking, failed: Any = None) -> HttpResponse:
    charges = list(Charge.objects.visible_to(request.user).filter(booking=row).for_list())
    sides, at = policies.sides(request.user, row), timezone.now()
    exchanged = _exchanged(request, row)
    left = selectors.last_conditions([line.device_id for line in row.lines.all()])
    context = {
        "booking": row,
        "row": presenters.row(row),
        "facts": presenters.facts(row, knows=bool(sides), cause_url=_cause_url(request, row)),
        "left": presenters.conditions(row, left, _away(row, at)),
        "holds_up": row.holds_up.select_related("institution") if sides else [],
        "held_up": _held_up(row, bool(sides)),
        "rights": _rights(request, row, at),
        "choices": _choices(request, row, at),
        "case_form": _case_form(request, row, sides, at),
        "case_url": cases.new_url(request.user, row) if row.case is None else "",
        "mentoring": mentoring.word(request, row),
        "series": _series(request, row),
        "exchanged": exchanged,
        "again": None if len(exchanged) > bool(row.replaces_id) else _again(request, row, at),
        "change_from": _change_from(request, row, at),
        "search_url": ways.search_url(row, row.lines.all()[0].device),
        **_told_before(request, row),
        "may_excuse": _counts(row) and policies.may_excuse(request.user, row),
        "events": presenters.timeline(row.events.select_related("by").order_by("-pk")),
        "charges": charges,
        "agreed": [] if charges else _agreed(request, row),
        "reasons": {name: ReasonForm(initial={"version": row.version}) for name in _REASONED}
        | (failed or {}),
    }
    status = 422 if failed else 200
    return TemplateResponse(request, "bookings/booking.html", context, status=status)


def _cause_url(request: HttpRequest, row: Booking) -> str:
    """The page of the referral it serves, for who sees that."""
    return causes.url_of(request.user, row.referral_number)


def _held_up(row: Booking, is_theirs: bool) -> dict[str, Any] | None:
    """When a booking that waits for the last user could begin instead, for those it concerns."""
    if row.held_up_at is None or row.status not in (Status.REQUESTED, Status.CONFIRMED):
        return None
    lines, at = list(row.lines.all()), timezone.now()
    length = row.ends_at - row.starts_at
    times = overruns.times_for(row, lines, at=at) if is_theirs else []
    others = instead_of(row, lines, at=at)[1].devices if is_theirs else []
    shown = [(start.isoformat(), presenters.period(start, start + length)) for start in times]
    return {"times": shown, "devices": others}


def _change_from(request: HttpRequest, row: Booking, at: Any) -> str:
    """The time from which it may be moved to another; empty where it may not."""
    is_to_come = row.status in WAITING and at < row.starts_at and row.affected_at is None
    if not is_to_come or not policies.may_book(request.user, row.institution_id):
        return ""
    return timezone.localtime(row.starts_at).strftime("%Y-%m-%dT%H:%M")


def _rights(request: HttpRequest, row: Booking, at: Any) -> list[Move]:
    """What the reader may do now; a use does not begin while a device is away."""
    rights = policies.rights(request.user, row)
    if Move.CHECK_IN in rights and row.affected_at and selectors.is_away(row, at=at):
        rights.remove(Move.CHECK_IN)
    return rights


def _series(request: HttpRequest, row: Booking) -> dict[str, Any] | None:
    """The repeating booking it belongs to, and whether this and what follows may be given back."""
    if row.series_id is None:
        return None
    found = BookingSeries.objects.visible_to(request.user).filter(pk=row.series_id).first()
    if found is None:
        return None
    may = row.status in WAITING and policies.may_book(request.user, row.institution_id)
    return {"row": found, "form": SeriesCancelForm() if may else None}


def _exchanged(request: HttpRequest, row: Booking) -> list[tuple[str, presenters.Row]]:
    """The booking it took the place of, and the one that took its own, as far as one sees them."""
    rows: Any = Booking.objects.visible_to(request.user).for_list()
    both = rows.filter(Q(pk=row.replaces_id) | Q(replaces=row)).order_by("pk")
    words = _("Exchanged for this one"), _("Exchanged for")
    return [(words[one.pk != row.replaces_id], presenters.row(one)) for one in both]


def _case_form(request: HttpRequest, row: Booking, sides: Any, at: Any) -> CaseForm | None:
    """Which case the use was for, while that is not said."""
    if row.case_id or row.used_from is None or Side.BOOKER not in sides:
        return None
    form = CaseForm(booking=row, user=request.user, at=at)
    field: Any = form.fields["case"]
    return form if field.rows else None


@require_POST
def link_case(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say which case the use was for."""
    row, at = visible(request, public_id), timezone.now()
    policies.insist(Side.BOOKER in policies.sides(request.user, row))
    form = CaseForm(request.POST, booking=row, user=request.user, at=at)
    given = {"booking": row, "by": request.user, "at": at}
    if attempt(form, lambda: actions.link_case(**given, **form.cleaned_data)):
        messages.success(request, _("The booking and the case belong together now."))
    else:
        messages.error(request, _("Choose a case of the day of use."))
    return redirect(row)


def _away(row: Booking, at: Any) -> set[int]:
    """Which devices of a booking to come it has lost."""
    if row.affected_at is None or row.status not in WAITING:
        return set()
    return selectors.devices_away(list(row.lines.all()), at=at)


def _choices(request: HttpRequest, row: Booking, at: Any) -> list[ways.Choice]:
    """What could be had instead of a booking whose device is away."""
    is_lost = row.affected_at is not None and row.status in WAITING and row.ends_at > at
    if not is_lost or not policies.may_book(request.user, row.institution_id):
        return []
    return ways.choices(*instead_of(row, list(row.lines.all()), at=at))


def _again(request: HttpRequest, row: Booking, at: Any) -> dict[str, Any] | None:
    """How to book once more what came to nothing: the same, another time, another device.

    The time that a keeper refused is not named among the others.
    """
    if row.status not in NEVER_USED or not policies.may_book(request.user, row.institution_id):
        return None
    asked, found = instead_of(row, list(row.lines.all()), at=at)
    asked = replace(asked, patient=row.patient, referral_number=row.referral_number)
    found.times = [one for one in found.times if one.starts_at != row.starts_at]
    return {
        "url": ways.form_url(asked, asked.devices, row.starts_at, again=row),
        "is_over": row.starts_at <= at,
        "choices": ways.choices(asked, found, again=row),
    }


def _told_before(request: HttpRequest, row: Booking) -> dict[str, Any]:
    """What is told before one presses: what cancelling costs, from when the use may begin."""
    at = timezone.now()
    begins = consequences.begins_from(row, at) if row.status == Status.CONFIRMED else at
    return {
        "begins_from": begins if at < begins else None,
        "cancel_warning": consequences.warning(row, request.user, at),
        "change_warning": consequences.change_warning(row, request.user, at),
        "change_note": consequences.change_note(row, request.user, at),
        "counted": consequences.counted(row, at) if _counts(row) else "",
    }


def _agreed(request: HttpRequest, row: Booking) -> list[dict[str, object]]:
    """What was shown when it was booked, while nothing is charged yet."""
    if row.status not in OPEN:
        return []
    rows = AgreedPrice.objects.visible_to(request.user).filter(line__booking=row)
    return prices.agreed(rows.for_list())


def _counts(row: Booking) -> bool:
    """Whether it counts against who booked it."""
    return not row.is_excused and (row.is_late or row.status == Status.NO_SHOW)
