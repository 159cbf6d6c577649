"""What a device is booked for, told by the rooms above: open referrals of the house that books.

A room registers who knows of such causes:

    @causes.source
    def open_referrals(user, institution_id) -> Iterable[Cause]: ...

It answers only with what the user may see. Its pages link to `book_url`, so that whoever starts
from a cause finds it filled in.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from alliance.patients.models import Patient

from . import policies

_MOST = 30


@dataclass(frozen=True, slots=True)
class Cause:
    """Something under way that a device may be booked for; its words name the patient masked."""

    number: str
    words: str
    patient: Patient | None


Source = Callable[[Any, int], Iterable[Cause]]
_sources: list[Source] = []


def source(function: Source) -> Source:
    """Register who knows of causes."""
    _sources.append(function)
    return function


def causes(user: Any, institution_id: int) -> list[Cause]:
    """What a house may book devices for now, the newest first."""
    return [one for ask in _sources for one in ask(user, institution_id)][:_MOST]


def book_url(
    user: Any, *, institution_id: int | None, number: str, patient: Any, technique: Any
) -> str:
    """Where a device is looked for, for a cause; empty for who books nothing for that house."""
    if institution_id is None or not policies.may_book(user, institution_id):
        return ""
    query = {"referral_number": number}
    if technique is not None:
        query["technique"] = technique.code
    if patient is not None:
        query["patient"] = patient.public_id
    return f"{reverse('bookings:search')}?{urlencode(query)}"
