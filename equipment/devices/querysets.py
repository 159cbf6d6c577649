"""Rules about sets of devices."""

from datetime import date, datetime
from typing import Any, Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.institutions.models import Membership

from .rules import before_years


def _current() -> QuerySet[Membership]:
    """Memberships that count today: who left an alliance shows it nothing any more."""
    return Membership.objects.in_force(timezone.localdate())


def _overseen(user: Any, house: str) -> Q:
    """Rows of the institutions in alliances one oversees."""
    alliances = access_of(user).alliances_with(Permission.EQUIPMENT_OVERSEE)
    below = _current().filter(alliance__in=alliances).values("institution")
    return Q(**{f"{house}__in": below})


def _kept(user: Any, house: str) -> Q:
    """Rows of the institutions one belongs to, and of those in alliances one oversees."""
    houses = access_of(user).institutions_with(Permission.EQUIPMENT_VIEW)
    return Q(**{f"{house}__in": houses}) | _overseen(user, house)


class DeviceQuerySet(models.QuerySet[Any]):
    """Devices; whether one is in service is a question about a time (see the room above)."""

    def visible_to(self, user: Any) -> Self:
        """All of one's own institutions and of alliances one oversees; what fellow members share."""
        houses = access_of(user).institutions_with(Permission.EQUIPMENT_VIEW)
        joined = _current().filter(institution__in=houses).values("alliance")
        fellows = _current().filter(alliance__in=joined).values("institution")
        return self.filter(_kept(user, "owner") | Q(owner__in=fellows, is_shared=True))

    def known_to(self, user: Any) -> Self:
        """Those whose price, numbers and papers are for a user's eyes: see `policies.knows`."""
        return self.filter(_kept(user, "owner"))

    def with_known(self, user: Any) -> Self:
        """With `is_known`: whether all of a device is for a user's eyes."""
        mine = self.model.objects.filter(pk=OuterRef("pk")).known_to(user)
        return self.annotate(is_known=Exists(mine))

    def kept_by(self, user: Any) -> Self:
        """Those of the institutions whose devices one keeps."""
        houses = access_of(user).institutions_with(Permission.EQUIPMENT_KEEP)
        return self.filter(owner__in=houses)

    def standing_on(self, on: date) -> Self:
        """Those on the register on a date: in use by then, and not retired."""
        return self.filter(Q(retired_on=None) | Q(retired_on__gt=on), in_use_from__lte=on)

    def older_than(self, years: int, on: date) -> Self:
        """Those standing that were more than so many years old on a date, wherever they stood."""
        since = before_years(on, years)
        aged = Q(purchased_on__lt=since) | Q(purchased_on=None, in_use_from__lt=since)
        return self.standing_on(on).filter(aged)

    def past_life(self, on: date) -> Self:
        """Those standing whose expected life has ended by a date."""
        return self.standing_on(on).filter(life_ends_on__lte=on)

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related("type", "owner", "department")

    def search(self, text: str) -> Self:
        """Rows whose name, maker, numbers or kind hold `text`."""
        text = text.strip()
        if not text:
            return self
        return self.filter(
            Q(name__icontains=text)
            | Q(maker__icontains=text)
            | Q(serial_number__icontains=text)
            | Q(asset_number__icontains=text)
            | Q(udi__icontains=text)
            | Q(type__name__icontains=text)
            | Q(type__pinyin__contains=text.lower())
        )


class FileQuerySet(models.QuerySet[Any]):
    """Files of devices."""

    def visible_to(self, user: Any) -> Self:
        """Those of devices of one's own institutions and of alliances one oversees."""
        return self.filter(_kept(user, "device__owner"), removed_at=None)


class RetirementQuerySet(models.QuerySet[Any]):
    """Retirements of devices, those that were mistakes too."""

    def visible_to(self, user: Any) -> Self:
        """Those of devices of one's own institutions and of alliances one oversees."""
        return self.filter(_kept(user, "device__owner"))


class StocktakeQuerySet(models.QuerySet[Any]):
    """Stock-takes."""

    def visible_to(self, user: Any) -> Self:
        """Those of one's own institutions and of alliances one oversees."""
        return self.filter(_kept(user, "institution"))

    def open(self) -> Self:
        """Those not closed yet."""
        return self.filter(closed_at=None)

    def for_list(self) -> Self:
        """With what a row shows: how many devices are expected, found, and more than expected."""
        return self.select_related("institution", "begun_by").annotate(
            expected=Count("lines", filter=Q(lines__is_expected=True)),
            found=Count("lines", filter=Q(lines__is_expected=True, lines__found_at__isnull=False)),
            extra=Count("lines", filter=Q(lines__is_expected=False)),
        )


class SharedTimeQuerySet(models.QuerySet[Any]):
    """When devices were shared."""

    def at(self, moment: Any) -> Self:
        """Those that hold at a moment: a datetime, or an expression for one."""
        return self.filter(
            Q(since=None) | Q(since__lte=moment), Q(until=None) | Q(until__gt=moment)
        )

    def on_record(self, moment: datetime) -> Self:
        """Those that hold at a moment and were on record by then, not only told of later."""
        return self.at(moment).exclude(since=None, noted_at__gt=moment)

    def meeting(self, since: datetime, until: datetime) -> Self:
        """Those that share a moment with [since, until)."""
        return self.filter(Q(since=None) | Q(since__lt=until), Q(until=None) | Q(until__gt=since))


class LineQuerySet(models.QuerySet[Any]):
    """Lines of stock-takes."""

    def visible_to(self, user: Any) -> Self:
        """Those of stock-takes one sees."""
        return self.filter(_kept(user, "stocktake__institution"))

    def missing(self) -> Self:
        """Expected and not found so far."""
        return self.filter(found_at=None)

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related(
            "stocktake__institution", "device__type", "device__owner", "found_by"
        )
