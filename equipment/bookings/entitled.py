"""Who of a house may do a technique, and where: what a search says before it names a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q

from alliance.catalogue.models import Technique
from alliance.institutions.models import Alliance, Institution
from alliance.people.models import Practitioner
from equipment.devices.models import Device
from training.privileges.choices import Code, Level
from training.selectors import who_may

from . import mentors
from .mentors import Standing
from .searching import near_first

# Whoever may not do it for one of these reasons is not helped by a privilege of their own.
_OF_THE_HOUSE = frozenset(
    {Code.NOT_A_MEMBER, Code.NOT_IN_CATALOGUE, Code.GRADE_ABOVE_TIER, Code.INSTITUTION_NOT_ADMITTED}
)

# So many ways out are named.
_OFFERING, _NAMED = 2, 5


@dataclass(frozen=True, slots=True)
class Entitled:
    """How the reader may do it at home, and where they or their colleagues may.

    `places` is None where nobody in particular was asked about: then it is a matter of the form.
    """

    house: Institution
    standing: Standing | None = None
    mentors: Sequence[Practitioner] = field(default_factory=list)
    places: Mapping[int, Institution] | None = None
    elsewhere: Sequence[Institution] = ()
    colleagues: Sequence[Practitioner] = ()
    # Who will operate, where that is no question: then their other bookings count too.
    operator: Practitioner | None = None
    codes: frozenset[str] = field(default_factory=frozenset)
    # Where a patient may be referred instead.
    offering: Sequence[Institution] = ()

    @property
    def is_refused(self) -> bool:
        """Whether nobody of the house may do it anywhere."""
        return self.places is not None and not self.places

    @property
    def shown(self) -> list[str]:
        """The colleagues by name, as many as one sentence holds."""
        return [one.name for one in self.colleagues[:_NAMED]]

    @property
    def may_apply(self) -> bool:
        """Whether a privilege of one's own would help at home."""
        return _OF_THE_HOUSE.isdisjoint(self.codes)

    def may_use(self, device: Device) -> bool:
        """Whether it can be used where the technique may be done."""
        if self.places is None or device.owner_id in self.places:
            return True
        is_here = device.owner_id != self.house.pk and not device.type.is_fixed
        return is_here and self.house.pk in self.places


def entitled(
    me: Practitioner | None,
    technique: Technique | None,
    alliance: Alliance | None,
    house: Institution,
    on: date,
) -> Entitled:
    """What is known of a reader who wants to do something on a day."""
    if me is None or technique is None or alliance is None:
        return Entitled(house)
    standing = mentors.standing(me, technique, house, on)
    teachers: list[Practitioner] = []
    held = _held(me, technique, alliance, house, on)
    if standing.needs_mentor:
        teachers = mentors.who_may_mentor(technique, alliance, house, me, on)
        if not teachers:
            # Nobody could stand beside anybody.
            held = [one for one in held if one.level == Level.INDEPENDENT]
    own = [one for one in held if one.practitioner_id == me.pk]
    colleagues = {one.practitioner_id: one.practitioner for one in held} if not own else {}
    return Entitled(
        house,
        standing,
        teachers,
        places={one.institution_id: one.institution for one in held},
        elsewhere=[one.institution for one in own if one.institution_id != house.pk],
        colleagues=list(colleagues.values()),
        operator=me if own else next(iter(colleagues.values())) if len(colleagues) == 1 else None,
        codes=standing.codes,
        offering=() if held else _offering(technique, alliance, house, on),
    )


def _held(
    me: Practitioner, technique: Technique, alliance: Alliance, house: Institution, on: date
) -> list[Any]:
    """The privileges that count: one's own, those of the house and of who works for it."""
    rows = who_may(technique_id=technique.pk, alliance_id=alliance.pk, on=on)
    near = Q(practitioner=me) | Q(practitioner__institution=house) | Q(institution=house)
    rows = rows.filter(near)
    found = rows.select_related("practitioner", "institution")
    return list(found.order_by("practitioner__name", "pk"))


def _offering(
    technique: Technique, alliance: Alliance, house: Institution, on: date
) -> list[Institution]:
    """The nearest houses where somebody may do it alone."""
    rows = who_may(technique_id=technique.pk, alliance_id=alliance.pk, on=on)
    alone = rows.filter(level=Level.INDEPENDENT).exclude(institution=house)
    found = Institution.objects.filter(pk__in=alone.values("institution")).order_by("pk")
    return near_first(found, house)[:_OFFERING]
