"""A referral in two lines: who and what, then where and when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.core.templatetags.times import when
from alliance.patients.models import Patient
from alliance.patients.rules import age_in_months, age_on

from ..choices import Status, Urgency
from ..models import Referral
from .acts import READ_FIRST, Act, row_act

# From this age on people are told in years.
_INFANT_MONTHS = 24
# A row is read at a glance; its page has the rest.
_GLANCE = 60


@dataclass(frozen=True)
class Reader:
    """Who reads, and for which institution (None for overseers)."""

    user: Any
    institution_id: int | None


@dataclass(frozen=True)
class Row:
    """What a list shows of one leg; nothing here identifies the patient."""

    leg: Referral
    url: str
    title: str
    meta: str
    other: str
    place: str
    said: str = ""
    due: datetime | None = None
    warn: datetime | None = None
    holder: str = ""
    note: str = ""
    late: bool = False
    act: Act | None = None
    current: bool = False

    @property
    def urgency(self) -> str:
        """The urgency where it is worth a mark."""
        return "" if self.leg.urgency == Urgency.ROUTINE else self.leg.urgency

    @property
    def is_refused(self) -> bool:
        """Whether the row's act is to find another place."""
        return self.leg.status == Status.REJECTED and self.act is not None

    @property
    def desk_note(self) -> str:
        """What the tray does not say: when the patient comes, the state, or the department asked for."""
        if self.leg.status in (Status.RESERVED, Status.IN_TRANSIT):
            return self.note
        if self.leg.status not in (Status.PENDING, Status.ACCEPTED):
            return str(self.leg.get_status_display())
        return str(self.leg.receiver_department or "")


def age_words(birth_date: date, on: date) -> str:
    """46 y, or 7 months for infants."""
    months = age_in_months(birth_date, on)
    if months < _INFANT_MONTHS:
        return ngettext("%(n)d month", "%(n)d months", months) % {"n": months}
    years = age_on(birth_date, on)
    return _("%(n)d y") % {"n": years}


def who(patient: Patient | None, on: date) -> str:
    """Sex and age."""
    if patient is None:
        return ""
    return f"{patient.get_sex_display()} {age_words(patient.birth_date, on)}"


def what(leg: Referral) -> str:
    """The main diagnosis with its code, or the first words of the impression."""
    return _coded(leg) or Truncator(leg.preliminary_impression.split("\n", 1)[0]).chars(_GLANCE)


def _coded(leg: Referral) -> str:
    return f"{leg.diagnosis.name} {leg.diagnosis.code}" if leg.diagnosis else ""


def title_of(leg: Referral, reader: Reader) -> str:
    """The masked name, for overseers the number; a draft may have no patient yet."""
    if reader.institution_id is None:
        return leg.number
    return leg.patient.masked_name if leg.patient else _("Draft")


def warn_moment(leg: Referral) -> datetime | None:
    """When the clock turned amber: the next alert while that is still the warning, else the past."""
    if leg.due_at is None:
        return None
    if leg.next_alert_at is not None and leg.next_alert_at < leg.due_at:
        return leg.next_alert_at
    return leg.state_since


def other_side(leg: Referral, reader: Reader) -> str:
    """The institution at the other end, seen from the reader; both ends for overseers."""
    if reader.institution_id == leg.sender_id:
        return _("to %(place)s") % {"place": _receiver(leg)} if leg.receiver_id else ""
    if reader.institution_id == leg.receiver_id:
        return _("from %(place)s") % {"place": leg.sender}
    return f"{leg.sender} → {_receiver(leg)}" if leg.receiver_id else str(leg.sender)


def _receiver(leg: Referral) -> str:
    if leg.receiver_department is None:
        return str(leg.receiver)
    return f"{leg.receiver} {leg.receiver_department}"


def row_of(
    leg: Referral,
    reader: Reader,
    *,
    now: datetime,
    said: str = "",
    current: bool = False,
    url: str = "",
) -> Row:
    """One leg as a row; reads only what `for_list` loaded."""
    on = timezone.localdate(now)
    # Overseers, who have no institution here, read the leg and not the patient.
    person = (who(leg.patient, on), what(leg)) if reader.institution_id else (_coded(leg),)
    meta = " · ".join(part for part in person if part)
    other = other_side(leg, reader)
    holder = leg.holder if leg.holder_id != reader.institution_id else None
    return Row(
        leg=leg,
        url=url or leg.get_absolute_url(),
        title=title_of(leg, reader),
        meta=meta,
        other=other,
        place=" · ".join(part for part in (other, leg.get_direction_display()) if part),
        said=said,
        due=leg.due_at,
        warn=warn_moment(leg),
        holder=str(holder or ""),
        note=note_of(leg),
        late=leg.due_at is not None and leg.due_at <= now,
        act=_act(leg, reader, url),
        current=current,
    )


def _act(leg: Referral, reader: Reader, url: str) -> Act | None:
    """The row's act; what is decided after reading leads where the row leads."""
    act = row_act(reader.user, leg, institution_id=reader.institution_id)
    return replace(act, url=url) if url and act and act.move in READ_FIRST else act


def note_of(leg: Referral) -> str:
    """What the moment of the row is, where the clock alone does not tell."""
    if leg.status == Status.RESERVED and leg.reserved_at:
        parts = [_("appointment %(when)s") % {"when": when(leg.reserved_at)}, leg.reserved_place]
        return " · ".join(part for part in parts if part)
    if leg.status == Status.IN_TRANSIT and leg.expected_at:
        return _("expected %(when)s") % {"when": when(leg.expected_at)}
    if leg.status == Status.DRAFT:
        return _("changed %(when)s") % {"when": when(leg.updated_at)}
    if leg.closed_at:
        return when(leg.closed_at)
    return ""


def rows_of(
    legs: Iterable[Referral],
    reader: Reader,
    *,
    now: datetime,
    words: Mapping[int, str] | None = None,
) -> list[Row]:
    """Legs as rows, each with what was last said about it."""
    said = words or {}
    return [row_of(leg, reader, now=now, said=said.get(leg.pk, "")) for leg in legs]


def words_of(events: Mapping[int, Any]) -> dict[int, str]:
    """For each leg the question, or the reason of its return or refusal, in one line."""
    said = {}
    for leg_id, event in events.items():
        parts = [
            event.reason_words,
            event.reason,
            str(event.data.get("question") or ""),
        ]
        said[leg_id] = Truncator(" · ".join(part for part in parts if part)).chars(2 * _GLANCE)
    return said
