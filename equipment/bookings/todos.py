"""What waits for somebody's word: to be a mentor, to approve a request, to take an offered time."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from alliance.core.policy import policies_of
from equipment import hub

from . import policies, presenters
from .models import Booking, WaitingOffer

# As many of each are shown; their own page has the rest.
MOST: Final = 5
# As many requests to a mentor are looked at to put those of a series together.
_SERIES: Final = 60
_HOURS = "bookings.answer_hours"


@hub.todos
def todos(user: Any, at: datetime) -> list[hub.Todo]:
    """What has the shortest time comes first: offers, requests to oneself, requests to the keeper.

    One statement where nothing waits, as on most days for most people.
    """
    asked = _asked(user, at)
    if not asked:
        return []
    first, *others = asked.values()
    found: dict[str, list[int]] = {}
    for name, pk in first.union(*others, all=True):
        found.setdefault(name, []).append(pk)
    return [todo for name, pks in found.items() for todo in _SHOWN[name](pks, at)]


def _asked(user: Any, at: datetime) -> dict[str, Any]:
    """What may wait for this person at all: the first of each by name and key."""
    if not policies.may_look(user):
        return {}
    bookings: Any = Booking.objects.visible_to(user)
    offers: Any = WaitingOffer.objects.visible_to(user)
    found = {}
    if policies.books_any(user):
        found["offer"] = offers.asking(user, at).order_by("answer_by", "pk")[: MOST + 1]
    if getattr(user, "practitioner_id", None) is not None:
        asking = bookings.asking_mentor(user, at)
        found["mentor"] = asking.order_by("starts_at", "pk")[:_SERIES]
    if policies.keeps_any(user):
        waiting = bookings.waiting_for(user)
        found["request"] = waiting.order_by("starts_at", "pk")[: MOST + 1]
    return {name: rows.values_list(Value(name), "pk") for name, rows in found.items()}


def _offers(pks: Sequence[int], at: datetime) -> Iterator[hub.Todo]:
    offers: Any = WaitingOffer.objects.filter(pk__in=pks)
    found = list(offers.for_list().order_by("answer_by", "pk"))
    here = reverse("bookings:waiting")
    for offer in found[:MOST]:
        device = {"device": offer.device.name, "house": offer.device.owner.short_name}
        take, leave = (
            reverse(f"bookings:{act}", args=[offer.public_id]) for act in ("accept", "let_go")
        )
        yield hub.Todo(
            title=_("Free for you: %(device)s, %(house)s") % device,
            url=here,
            text=presenters.period(offer.starts_at, offer.ends_at),
            due=offer.answer_by,
            deeds=(
                hub.Deed(_("Take it"), take, css="btn-primary"),
                hub.Deed(_("Let it go"), leave),
            ),
        )
    yield from _rest(found, here)


def _of_mentor(pks: Sequence[int], at: datetime) -> Iterator[hub.Todo]:
    """Those of a series stand together: one agrees to all at once, and declines each by itself."""
    rows = _bookings(pks)
    groups: dict[Any, list[Booking]] = {}
    for row in rows:
        groups.setdefault(row.series_id or row.public_id, []).append(row)
    found = list(groups.values())
    for group in found[:MOST]:
        yield _to_mentor(group)
    yield from _rest(found, reverse("bookings:mine"))


def _to_mentor(rows: Sequence[Booking]) -> hub.Todo:
    row = rows[0]
    shown = presenters.row(row)
    names = {
        "operator": row.operator.name,
        "technique": row.technique.name if row.technique else shown.devices,
    }
    if len(rows) > 1:
        label = _("Agree to all %(number)s of the series") % {"number": len(rows)}
        deeds: tuple[hub.Deed, ...] = (_deed(row, "mentor_all", label, css="btn-primary"),)
    else:
        decline = _("Decline to be the mentor")
        deeds = (
            _deed(row, "mentor_yes", pgettext("mentor", "Agree"), css="btn-primary"),
            _deed(row, "mentor_no", pgettext("mentor", "Decline…"), asks=decline),
        )
    return hub.Todo(
        title=_("You are wanted as mentor: %(operator)s, %(technique)s") % names,
        url=shown.url,
        text=" · ".join([shown.period, shown.place, shown.devices]),
        due=row.starts_at,
        deeds=deeds,
    )


def _requests(pks: Sequence[int], at: datetime) -> Iterator[hub.Todo]:
    found = _bookings(pks)
    hours = policies_of(
        alliance_ids={row.alliance_id for row in found},
        on=timezone.localdate(at),
        keys=[_HOURS],
    )
    for row in found[:MOST]:
        shown = presenters.row(row)
        names = {"device": shown.devices, "house": row.institution.short_name}
        lapses = row.created_at + timedelta(hours=hours[row.alliance_id][_HOURS])
        yield hub.Todo(
            title=_("Waits for your approval: %(device)s, %(house)s") % names,
            url=shown.url,
            text=" · ".join([shown.period, shown.people]),
            due=min(lapses, row.starts_at),
            deeds=(
                _deed(row, "approve", _("Approve"), css="btn-primary"),
                _deed(row, "refuse", _("Refuse…"), asks=pgettext("booking", "Refuse")),
            ),
        )
    yield from _rest(found, reverse("bookings:inbox"))


def _bookings(pks: Sequence[int]) -> list[Booking]:
    bookings: Any = Booking.objects.filter(pk__in=pks)
    return list(bookings.for_list().order_by("starts_at", "pk"))


def _deed(row: Booking, act: str, label: str, *, css: str = "", asks: str = "") -> hub.Deed:
    return hub.Deed(
        label,
        reverse("bookings:act", args=[row.public_id, act]),
        css=css,
        fields={"version": row.version},
        asks=asks,
    )


def _rest(found: Sequence[Any], url: str) -> Iterator[hub.Todo]:
    """The way to those that are not shown."""
    if len(found) > MOST:
        yield hub.Todo(title=_("More of these wait: see all"), url=url)


_SHOWN: Final = {"offer": _offers, "mentor": _of_mentor, "request": _requests}
