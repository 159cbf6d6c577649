"""Whether somebody may do something alone, and who may stand beside them if not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from alliance.catalogue.models import Technique
from alliance.core.policy import PolicySet
from alliance.institutions.models import Alliance, Institution
from alliance.people.models import Practitioner, User
from training.mentoring.selectors import mentors_of
from training.privileges.choices import Level
from training.selectors import may_perform, who_may

from . import policies
from .choices import MentorWord
from .errors import Asked
from .models import BookedPerson, Booking
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


def first_word(asked: Asked, settings: PolicySet) -> str:
    """What a booking says of its mentor to begin with; nothing where they are told only.

    Who books with themselves as mentor has agreed by that, and so has who agreed to the same time
    before a device was exchanged. Who has no account cannot be asked here: they are called.
    """
    mentor, old = asked.mentor, asked.replaces
    if mentor is None or settings["bookings.mentor_word"] != "asked":
        return ""
    if mentor.pk == getattr(asked.by, "practitioner_id", None):
        return MentorWord.AGREED
    if old is not None and (old.starts_at, old.ends_at) == asked.period:
        return old.mentor_word
    own = User.objects.filter(practitioner=mentor, is_active=True)
    if own.exists():
        return MentorWord.ASKED
    return MentorWord.CALL if settings["bookings.mentor_called"] == "called" else ""


def word_after_move(row: Booking, by: Any) -> str:
    """What the mentor's word is worth at another time: it is asked for again, but not of oneself."""
    if row.mentor_word == MentorWord.CALLED:
        return MentorWord.CALL
    if row.mentor_word == MentorWord.AGREED and not policies.is_mentor(by, row):
        return MentorWord.ASKED
    return row.mentor_word


def others_for(row: Booking, *, most: int = _MOST) -> list[Practitioner]:
    """Who else may teach in a booking and is free then; those who teach the operator first."""
    if row.technique is None:
        return []
    period = Period(row.starts_at, row.ends_at)
    on = timezone.localdate(row.starts_at)
    found = who_may_mentor(
        row.technique, row.alliance, row.place, row.operator, on, free_in=period, most=most + 1
    )
    return [one for one in found if one.pk != row.mentor_id][:most]


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
    own = {
        row.mentor_id
        for row in mentors_of([operator.pk], on=on).get(operator.pk, ())
        if row.technique_id in (None, technique.pk)
    }
    # However many may do it, those who teach the operator are among them.
    found = chain(rows.filter(practitioner__in=own), rows[: 2 * _MOST])
    people = {one.practitioner_id: one.practitioner for one in found}
    near = sorted(
        people.values(), key=lambda one: (one.pk not in own, one.institution_id != place.pk)
    )
    return near[:most]
