"""What waits for whom: the bounded reads behind home pages and the desk's inbox.

Everything here is an index range cut at a page, never a count over all that was ever filed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from alliance.core import keyset
from alliance.core.errors import BadCursor
from alliance.institutions.models import Department
from alliance.people.models import Practitioner

from .choices import Move, Status, Urgency
from .models import ReasonCode, Referral, ReferralDiagnosis, ReferralEvent
from .querysets import ReferralEventQuerySet, ReferralQuerySet
from .worklist import Worklist, condition

# Rows of one section of a home page; more are behind its link.
SECTION = 10
# Counts are read up to this and shown as "99+" beyond.
COUNTED = 100
# Where the one who sent the patient has to do something.
_SENDERS_TURN = (Status.INFO_REQUESTED, Status.RETURNED, Status.NO_SHOW, Status.REJECTED)
# A tie in urgency is no tie in order: the order of the enum is the order of the desk.
_RANKS = {urgency: rank for rank, urgency in enumerate(Urgency)}


def bounded_counts(sets: Mapping[str, Sequence[ReferralQuerySet]]) -> dict[str, str]:
    """How many rows each set (of index ranges) has, as text, in one statement, never beyond COUNTED."""
    parts = [
        (name, rows.order_by().annotate(part=Value(index)).values_list("part", flat=True)[:COUNTED])
        for index, (name, rows) in enumerate(
            (name, rows) for name, branches in sets.items() for rows in branches
        )
    ]
    if not parts:
        return {}
    (_name, first), *others = parts
    seen = Counter(first.union(*(rows for _name, rows in others), all=True) if others else first)
    totals = Counter[str]()
    for index, (name, _rows) in enumerate(parts):
        totals[name] += seen[index]
    return {name: count_text(totals[name]) for name in sets}


def count_text(number: int) -> str:
    """A bounded count in words: empty for nothing, "99+" from the bound on."""
    if number >= COUNTED:
        return f"{COUNTED - 1}+"
    return str(number) if number else ""


# --- The doctor --------------------------------------------------------------------------------


def of(name: Worklist, user: Any, institution_id: int | None, *, now: datetime) -> ReferralQuerySet:
    """The legs of a list as far as this person sees them."""
    wanted = condition(name, user=user, institution_id=institution_id, now=now)
    return lean(Referral.objects.visible_to(user).filter(wanted))


def on_the_way(user: Any, institution_id: int, *, now: datetime) -> ReferralQuerySet:
    """The legs this doctor sent that are under way, or were refused and went nowhere else yet.

    What waits for the sender comes first, then what is due first. Who is on the way back is not
    here: see `coming_back`.
    """
    ours_first = Case(
        When(status__in=_SENDERS_TURN, then=0),
        default=1,
        output_field=IntegerField(),
    )
    rows = of(Worklist.ON_THE_WAY, user, institution_id, now=now)
    return rows.order_by(ours_first, F("due_at").asc(nulls_last=True), "-pk")


def coming_back(user: Any, institution_id: int, *, now: datetime) -> ReferralQuerySet:
    """Ways back that this institution takes over or follows up, the most urgent first."""
    return _due_first(of(Worklist.COMING_BACK, user, institution_id, now=now))


def in_our_care(user: Any, institution_id: int, *, now: datetime) -> ReferralQuerySet:
    """Patients sent here whom this institution treats or still owes the way back."""
    return _due_first(of(Worklist.IN_CARE, user, institution_id, now=now))


def _due_first(rows: ReferralQuerySet) -> ReferralQuerySet:
    return rows.order_by(F("due_at").asc(nulls_last=True), "-pk")


def drafts(user: Any, institution_id: int, *, now: datetime) -> ReferralQuerySet:
    """What this person began to write and has not sent, the latest first."""
    return of(Worklist.DRAFTS, user, institution_id, now=now).order_by("-updated_at")


# --- The desk ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tray:
    """One tray of the inbox: legs in these states that `party` (a column) names us in."""

    name: str
    label: Any
    statuses: tuple[Status, ...]
    party: str = "holder"

    def of(self, user: Any, institution_id: int) -> ReferralQuerySet:
        """The legs in this tray of one institution."""
        rows = Referral.objects.visible_to(user).filter(
            status__in=self.statuses, due_at__isnull=False, **{self.party: institution_id}
        )
        return rows.filter(sent_at__isnull=False) if self.party == "receiver" else rows


TRAYS = {
    tray.name: tray
    for tray in (
        Tray("decide", gettext_lazy("To decide"), (Status.PENDING,)),
        Tray("review", gettext_lazy("To review before it leaves"), (Status.ORIGIN_REVIEW,)),
        Tray(
            "answer",
            gettext_lazy("To answer"),
            (Status.INFO_REQUESTED, Status.RETURNED, Status.NO_SHOW),
        ),
        Tray("arrange", gettext_lazy("To book"), (Status.ACCEPTED,)),
        Tray(
            "arriving",
            gettext_lazy("Arriving"),
            (Status.RESERVED, Status.IN_TRANSIT),
            party="receiver",
        ),
        Tray(
            "care",
            gettext_lazy("In care, due"),
            (Status.ARRIVED, Status.IN_CARE, Status.CARE_DONE),
        ),
    )
}


@dataclass(frozen=True)
class DeskPage:
    """One page of a tray and where the next begins (empty at the end); `whole` is all of it."""

    rows: list[Referral]
    next: str
    whole: bool

    def knows_next(self, leg: Referral) -> bool:
        """Whether what follows `leg` can be read off this page."""
        shown = [row.pk for row in self.rows]
        return leg.pk in shown and (self.whole or leg.pk != shown[-1])

    def after(self, leg: Referral) -> Referral | None:
        """The row below `leg`; below the last one the first, unless they are the same."""
        place = [row.pk for row in self.rows].index(leg.pk)
        return next((row for row in self.rows[place + 1 :] + self.rows[:1] if row != leg), None)


def desk_page(rows: ReferralQuerySet, *, after: str, size: int) -> DeskPage:
    """Rows by urgency, then by due time: one index range an urgency, cut and joined."""
    keys = _desk_keys(rows, _start(after), size + 1)
    shown = keys[:size]
    found = lean(Referral.objects.for_list()).in_bulk([pk for _rank, _due, pk in shown])
    following = position(found[shown[-1][2]]) if len(keys) > size else ""
    whole = not after and not following
    return DeskPage([found[pk] for _rank, _due, pk in shown], following, whole)


def next_on_desk(rows: ReferralQuerySet, leg: Referral) -> Referral | None:
    """The row to look at after `leg`: the following one, else the first other one."""
    found = rows.exclude(pk=leg.pk)
    start = _start(position(leg)) if leg.due_at else None
    keys = (_desk_keys(found, start, 1) if start else []) or _desk_keys(found, None, 1)
    return Referral.objects.filter(pk=keys[0][2]).first() if keys else None


def position(leg: Referral) -> str:
    """Where a leg stands on the desk, as text for the address of the page that follows it."""
    return f"{leg.urgency}.{keyset.Cursor(_order(leg.urgency), leg.due_at, leg.pk).encode()}"


def _order(urgency: str) -> str:
    return f"desk.{urgency}"


def _start(after: str) -> tuple[Urgency, keyset.Cursor] | None:
    if not after:
        return None
    urgency, _dot, cursor = after.partition(".")
    due_at = Referral._meta.get_field("due_at")
    start = keyset.decode(cursor, ordering=_order(urgency), field=due_at)
    if urgency not in Urgency.values:
        raise BadCursor("bad_cursor", _("This page link belongs to another order."))
    return Urgency(urgency), start


def _desk_keys(
    rows: ReferralQuerySet, start: tuple[Urgency, keyset.Cursor] | None, size: int
) -> list[tuple[int, datetime, int]]:
    branches = []
    for urgency, rank in _RANKS.items():
        branch = rows.filter(urgency=urgency)
        if start is not None and rank < _RANKS[start[0]]:
            continue
        if start is not None and urgency == start[0]:
            due, pk = start[1].value, start[1].pk
            branch = branch.filter(due_at__gte=due).filter(Q(due_at__gt=due) | Q(pk__gt=pk))
        cut = branch.annotate(rank=Value(rank)).order_by("due_at", "pk")
        branches.append(cut.values_list("rank", "due_at", "pk")[:size])
    first, *others = branches
    return sorted(first.union(*others, all=True) if others else first)[:size]


def arriving_today(user: Any, institution_id: int, *, now: datetime) -> ReferralQuerySet:
    """Who is booked for today or on the way and expected today, in the order of arrival."""
    rows = of(Worklist.ARRIVING, user, institution_id, now=now)
    return rows.order_by(Coalesce("expected_at", "reserved_at"), "pk")


# --- The administrator and the alliance --------------------------------------------------------


def overdue_here(user: Any, institution_id: int, *, now: datetime) -> ReferralQuerySet:
    """Legs whose clock ran out in this institution's hands, the longest first."""
    return lean(
        Referral.objects.visible_to(user)
        .filter(holder=institution_id)
        .overdue(now)
        .exclude(status=Status.DRAFT)
        .order_by("due_at")
    )


# --- What a row and a page show of a leg --------------------------------------------------------

# Only these: planning a join of ten tables takes longer than reading twenty rows of it.
_ROW = ("patient", "sender", "receiver", "holder", "diagnosis", "receiver_department")
_PAGE = (
    "patient",
    "sender",
    "receiver",
    "diagnosis",
    "receiver_department",
    "technique",
    "consent",
)
_SAID = (Move.ASK, Move.RETURN, Move.REJECT)


def lean(rows: ReferralQuerySet) -> ReferralQuerySet:
    """With exactly what a row shows."""
    return rows.select_related(None).select_related(*_ROW).defer("form_data")


def for_page(rows: ReferralQuerySet) -> ReferralQuerySet:
    """With everything that the page of one leg shows, in one statement."""
    coded = ReferralDiagnosis.objects.filter(referral=OuterRef("pk")).order_by("rank")
    return (
        rows.select_related(None)
        .select_related(*_PAGE)
        .defer("form_data")
        .annotate(
            coded=ArraySubquery(
                coded.values(json=JSONObject(name="disease__name", code="disease__code"))
            ),
            sender_department_name=_name(Department.objects.all(), "sender_department"),
            sender_doctor_name=_name(Practitioner.objects.all(), "sender_doctor"),
            receiver_doctor_name=_name(Practitioner.objects.all(), "receiver_doctor"),
        )
    )


def _name(rows: QuerySet[Any], column: str) -> Subquery:
    return Subquery(rows.filter(pk=OuterRef(column)).values("name"))


def last_words(legs: Iterable[Referral]) -> dict[int, ReferralEvent]:
    """For each leg the last question, return or refusal, in one query."""
    wanted = [
        leg.pk
        for leg in legs
        if leg.status in (Status.INFO_REQUESTED, Status.RETURNED, Status.REJECTED)
    ]
    if not wanted:
        return {}
    said = (
        _worded(ReferralEvent.objects.filter(referral__in=wanted, move__in=_SAID))
        .order_by("referral", "-version")
        .distinct("referral")
    )
    return {event.referral_id: event for event in said}


def history(leg: Referral) -> list[ReferralEvent]:
    """Every step of a leg, oldest first, with what the timeline shows."""
    return list(_worded(ReferralEvent.objects.told()).filter(referral=leg))


def _worded(events: ReferralEventQuerySet) -> ReferralEventQuerySet:
    """With `reason_words`: the coded reason as it was worded at the time, in the reader's language."""
    label = "label_zh" if (get_language() or "").startswith("zh") else "label_en"
    meant = ReasonCode.objects.filter(
        move=OuterRef("move"), code=OuterRef("reason_code"), valid_from__lte=OuterRef("at")
    ).order_by("-valid_from")
    return events.annotate(
        reason_words=Coalesce(Subquery(meant.values(label)[:1]), F("reason_code"))
    )
