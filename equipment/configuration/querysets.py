"""Rules about sets: which edition counts where, and what it asks of whom."""

from collections.abc import Collection
from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import (
    Count,
    DateField,
    Exists,
    F,
    FilteredRelation,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.institutions.models import Membership
from equipment.devices.models import Device

from .choices import EditionStatus

# Keys, or a query of them.
Ids = Collection[int] | QuerySet[Any, Any]
_MEMBERS = "standard__alliance__memberships"


def _seen(user: Any, path: str) -> Q:
    """Published editions for who is a member today, drafts for who maintains them."""
    access = access_of(user)
    houses = access.institutions_with(Permission.EQUIPMENT_VIEW)
    current = Membership.objects.in_force(timezone.localdate())
    joined = current.filter(institution__in=houses).values("alliance")
    overseen = access.alliances_with(Permission.EQUIPMENT_OVERSEE)
    mine = access.alliances_with(Permission.EQUIPMENT_STANDARD)
    here = Q(**{f"{path}alliance__in": joined}) | Q(**{f"{path}alliance__in": overseen})
    published = Q(**{f"{path}status": EditionStatus.PUBLISHED})
    return here & published | Q(**{f"{path}alliance__in": mine})


class StandardQuerySet(models.QuerySet[Any]):
    """Editions of the base configuration."""

    def visible_to(self, user: Any) -> Self:
        """Published ones of one's alliances; drafts for those who maintain them."""
        return self.filter(_seen(user, ""))

    def published(self) -> Self:
        """Editions that count."""
        return self.filter(status=EditionStatus.PUBLISHED)

    def in_force(self, *, alliance_ids: Ids, on: date) -> Self:
        """The published edition in force on a date, for each of these alliances."""
        begun = self.published().filter(effective_from__lte=on)
        later = begun.filter(
            alliance=OuterRef("alliance"), effective_from__gt=OuterRef("effective_from")
        )
        return begun.filter(~Exists(later), alliance__in=alliance_ids)


class _YearsBefore(Func):
    """A day so many years before another, in the database's own calendar."""

    template = "(%(expressions)s))"
    arg_joiner = " - make_interval(years => "
    arity = 2
    output_field = DateField()


class ItemQuerySet(models.QuerySet[Any]):
    """Lines of editions."""

    def visible_to(self, user: Any) -> Self:
        """Those of editions one sees."""
        return self.filter(_seen(user, "standard__"))

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related("type", "standard")

    def asked_of_members(self, on: date) -> Self:
        """One row for each member of the alliance of whose tier a line asks something on a date.

        With `alliance_id`, `house_id` and the name of that institution.
        """
        holds = Q(**{f"{_MEMBERS}__valid_until": None}) | Q(**{f"{_MEMBERS}__valid_until__gt": on})
        member = FilteredRelation(
            _MEMBERS, condition=holds & Q(**{f"{_MEMBERS}__valid_from__lte": on})
        )
        return (
            self.alias(member=member)
            .filter(member__institution__tier=F("tier"), member__institution__is_active=True)
            .annotate(
                alliance_id=F("standard__alliance_id"),
                house_id=F("member__institution_id"),
                house_name=F("member__institution__name"),
                house_public_id=F("member__institution__public_id"),
            )
        )

    def counted(self, on: date) -> Self:
        """Of `asked_of_members`: how many stand on the register, and are too old, on a date."""
        standing = own_devices().standing_on(on)
        return self.annotate(have=number_of(standing), too_old=number_of(standing.filter(old(on))))


def own_devices() -> Any:
    """The devices of the institution and type that a row of `asked_of_members` speaks of."""
    return Device.objects.filter(owner=OuterRef("house_id"), type=OuterRef("type_id"))


def old(on: date) -> Q:
    """Those that were too old by a date for the line that asks, wherever they stood before."""
    day = Cast(Value(on), DateField())
    return _aged(_YearsBefore(day, OuterRef("max_age_years")), "lte")


def fresh(on: date) -> Q:
    """Those that are not too old, or of which no age is asked."""
    day = Cast(Value(on), DateField())
    oldest = Coalesce(_YearsBefore(day, OuterRef("max_age_years")), Value(date.min))
    return _aged(oldest, "gt")


def _aged(day: Any, comparison: str) -> Q:
    """Age counts from when a device was bought, else from when it came into use."""
    bought, used = f"purchased_on__{comparison}", f"in_use_from__{comparison}"
    return Q(**{bought: day}) | Q(**{"purchased_on": None, used: day})


def number_of(devices: QuerySet[Any]) -> Coalesce:
    """How many these are, for each row of the query around."""
    grouped = devices.order_by().values("type").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(grouped), 0)
