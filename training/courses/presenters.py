"""What the pages of courses show, put into words and rows, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core.policy import policies as policy_values
from alliance.core.templatetags.times import when
from alliance.people.models import Practitioner

from . import policies, rules, selectors, workflow
from .choices import EntryStatus, Mode, SeatMove, SeatStatus
from .models import Course, CoursePart, HoursEntry, PartProgress, Seat, Session

SEAT_TONES: Mapping[str, str] = {
    SeatStatus.BOOKED: "active",
    SeatStatus.WAITING: "warn",
    SeatStatus.CANCELLED: "neutral",
    SeatStatus.ATTENDED: "good",
    SeatStatus.ABSENT: "bad",
}
ENTRY_TONES: Mapping[str, str] = {
    EntryStatus.WAITING: "warn",
    EntryStatus.CONFIRMED: "good",
    EntryStatus.REFUSED: "bad",
}


def hours(value: Decimal) -> str:
    """6, 1.5: without zeros that say nothing."""
    return f"{value.normalize():f}"


def tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """The pages of this room, those that concern the user."""
    oversees = policies.may_oversee(request.user)
    pages = [
        ("courses:index", _("Courses"), True),
        ("courses:sessions", _("Sessions"), True),
        ("courses:hours", _("My hours"), is_learner(request.user)),
        ("courses:hours_house", _("Hours of staff"), oversees),
        ("courses:contests", _("Contests"), True),
        ("courses:three_ones", _("Three ones"), True),
    ]
    return [
        {"label": label, "url": url, "active": request.path == url}
        for url, label in ((reverse(route), label) for route, label, shown in pages if shown)
    ]


def is_learner(user: Any) -> bool:
    """Whether the account is that of a practitioner who learns."""
    return user.practitioner_id is not None and policies.is_own(user, user.practitioner)


def learner(user: Any) -> Practitioner | None:
    """The practitioner who learns behind an account, if there is one."""
    found: Practitioner | None = user.practitioner if is_learner(user) else None
    return found


@dataclass(slots=True)
class CourseRow:
    """A course as the catalogue shows it to somebody."""

    course: Course
    completed_on: date | None = None
    parts: int = 0
    done: int = 0
    next_session: Session | None = None

    @property
    def hours(self) -> str:
        """Its hours as text."""
        return hours(self.course.hours)


def course_rows(courses: Sequence[Course], user: Any) -> list[CourseRow]:
    """Courses with how far the user is; the same four queries for any number of them."""
    ids = [course.pk for course in courses]
    person = learner(user)
    mine: Mapping[int, date] = {}
    done: Mapping[int, int] = {}
    if person is not None:
        today = timezone.localdate()
        mine = selectors.completed_courses([person.pk], on=today).get(person.pk, {})
        done = _parts_done(ids, person)
    parts = dict(
        CoursePart.objects.visible_to(user)
        .filter(course__in=ids, removed_at=None)
        .order_by()
        .values_list("course")
        .annotate(Count("pk"))
    )
    coming = _coming(ids, user)
    return [
        CourseRow(
            course,
            mine.get(course.pk),
            parts.get(course.pk, 0),
            done.get(course.pk, 0),
            coming.get(course.pk),
        )
        for course in courses
    ]


def _parts_done(course_ids: list[int], person: Practitioner) -> dict[int, int]:
    rows = PartProgress.objects.visible_to(person.user).filter(
        part__course__in=course_ids, part__removed_at=None, done_at__isnull=False
    )
    return dict(rows.order_by().values_list("part__course").annotate(Count("pk")))


def _coming(course_ids: list[int], user: Any) -> dict[int, Session]:
    """The next session of each course."""
    rows = (
        Session.objects.visible_to(user)
        .running()
        .filter(course__in=course_ids, starts_at__gt=timezone.now())
        .order_by("course", "starts_at")
        .distinct("course")
    )
    return {session.course_id: session for session in rows}


@dataclass(slots=True)
class PartRow:
    """A part of a course as its page shows it to somebody."""

    part: CoursePart
    progress: PartProgress | None = None

    @property
    def is_done(self) -> bool:
        """Whether the reader has done it."""
        return self.progress is not None and self.progress.done_at is not None


def part_rows(course: Course, user: Any) -> list[PartRow]:
    """The parts of a course with the reader's progress."""
    mine = {
        row.part_id: row
        for row in PartProgress.objects.visible_to(user).filter(part__course=course)
    }
    parts = CoursePart.objects.visible_to(user).filter(course=course, removed_at=None)
    return [PartRow(part, mine.get(part.pk)) for part in parts]


def next_part(rows: Iterable[PartRow]) -> CoursePart | None:
    """The first part that is not done yet."""
    return next((row.part for row in rows if not row.is_done), None)


@dataclass(slots=True)
class SessionRow:
    """A session as lists show it to somebody: how many seats are left, and how they stand to it."""

    session: Session
    now: datetime
    seat: Seat | None = None

    @property
    def has_begun(self) -> bool:
        """Whether it is too late to book."""
        return self.session.starts_at <= self.now

    @property
    def state(self) -> str:
        """How it stands, in a word, where that is worth one."""
        if self.session.cancelled_at is not None:
            return _("Called off")
        if self.session.closed_at is not None:
            return _("Attendance closed")
        if self.session.ends_at <= self.now:
            return _("Over")
        return _("Now") if self.has_begun else ""

    @property
    def room(self) -> str:
        """What is left."""
        if self.session.free > 0:
            counts = {"free": self.session.free, "seats": self.session.seats}
            return _("%(free)s of %(seats)s seats free") % counts
        return _("full, %(seats)s seats") % {"seats": self.session.seats}

    @property
    def is_open(self) -> bool:
        """Whether seats still change hands."""
        ended = self.session.cancelled_at or self.session.closed_at
        return ended is None and not self.has_begun

    @property
    def may_take(self) -> bool:
        """Whether a seat, or a place in the queue, may be asked for."""
        here = self.seat.status if self.seat else None
        return self.is_open and workflow.is_possible(here, SeatMove.QUEUE)

    @property
    def may_leave(self) -> bool:
        """Whether the seat may be given up."""
        held = self.seat is not None
        return held and self.is_open and workflow.is_possible(self.seat.status, SeatMove.LEAVE)  # type: ignore[union-attr]

    @property
    def tone(self) -> str:
        """The colour of how the reader stands to it."""
        return SEAT_TONES[self.seat.status] if self.seat else "neutral"


def session_rows(sessions: Sequence[Session], user: Any) -> list[SessionRow]:
    """Sessions with the reader's seats; one query more for any number of them."""
    now, person = timezone.now(), learner(user)
    mine: dict[int, Seat] = {}
    if person is not None:
        seats = Seat.objects.visible_to(user).filter(
            practitioner=person, session__in=[session.pk for session in sessions]
        )
        mine = {seat.session_id: seat for seat in seats}
    return [SessionRow(session, now, mine.get(session.pk)) for session in sessions]


def attendance(session: Session, user: Any) -> list[dict[str, Any]]:
    """Who has or awaits a seat, for those who may see it."""
    seats = Seat.objects.visible_to(user).for_list().filter(session=session)
    keeps = policies.may_keep(user, session.course)
    begun = session.starts_at <= timezone.now()
    marks = keeps and begun and session.closed_at is None and session.cancelled_at is None
    order = [SeatStatus.BOOKED, SeatStatus.ATTENDED, SeatStatus.ABSENT, SeatStatus.WAITING]
    shown = list(seats.exclude(status=SeatStatus.CANCELLED))
    shown.sort(key=lambda seat: (order.index(SeatStatus(seat.status)), seat.asked_at))
    return [
        {
            "seat": seat,
            "tone": SEAT_TONES[seat.status],
            "may_attend": marks and workflow.is_possible(seat.status, SeatMove.ATTEND),
            "may_miss": marks and workflow.is_possible(seat.status, SeatMove.MISS),
        }
        for seat in shown
    ]


@dataclass(slots=True)
class Year:
    """How somebody's year of learning stands."""

    year: int
    hours: Decimal
    trainings: int
    needs: dict[str, int] = field(default_factory=dict)

    @property
    def hours_text(self) -> str:
        """The hours without zeros that say nothing."""
        return hours(self.hours)

    @property
    def behind(self) -> bool:
        """Whether less was earned than is due by now."""
        return self.hours < self.needs["hours_due"] or self.trainings < self.needs["trainings_due"]


def year(person: Practitioner, *, on: date, alliance_id: int | None) -> Year:
    """A practitioner's hours and trainings of a calendar year, and what is due; three queries."""
    begin, end = rules.year_of(on)
    values = policy_values(alliance_id=alliance_id, on=on, prefix="check.courses.")
    needs = {}
    for name, key in (("hours", "hours_short.hours"), ("trainings", "thematic_short.trainings")):
        code = key.partition(".")[0]
        yearly = values[f"check.courses.{key}"]
        needs[name] = yearly
        needs[f"{name}_due"] = rules.needed_by(
            on, yearly=yearly, grace_days=values[f"check.courses.{code}.grace_days"]
        )
    return Year(
        on.year,
        selectors.hours_by([person.pk], since=begin, until=end).get(person.pk, Decimal(0)),
        selectors.thematic_by([person.pk], since=begin, until=end).get(person.pk, 0),
        needs,
    )


def entry_rows(entries: Iterable[HoursEntry], user: Any) -> list[dict[str, Any]]:
    """Hours as rows, each with what the reader may do about it."""
    return [
        {
            "entry": entry,
            "hours": hours(entry.hours),
            "tone": ENTRY_TONES[entry.status],
            "may_decide": policies.may_decide(user, entry),
        }
        for entry in entries
    ]


def waiting_for(user: Any) -> int:
    """How many claimed hours wait for this person's decision, up to 100."""
    rows = HoursEntry.objects.visible_to(user).filter(
        Q(institution__in=policies.houses_kept(user)), status=EntryStatus.WAITING
    )
    return int(rows.exclude(practitioner=user.practitioner_id or 0)[:100].count())


def course_facts(course: Course) -> list[dict[str, Any]]:
    """What a course says of itself."""
    kinds = [
        _("Thematic training") if course.is_thematic else "",
        _("Entry training of new surgeons") if course.is_entry else "",
    ]
    return [
        {"label": _("How it is taken"), "value": course.get_mode_display()},
        {"label": _("Education hours"), "value": hours(course.hours)},
        {"label": _("Offered by"), "value": course.institution or course.alliance},
        {"label": _("Technique"), "value": course.technique},
        {"label": _("Counts as"), "value": " · ".join(filter(None, kinds))},
    ]


def session_facts(row: SessionRow) -> list[dict[str, Any]]:
    """What a session says of itself."""
    session = row.session
    return [
        {"label": _("Starts"), "value": when(session.starts_at)},
        {"label": _("Ends"), "value": when(session.ends_at)},
        {"label": _("Place"), "value": f"{session.institution} · {session.place}"},
        {"label": _("Teacher"), "value": session.teacher},
        {"label": _("Seats"), "value": row.room},
        {"label": _("Education hours"), "value": hours(session.course.hours)},
    ]


def is_online(course: Course) -> bool:
    """Whether parts are what completes it."""
    return course.mode == Mode.ONLINE
