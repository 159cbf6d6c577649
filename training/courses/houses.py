"""The three ones of each house, as its pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.institutions.choices import Tier
from alliance.institutions.models import Institution, Membership

from .models import Contest, KeyDoctor, SimulationCentre
from .querysets import alliances_reached


def today() -> date:
    """The day the pages are about."""
    return timezone.localdate()


def in_reach(user: Any) -> QuerySet[Institution]:
    """The houses of the user's alliances."""
    members = Membership.objects.in_force(today()).filter(alliances_reached(user))
    found: QuerySet[Institution] = Institution.objects.visible_to(user).filter(
        pk__in=members.values("institution"), is_external=False, is_active=True
    )
    return found.exclude(tier=Tier.VILLAGE)


@dataclass(slots=True)
class HouseRow:
    """What one house has of the three ones."""

    house: Institution
    doctors: list[KeyDoctor] = field(default_factory=list)
    centre: SimulationCentre | None = None

    @property
    def lacks(self) -> str:
        """What its tier asks for and it does not have."""
        if self.house.tier == Tier.TOWNSHIP and not self.doctors:
            return _("no key doctor")
        if self.house.tier == Tier.COUNTY and self.centre is None:
            return _("no simulation centre")
        return ""


def rows(found: Sequence[Institution], user: Any) -> list[HouseRow]:
    """Houses with what they have today; two queries for any number of them."""
    made = {house.pk: HouseRow(house) for house in found}
    posts = KeyDoctor.objects.visible_to(user).in_force(today()).filter(institution__in=made)
    for post in posts.select_related("practitioner").order_by("valid_from"):
        made[post.institution_id].doctors.append(post)
    centres = SimulationCentre.objects.visible_to(user).in_force(today())
    for centre in centres.filter(institution__in=made):
        made[centre.institution_id].centre = centre
    return list(made.values())


def latest_contests(user: Any) -> list[Contest]:
    """The last contest of each alliance in reach."""
    held = Contest.objects.visible_to(user).standing().filter(held_on__lte=today())
    last = held.order_by("alliance", "-held_on").distinct("alliance")
    return list(last.select_related("alliance", "institution"))


def detail(house: Institution, user: Any) -> dict[str, Any]:
    """What one house has and had, the newest first."""
    (row,) = rows([house], user)
    doctors = KeyDoctor.objects.visible_to(user).filter(institution=house)
    centres = SimulationCentre.objects.visible_to(user).filter(institution=house)
    return {
        "row": row,
        "doctors": doctors.select_related("practitioner").order_by("-valid_from"),
        "centres": centres.order_by("-valid_from"),
        "today": today(),
    }
