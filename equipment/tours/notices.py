"""Who hears of tours, and what they are told."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Role
from alliance.notices import texts
from alliance.notices.actions import notify
from alliance.notices.choices import NoticeKind
from alliance.people.selectors import staff_with_roles
from equipment.service.selectors import why_out

from . import selectors
from .choices import Act, PlaceStatus, Status
from .models import Place, Stop, TourDevice, TourEvent

texts.define(
    {
        "tours.announced": (
            _("Tour to you on %(from_at)s: %(tour)s"),
            _("%(vehicle)s comes with %(count)s places. Book them for your patients."),
        ),
        "tours.changed": (
            _("A tour to you has changed: %(tour)s"),
            _("Now %(from_at)s, %(location)s. Tell those for whom you booked."),
        ),
        "tours.away": (
            _("Not in service: %(device)s, on the tour “%(tour)s” from %(from_at)s"),
            _(
                "Take it off the tour, move the tour, or call stops off: who booked places is told"
                " then."
            ),
        ),
        "tours.cancelled": (
            _("A tour does not come to you: %(tour)s"),
            _("%(from_at)s: %(reason)s Tell those for whom you booked."),
        ),
        "tours.cancelled_instead": (
            _("A tour does not come to you: %(tour)s"),
            _(
                "%(from_at)s: %(reason)s Tell those for whom you booked. The next stop with free"
                " places: %(instead_at)s, %(instead)s."
            ),
        ),
    }
)
# Before the announcement nobody counts on a tour; its end tells itself.
_KEYS: Final = {
    Act.ANNOUNCE: "tours.announced",
    Act.STOP_ADD: "tours.announced",
    Act.CHANGE: "tours.changed",
    Act.STOP_CHANGE: "tours.changed",
    Act.CANCEL: "tours.cancelled",
    Act.STOP_CANCEL: "tours.cancelled",
}


def tell(*, event_id: int) -> None:
    """Tell the institutions of the stops that an event concerns, once each stop."""
    event = TourEvent.objects.select_related("tour__vehicle", "stop").get(pk=event_id)
    was_announced = Status.ANNOUNCED in (event.source, event.target)
    if event.act not in _KEYS or not was_announced:
        return
    rows = event.tour.stops.select_related("institution").order_by("starts_at")
    if event.stop_id is not None:
        rows = rows.filter(pk=event.stop_id)
    else:
        rows = rows.standing().filter(ends_at__gt=event.at)
    for stop in rows:
        _tell_house(event, stop, _KEYS[Act(event.act)])


def tell_away(*, device_ids: Collection[int], at: datetime) -> None:
    """Tell whoever plans a tour which of these devices cannot be used on it, once each time."""
    lines: Any = TourDevice.objects.on_tour_after(at).filter(device__in=device_ids)
    for line in lines.select_related("tour", "device").order_by("pk"):
        since = max(line.starts_at, at)
        outs = why_out([line.device_id], since=since, until=line.ends_at).get(line.device_id, [])
        if not outs:
            continue
        tour = line.tour
        keepers = staff_with_roles(
            institution_ids=[tour.owner_id],
            roles=[Role.EQUIPMENT_KEEPER, Role.MANAGER],
            on=timezone.localdate(at),
        )
        notify(
            user_ids={tour.created_by_id, *keepers},
            kind=NoticeKind.EQUIPMENT_TODO,
            text_key="tours.away",
            values={
                "device": line.device.name,
                "tour": tour.name,
                "from_at": tour.starts_at.isoformat(),
            },
            url=tour.get_absolute_url(),
            dedupe=f"tours.away:{line.pk}:{outs[0].code}:{outs[0].since.isoformat()}",
        )


def _tell_house(event: TourEvent, stop: Stop, key: str) -> None:
    readers = set(
        staff_with_roles(
            institution_ids=[stop.institution_id],
            roles=[Role.MANAGER, Role.LIAISON],
            on=timezone.localdate(event.at),
        )
    )
    readers |= _booked_there(event, stop)
    values: dict[str, Any] = {
        "tour": event.tour.name,
        "vehicle": event.tour.vehicle.name,
        "from_at": stop.starts_at.isoformat(),
        "location": stop.location or stop.institution.short_name,
        "count": stop.capacity,
        "reason": event.reason,
    }
    if key == "tours.cancelled" and (others := selectors.instead_of(stop, event.at, limit=1)):
        key = "tours.cancelled_instead"
        values["instead"] = others[0].institution.short_name
        values["instead_at"] = others[0].starts_at.isoformat()
    notify(
        user_ids=readers - {event.by_id},
        kind=NoticeKind.EQUIPMENT,
        text_key=key,
        values=values,
        url=stop.get_absolute_url(),
        dedupe=f"{key}:{event.pk}:{stop.pk}",
    )


def _booked_there(event: TourEvent, stop: Stop) -> set[int]:
    """Who booked a place that stands, or was lost by this very event; and its doctors."""
    rows = Place.objects.filter(
        Q(status=PlaceStatus.BOOKED) | Q(cancelled_at=event.at), stop=stop
    ).values_list("booked_by_id", "doctor__user")
    return {pk for pair in rows for pk in pair if pk is not None}
