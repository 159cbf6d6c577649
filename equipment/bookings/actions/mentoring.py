"""What the mentor of a booking says to it, and choosing another."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from alliance.core import versions
from alliance.core.errors import DomainError
from alliance.core.transactions import one_transaction
from alliance.people.models import Practitioner

from .. import judging, mentors, policies, texts
from ..choices import WAITING, Act, MentorWord, PersonRole
from ..errors import Asked
from ..models import BookedPerson, Booking
from . import common
from .booking import ask, insist_on_mentor


@one_transaction
def agree(*, booking: Booking, by: Any, at: datetime, version: int | None = None) -> Booking:
    """The mentor comes: from now on the use may begin.

    Of a mentor without an account it is recorded by who called them: the event says who, and when.
    """
    row = _of_mentor(booking, by, version)
    if row.mentor_word not in (MentorWord.ASKED, MentorWord.CALL):
        raise DomainError("not_asked", _("Nobody asks for your word any more."))
    is_mine = policies.is_mentor(by, row)
    fields = {"mentor_word": MentorWord.AGREED if is_mine else MentorWord.CALLED}
    return common.change(row, Act.MENTOR_YES if is_mine else Act.MENTOR_TEL, fields, by=by, at=at)


@one_transaction
def agree_to_series(
    *, booking: Booking, by: Any, at: datetime, version: int | None = None
) -> Booking:
    """The mentor comes to this booking, and to all others of its series in which they are asked."""
    others = Booking.objects.filter(
        series=booking.series_id, series__isnull=False, mentor=booking.mentor_id,
        status__in=WAITING, mentor_word=booking.mentor_word,
    ).exclude(pk=booking.pk)  # fmt: skip
    common.lock_all([booking.pk, *others.values_list("pk", flat=True)])
    row = agree(booking=booking, by=by, at=at, version=version)
    for one in others.order_by("pk"):
        agree(booking=one, by=by, at=at)
    return row


@one_transaction
def decline(
    *, booking: Booking, reason: str, by: Any, at: datetime, version: int | None = None
) -> Booking:
    """The mentor cannot come, asked or told or agreed before: their time is free at once.

    As with agreeing, of a mentor without an account it is recorded by who called them.
    The booking stands with its devices, so that another mentor may be chosen; until then a use that
    needs one does not begin, and giving the booking back costs nothing.
    """
    row = _of_mentor(booking, by, version)
    why = common.needed(reason)
    BookedPerson.objects.filter(booking=row, role=PersonRole.MENTOR).delete()
    fields = {"mentor_word": MentorWord.DECLINED}
    return common.change(row, Act.MENTOR_NO, fields, by=by, at=at, reason=why)


@one_transaction
def change_mentor(
    *,
    booking: Booking,
    mentor: Practitioner,
    by: Any,
    at: datetime,
    version: int | None = None,
) -> Booking:
    """Have another mentor for a booking to come; they are asked in their turn."""
    row = common.lock_to_change(booking, people=[mentor.pk])
    policies.insist(policies.may_book(by, row.institution_id))
    versions.check(row, version)
    _insist_on_time(row)
    asked = _asked(row, mentor, by, at)
    _insist(row, asked)
    was = {"was": row.mentor_id} if row.mentor_word != MentorWord.DECLINED else {}
    times = {"starts_at": row.starts_at, "ends_at": row.ends_at}
    BookedPerson.objects.update_or_create(
        booking=row, role=PersonRole.MENTOR, defaults={"practitioner": mentor, **times}
    )
    settings = judging.ground_of(asked).settings
    word = mentors.first_word(asked, settings)
    fields = {"mentor": mentor, "mentor_word": word}
    return common.change(row, Act.MENTOR_NEW, fields, by=by, at=at, data=was)


def _asked(row: Booking, mentor: Practitioner, by: Any, at: datetime) -> Asked:
    return ask(
        devices=[line.device for line in row.lines.all()], institution=row.institution,
        operator=row.operator, mentor=mentor, technique=row.technique, starts_at=row.starts_at,
        ends_at=row.ends_at, by=by, at=at, place=row.place,
    )  # fmt: skip


def _insist(row: Booking, asked: Asked) -> None:
    """Refuse, at its field and in words, who cannot be the mentor of this booking."""
    insist_on_mentor(asked.mentor, asked.operator)
    if asked.mentor == row.mentor:
        raise ValidationError({"mentor": _("Choose somebody else than now.")})
    found = judging.against_mentor(asked, besides=row)
    if found:
        told = texts.told(found, {})
        raise ValidationError({"mentor": [f"{one.text} {one.next_step}" for one in told]})


def _of_mentor(booking: Booking, by: Any, version: int | None) -> Booking:
    """The booking for this transaction alone, if it is to come and `by` speaks as its mentor."""
    row = common.lock(booking.pk)
    policies.insist(policies.is_mentor(by, row) or policies.speaks_for_mentor(by, row))
    versions.check(row, version)
    _insist_on_time(row)
    return row


def _insist_on_time(row: Booking) -> None:
    if row.status not in WAITING:
        raise DomainError("not_to_come", _("This booking has begun or ended already."))
