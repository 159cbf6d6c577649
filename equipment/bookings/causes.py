"""What a device is booked for, told by the rooms above: open referrals of the house that books.

A room registers who knows of such causes:

    @causes.source
    def open_referrals(user, institution_id) -> Iterable[Cause]: ...

    @causes.finder
    def by_number(user, number) -> str: ...  (the address of its page, empty for none)

Both answer only with what the user may see. Its pages link to `book_url`, so that whoever starts
from a cause finds it filled in.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

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
Finder = Callable[[Any, str], str]
_sources: list[Source] = []
_finders: list[Finder] = []


def source(function: Source) -> Source:
    """Register who knows of causes."""
    _sources.append(function)
    return function


def finder(function: Finder) -> Finder:
    """Register who knows where a cause is read, closed ones too."""
    _finders.append(function)
    return function


def url_of(user: Any, number: str) -> str:
    """Where the cause of a number is read; empty where the user sees none of that number."""
    asked = number.strip().replace("\0", "")
    found = (find(user, asked) for find in _finders) if asked else iter(())
    return next((url for url in found if url), "")


def insist_known(user: Any, number: str) -> str:
    """The number, where it is empty or names something that the user sees; else refused."""
    if number.strip() and not url_of(user, number):
        raise ValidationError(_("You see no referral of this number; leave it empty if unsure."))
    return number


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
