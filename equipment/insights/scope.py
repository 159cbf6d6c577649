"""What the numbers are about: whose devices, from when until when, perhaps of one type."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Place:
    """An alliance, or one institution: whose devices the numbers are about."""

    key: str
    label: str
    alliance_id: int | None
    institution_id: int | None


@dataclass(frozen=True, slots=True)
class Scope:
    """A place that the reader may ask about, and the whole days until the present moment."""

    place: Place
    days: int
    at: datetime
    type_id: int | None = None
    type_code: str = ""

    @property
    def on(self) -> date:
        """The last day."""
        return timezone.localdate(self.at)

    @property
    def first(self) -> date:
        """The first day."""
        return self.after - timedelta(days=self.days)

    @property
    def after(self) -> date:
        """The day after the last."""
        return self.on + timedelta(days=1)

    @property
    def since(self) -> datetime:
        """The first moment."""
        return timezone.make_aware(datetime.combine(self.first, time.min))

    def devices(self, path: str = "") -> Q:
        """Devices of the place, `path` leading to them; with members of an alliance, by owner."""
        found = self._typed(f"{path}type")
        if self.place.institution_id is not None:
            return found & Q(**{f"{path}owner": self.place.institution_id})
        return found

    def asking(self) -> Q:
        """Rows of who wanted a device: those of the alliance, or of the house."""
        found = self._typed("type")
        if self.place.institution_id is not None:
            return found & Q(institution=self.place.institution_id)
        return found & Q(alliance=self.place.alliance_id)

    def using(self) -> Q:
        """Lines of bookings of those that may have used others' devices: of the house, or all."""
        found = self._typed("device__type")
        if self.place.institution_id is not None:
            return found & Q(booking__institution=self.place.institution_id)
        return found

    def met(self) -> Q:
        """Refusals of the alliance; of a house, those it met and those of its devices."""
        if self.place.institution_id is None:
            return self.asking()
        house = self.place.institution_id
        return self._typed("type") & (Q(institution=house) | Q(device__owner=house))

    def _typed(self, field: str) -> Q:
        return Q() if self.type_id is None else Q(**{field: self.type_id})

    def typed(self) -> dict[str, str]:
        """The type, as an address names it."""
        return {"type": self.type_code} if self.type_code else {}

    def values(self, **more: Any) -> dict[str, Any]:
        """The words of an address that ask about the same."""
        return {"place": self.place.key, "days": str(self.days), **more}
