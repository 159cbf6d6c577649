"""Bookings and the waiting list as tables that go out to Excel."""

from typing import Any, NoReturn

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.core.choices import Permission
from alliance.core.exchange.kinds import Choice, Moment, Text, Whole
from alliance.core.exchange.spec import Column, Table, filtered, register

from . import agenda
from .choices import Status
from .filters import BookingFilter
from .models import Booking, WaitingEntry
from .waiting.choices import EntryState
from .ways import named

_NAME = Text(200)


def _shown(name: str, label: Any, source: Any = "", kind: Any = _NAME) -> Column:
    return Column(name, label, kind, source=source, shown_only=True)


def _devices(row: Booking) -> str:
    return "、".join(named(line.device) for line in row.lines.all())


class _Outgoing(Table):
    """A table of which nothing comes in: both are made by rules, one by one."""

    keepers = {}
    readers = frozenset({Permission.EQUIPMENT_VIEW})

    def plan(self, *args: Any, **options: Any) -> NoReturn:
        """Nothing comes in."""
        raise PermissionDenied(_("This table only goes out."))

    save = plan


class BookingsTable(_Outgoing):
    """Bookings one sees, filtered as in the API."""

    name = "bookings"
    label = gettext_lazy("Bookings of devices")
    note = gettext_lazy("Who has which device when, and for what; only goes out.")
    titled = ("devices", "starts_at")
    columns = (
        _shown("starts_at", gettext_lazy("Booked from"), kind=Moment()),
        _shown("ends_at", gettext_lazy("Booked until"), kind=Moment()),
        _shown("status", gettext_lazy("Status"), kind=Choice(Status)),
        _shown("devices", gettext_lazy("Devices booked"), _devices, Text(1000)),
        _shown("institution", gettext_lazy("Booked by"), "institution.name"),
        _shown("place", gettext_lazy("Place of use"), "place.name"),
        _shown("technique", gettext_lazy("Technique"), "technique.name"),
        _shown("operator", gettext_lazy("Operator"), "operator.name"),
        _shown("mentor", gettext_lazy("Mentor"), "mentor.name"),
        _shown("used_from", gettext_lazy("Actual start"), kind=Moment()),
        _shown("used_until", gettext_lazy("Actual end"), kind=Moment()),
    )

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """All that one sees, the newest first; of the page of bookings what it lists, in its order."""
        if request is not None and request.GET.get("list") == "page":
            wanted: Any
            wanted, ordering = agenda.listed(by, request.GET)
            return filtered(BookingFilter, wanted.for_list(), request).order_by(ordering, "pk")
        rows = Booking.objects.visible_to(by).for_list()
        return filtered(BookingFilter, rows, request).order_by("-starts_at", "-pk")


class WaitingTable(_Outgoing):
    """Who waits for a device, or waited."""

    name = "waiting-list"
    label = gettext_lazy("Waiting list of devices")
    note = gettext_lazy("Who waits for which device, and what came of it; only goes out.")
    titled = ("type", "wanted_from")
    columns = (
        _shown("created_at", gettext_lazy("In line since"), kind=Moment()),
        _shown("type", gettext_lazy("Device type"), "type.name"),
        _shown("device", gettext_lazy("Device"), "device.name"),
        _shown("asset_number", gettext_lazy("Asset number"), "device.asset_number"),
        _shown("institution", gettext_lazy("Institution"), "institution.name"),
        _shown("operator", gettext_lazy("Operator"), "operator.name"),
        _shown("technique", gettext_lazy("Technique"), "technique.name"),
        _shown("minutes", gettext_lazy("Minutes of use"), kind=Whole(minimum=1, maximum=1440)),
        _shown("wanted_from", gettext_lazy("Not before"), kind=Moment()),
        _shown("wanted_until", gettext_lazy("Done by"), kind=Moment()),
        _shown("state", gettext_lazy("Status"), kind=Choice(EntryState)),
    )

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Entries, the newest first."""
        rows: QuerySet[Any] = WaitingEntry.objects.visible_to(by).for_list()
        return rows.order_by("-pk")


register(BookingsTable())
register(WaitingTable())
