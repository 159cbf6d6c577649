"""Rules about sets of prices."""

from datetime import date
from typing import Any, Self

from django.db.models import Q
from django.utils import timezone

from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.institutions.models import Membership
from alliance.institutions.querysets import InForceQuerySet


class PriceQuerySet(InForceQuerySet):
    """Prices of alliances."""

    def visible_to(self, user: Any) -> Self:
        """Those of the alliances of one's institutions today, and of the ones one oversees.

        Who left an alliance is shown its prices no more; what was agreed is kept with the booking.
        """
        access = access_of(user)
        houses = access.institutions_with(Permission.EQUIPMENT_VIEW)
        joined = Membership.objects.in_force(timezone.localdate()).filter(institution__in=houses)
        overseen = access.alliances_with(Permission.EQUIPMENT_OVERSEE)
        return self.filter(Q(alliance__in=joined.values("alliance")) | Q(alliance__in=overseen))

    def lasting(self, on: date) -> Self:
        """Those that count on a day or will later."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=on))

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related("type", "device__type", "device__owner")
