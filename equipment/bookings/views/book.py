"""The booking form, its look before one books, and the form that repeats."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from alliance.core.forms import create
from alliance.institutions.models import Institution

from .. import actions, drafting, verdicts
from ..charges.presenters import promise
from ..choices import Code
from ..errors import BookingRefused
from ..forms.book import BookForm, RepeatForm
from ..models import Booking
from .shared import booking_house, named_persons

# Fields without which nothing can be said of what is asked for.
_DECIDING = frozenset({"technique", "devices", "starts_at", "minutes", "place", "operator"})


@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest) -> HttpResponse:
    """Book one or several devices; a refusal offers what would work with one tap."""
    return _page(request, BookForm, "bookings/book.html", _book)


@require_http_methods(["GET", "HEAD", "POST"])
def repeat(request: HttpRequest) -> HttpResponse:
    """Book the same again and again; each is booked, or it is said why not."""
    return _page(request, RepeatForm, "bookings/repeat.html", _repeat)


@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """The part of the form that follows from the rest: devices, mentor, amount, verdict."""
    house = booking_house(request)
    draft = _Draft(request, house, request.GET, BookForm, bound=True, settled=True)
    context = draft.context if draft.options else {}
    context["is_part"] = True
    return TemplateResponse(request, "bookings/_book_rest.html", context)


def _page(request: HttpRequest, kind: type[BookForm], template: str, act: Any) -> HttpResponse:
    house = booking_house(request)
    # Looking finds patients, or begins to repeat; it books nothing.
    looks = "look" in request.POST
    is_post = request.method == "POST" and not looks
    sent = verdicts.taken(request.POST) if request.method == "POST" else request.GET
    draft = _Draft(request, house, sent, kind, bound=is_post)
    if draft.options is None:
        messages.info(request, _("Choose a device and a free time first."))
        return redirect("bookings:search")
    try:
        url = act(request, draft) if is_post else None
    except BookingRefused as refused:
        draft.refused = refused
        return TemplateResponse(request, template, draft.context, status=409)
    if url is not None:
        return redirect(url)
    status = 422 if draft.form.errors else 200
    return TemplateResponse(request, template, draft.context, status=status)


class _Draft:
    """A form with what it offers, from an address or from what was sent."""

    def __init__(
        self,
        request: HttpRequest,
        house: Institution,
        data: QueryDict,
        kind: type[BookForm],
        *,
        bound: bool,
        settled: bool = False,
    ) -> None:
        self.house, self.at, self.user = house, timezone.now(), request.user
        self.refused: BookingRefused | None = None
        self.wish, self.data = drafting.read_wish(request.user, data), data
        self.persons = named_persons(request, house, data)
        self.options = None
        if self.wish.devices:
            self.options = drafting.options(request.user, house, self.wish, at=self.at)
        if settled and self.options:
            data = drafting.settled(data, self.options)
        self.form = kind(data if bound else None, user=request.user, initial=self._initial())
        self.form.offer_persons(self.persons)
        if self.wish.technique:
            self.form.show_technique(self.wish.technique)
        if self.options:
            self.form.offer(
                devices=self.options.devices,
                places=self.options.places,
                operators=self.options.operators,
                mentors=self.options.mentors,
            )

    def _initial(self) -> dict[str, Any]:
        wish, options = self.wish, self.options
        said = ("mentor", "note", "every", "count", "patient_search")
        found: dict[str, Any] = {name: self.data[name] for name in said if name in self.data}
        found |= {"minutes": wish.minutes, "referral_number": wish.referral_number}
        if "again" in self.data:
            found["note"] = drafting.note_of(self.user, self.house, str(self.data["again"]))
        if wish.technique:
            found["technique"] = wish.technique.code
        if wish.starts_at:
            found["starts_at"] = timezone.localtime(wish.starts_at)
        if options:
            found["devices"] = [str(one.public_id) for one in wish.devices]
            found["place"] = str(options.place.public_id)
            found["operator"] = str(options.operator.public_id) if options.operator else ""
        return found

    @property
    def asked(self) -> dict[str, Any]:
        """What is booked, as the action takes it."""
        return self._whole(self.form.asked)

    def _whole(self, values: dict[str, Any]) -> dict[str, Any]:
        more = {"institution": self.house, "at": self.at, "by": self.user}
        return {**values, **more}

    def _begun(self) -> dict[str, Any] | None:
        """What would be booked as the form stands; None where something is missing."""
        wish, options = self.wish, self.options
        if self.form.is_bound and self.form.is_valid():
            return self.asked
        # What is wrong with the rest, such as a note that is too long, changes no verdict.
        if not _DECIDING.isdisjoint(self.form.errors):
            return None
        if not (options and options.operator and wish.starts_at):
            return None
        return self._whole(
            {
                "devices": wish.devices,
                "technique": wish.technique,
                "starts_at": wish.starts_at,
                "ends_at": wish.starts_at + timedelta(minutes=wish.minutes),
                "place": options.place,
                "operator": options.operator,
                "mentor": self._mentor,
            }
        )

    @property
    def _mentor(self) -> Any:
        """The mentor chosen before the form was looked at again."""
        mentors = self.options.mentors if self.options else []
        asked = self.data.get("mentor", "")
        return next((one for one, _words in mentors if str(one.public_id) == asked), None)

    @property
    def context(self) -> dict[str, Any]:
        """What the page shows."""
        context: dict[str, Any] = {
            "form": self.form,
            "house": self.house,
            "persons": self.persons,
            "is_many": isinstance(self.form, RepeatForm) or "every" in self.data,
            "is_supervised": bool(self.options and self.options.is_supervised),
        }
        values = self._begun()
        if values is None or self.options is None:
            return context
        if self.refused is None:
            values.pop("every", None), values.pop("count", None)
            verdict = verdicts.look(actions.ask(**values))
        else:
            verdict = verdicts.of_refusal(self.refused)
            verdict.was_refused = True
        period = (values["starts_at"], values["ends_at"])
        found = drafting.amounts(
            values["devices"], self.house, values["technique"], self.options.alliance, period
        )
        amount = verdicts.amount_of(values["devices"], found)
        if Code.NOT_PRIVILEGED in {reason.code for reason in verdict.reasons}:
            amount = None  # what may not be done there has no price, least of all none to pay
        alliance, promised = self.options.alliance, ""
        if amount is not None and not amount.is_nothing and alliance is not None:
            promised = promise(alliance_id=alliance.pk, on=timezone.localdate(self.at))
        more: dict[str, Any] = {"verdict": verdict, "amount": amount, "promise": promised}
        times = self._times
        if amount is not None and times > 1:
            more |= {"times": times, "whole": amount.total * times}
        return context | more

    @property
    def _times(self) -> int:
        """How often it is booked, as the form stands."""
        asked = self.form["count"].value() if "count" in self.form.fields else None
        text = str(asked or self.data.get("count", ""))
        return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 1


def _book(request: HttpRequest, draft: _Draft) -> str | None:
    """Book; the address of the booking, or None where the form has to be mended."""

    made: list[Booking] = []

    def act() -> str:
        made.append(actions.book(**draft.asked))
        return made[0].get_absolute_url()

    with actions.refusals_kept():
        url = create(draft.form, scope=f"booking:{request.user.pk}", act=act)
    if made:
        messages.success(request, verdicts.made(made[0], at=draft.at))
    return url


def _repeat(request: HttpRequest, draft: _Draft) -> str | None:
    """Book all that can be booked; the address that tells each one's outcome."""

    def act() -> str:
        outcome = actions.book_series(**draft.asked)
        return reverse("bookings:series", args=[outcome.series.public_id])

    with actions.refusals_kept():
        return create(draft.form, scope=f"series:{request.user.pk}", act=act)
