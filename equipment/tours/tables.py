"""The list of a stop as a table that goes out to Excel: who comes, in order of their numbers."""

from typing import Any, NoReturn

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Permission
from alliance.core.errors import DomainError
from alliance.core.exchange.kinds import Choice, Kind, Moment, Text, Whole
from alliance.core.exchange.spec import Column, Table, filtered, register

from .choices import PlaceStatus
from .filters import PlaceFilter
from .models import PLACES_MOST, Place


def _shown(name: str, label: Any, source: str, kind: Kind | None = None) -> Column:
    return Column(name, label, kind or Text(200), source=source, shown_only=True)


class PlacesTable(Table):
    """Places at stops; they go out only."""

    name = "tour-places"
    label = _("Places at stops")
    note = _("For whom places at the stops of tours are booked.")
    keepers = {}
    readers = frozenset({Permission.EQUIPMENT_VIEW})
    titled = ("institution", "number")
    columns = (
        _shown("tour", _("Tour"), "stop.tour.name"),
        _shown("institution", _("Institution"), "stop.institution.name"),
        _shown("starts_at", pgettext_lazy("tour", "Stop begins"), "stop.starts_at", Moment()),
        _shown(
            "number",
            pgettext_lazy("tour", "number"),
            "number",
            Whole(minimum=1, maximum=PLACES_MOST),
        ),
        _shown("subject", _("Patient or case"), "subject"),
        _shown("examination", _("What is to be examined"), "note"),
        _shown("doctor", _("Doctor"), "doctor.name"),
        _shown("status", _("Status"), "status", Choice(PlaceStatus)),
    )

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Places as filtered by the stop."""
        rows = Place.objects.visible_to(by).for_list()
        return filtered(PlaceFilter, rows, request).order_by("stop__starts_at", "number", "pk")

    def plan(self, *args: Any, **options: Any) -> NoReturn:
        """Places are booked one by one, under the lock of their stop."""
        raise DomainError("no_import", gettext("Places are booked on the page of their stop."))

    save = plan


register(PlacesTable())
