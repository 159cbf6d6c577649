"""The doors of this room on the page of equipment."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from equipment import hub

from . import agenda, policies
from .choices import OPEN
from .models import Booking, WaitingOffer


@hub.cards(10)
def doors(user: Any) -> Iterable[hub.Card]:
    """Finding a free time, one's bookings, requests of the keeper, the waiting list."""
    if not policies.may_look(user):
        return
    if policies.books_any(user):
        yield from _of_bookers(user)
    else:
        yield hub.Card(
            title=_("Free times of devices"),
            text=_("Which devices of the alliance are free when; whoever treats books them."),
            url=reverse("bookings:search" if policies.belongs(user) else "bookings:calendar"),
            icon="calendar",
        )
    if policies.keeps_any(user):
        yield _requests(user)


def _of_bookers(user: Any) -> Iterable[hub.Card]:
    yield hub.Card(
        title=_("Book a device"),
        text=_("Name what you want to do; the devices it needs and their free times are found."),
        url=reverse("bookings:search"),
        icon="search",
    )
    mine = agenda.own(user).filter(status__in=OPEN).count()
    yield hub.Card(
        title=_("My bookings"),
        text=_("What lies ahead and what was; begin and end a use."),
        url=reverse("bookings:mine"),
        icon="calendar",
        note=ngettext("%(count)s to come", "%(count)s to come", mine) % {"count": mine}
        if mine
        else "",
        tone="active",
    )
    offers: Any = WaitingOffer.objects.visible_to(user)
    offered = offers.open().count()
    yield hub.Card(
        title=_("Waiting list"),
        text=_("What is taken is offered in order as soon as it is free."),
        url=reverse("bookings:waiting"),
        icon="hourglass",
        note=ngettext("%(count)s offer waits", "%(count)s offers wait", offered)
        % {"count": offered}
        if offered
        else "",
        tone="warn",
    )


def _requests(user: Any) -> hub.Card:
    rows: Any = Booking.objects.visible_to(user)
    count = rows.waiting_for(user).count()
    return hub.Card(
        title=_("Requests for my devices"),
        text=_("Approve or refuse, and see who has which device today."),
        url=reverse("bookings:inbox") if count else reverse("bookings:day"),
        icon="inbox",
        note=ngettext("%(count)s waits for you", "%(count)s wait for you", count) % {"count": count}
        if count
        else "",
        tone="warn",
    )
