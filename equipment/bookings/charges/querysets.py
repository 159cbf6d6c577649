"""Rules about sets of charges."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Count, Q, Sum

from alliance.core.access import access_of
from alliance.core.choices import Permission


class AgreedPriceQuerySet(models.QuerySet[Any]):
    """What uses were shown to cost when they were booked."""

    def visible_to(self, user: Any) -> Self:
        """Those of bookings one sees."""
        lines: Any = self.model._meta.get_field("line").related_model
        return self.filter(line__in=lines.objects.visible_to(user))

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related("line__device").order_by("line")


class ChargeQuerySet(models.QuerySet[Any]):
    """What uses of devices cost whom."""

    def visible_to(self, user: Any) -> Self:
        """Those one's houses owe or are owed, and those of alliances one oversees."""
        access = access_of(user)
        houses = access.institutions_with(Permission.EQUIPMENT_VIEW)
        return self.filter(
            Q(payer__in=houses)
            | Q(payee__in=houses)
            | Q(alliance__in=access.alliances_with(Permission.EQUIPMENT_OVERSEE))
        )

    def in_month(self, first: date, until: date) -> Self:
        """Those of uses that ended on a day of [first, until)."""
        return self.filter(used_on__gte=first, used_on__lt=until)

    def with_partner(self, public_id: Any) -> Self:
        """Those of one house, whether it pays or is paid."""
        return self.filter(Q(payer__public_id=public_id) | Q(payee__public_id=public_id))

    def by_pair(self) -> Any:
        """What each house owes each other: payer, payee, uses and amount."""
        pairs = self.values(
            "alliance", "payer", "payee", "payer__public_id", "payee__public_id",
            "payer__short_name", "payer__name", "payee__short_name", "payee__name",
        )  # fmt: skip
        return pairs.annotate(uses=Count("pk"), total=Sum("amount")).order_by(
            "-total", "payer", "payee"
        )

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related(
            "payer", "payee", "device", "agreed", "booking__technique", "booking__operator"
        )


class SettlementQuerySet(models.QuerySet[Any]):
    """What houses agreed for months."""

    def visible_to(self, user: Any) -> Self:
        """Those of one's houses, and of alliances one oversees."""
        access = access_of(user)
        houses = access.institutions_with(Permission.EQUIPMENT_VIEW)
        return self.filter(
            Q(payer__in=houses)
            | Q(payee__in=houses)
            | Q(alliance__in=access.alliances_with(Permission.EQUIPMENT_OVERSEE))
        )
