"""Whether somebody may do something alone, and who may stand beside them if not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q

from alliance.catalogue.models import Technique
from alliance.institutions.models import Alliance, Institution
from alliance.people.models import Practitioner
from training.mentoring.selectors import mentors_of
from training.privileges.choices import Level
from training.selectors import may_perform, who_may

from .models import BookedPerson
from .rules import Period

_MOST = 60


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody may perform a technique at a place: yes, supervised or no, and why not."""

    verdict: str
    reasons: Sequence[str]
    codes: frozenset[str] = frozenset()

    @property
    def needs_mentor(self) -> bool:
        """Whether a mentor has to be booked too."""
        return self.verdict == "supervised"


def standing(person: Practitioner, technique: Technique, place: Institution, on: date) -> Standing:
    """How somebody may do it there on a day."""
    answer = may_perform(
        practitioner_id=person.pk, technique_id=technique.pk, institution_id=place.pk, on=on
    )
    texts = [reason.text for reason in answer.reasons]
    return Standing(str(answer.verdict), texts, frozenset(answer.codes))


def who_may_mentor(
    technique: Technique,
    alliance: Alliance,
    place: Institution,
    operator: Practitioner,
    on: date,
    *,
    free_in: Period | None = None,
    most: int = _MOST,
) -> list[Practitioner]:
    """Who may do it alone there or at home, who teaches the operator first, then those of the place.

    With a period only those who are booked nowhere else then.
    """
    held = who_may(technique_id=technique.pk, alliance_id=alliance.pk, on=on)
    counts = Q(institution=place) | Q(institution=F("practitioner__institution"))
    rows: Any = held.filter(counts, level=Level.INDEPENDENT, practitioner__is_active=True)
    rows = rows.exclude(practitioner=operator)
    if free_in is not None:
        bound = BookedPerson.objects.bound(*free_in)
        rows = rows.exclude(practitioner__in=bound.values("practitioner"))
    rows = rows.select_related("practitioner__institution").order_by("practitioner__name", "pk")
    people = {one.practitioner_id: one.practitioner for one in rows[: 2 * _MOST]}
    own = {
        row.mentor_id
        for row in mentors_of([operator.pk], on=on).get(operator.pk, ())
        if row.technique_id in (None, technique.pk)
    }
    near = sorted(
        people.values(), key=lambda one: (one.pk not in own, one.institution_id != place.pk)
    )
    return near[:most]
