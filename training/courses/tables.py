"""Courses, attendance and hours as tables that go out to Excel and come in from it."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.core.choices import Permission
from alliance.core.exchange.kinds import (
    Choice,
    Code,
    Day,
    Kind,
    Moment,
    Shown,
    Text,
    Unreadable,
    YesNo,
    as_number,
)
from alliance.core.exchange.plan import Plan, Row
from alliance.core.exchange.spec import Column, Place, Progress, Table, filtered, register

from . import actions
from .choices import EntryStatus, HoursKind, Mode, SeatStatus
from .filters import CourseFilter, HoursFilter, SeatFilter
from .models import Course, HoursEntry, Seat

_MOST = 500


class Hours(Kind):
    """Hours with at most one decimal, as many as the tables take."""

    empty = None

    def read(self, text: str) -> Decimal:
        """6 or 1.5; raises Unreadable otherwise."""
        try:
            number = Decimal(text.strip())
        except InvalidOperation:
            raise Unreadable(self.note()) from None
        if not (number.is_finite() and 0 <= number <= _MOST and number == round(number, 1)):
            raise Unreadable(self.note())
        return number

    def show(self, value: Any) -> Shown:
        """The number as a number."""
        return as_number(value)

    def note(self) -> str:
        """Its form."""
        return _("Number such as 6 or 1.5, at most %(most)s") % {"most": _MOST}


_LICENCE = Column(
    "practitioner",
    gettext_lazy("Licence number"),
    Code(30),
    required=True,
    aliases=("执业证书编号", "医师执业证书编码", "执业证号"),
    example="110330100000123",
    source="practitioner.licence_number",
    written="practitioner_id",
)


def _shown(name: str, label: Any, source: Any, kind: Kind | None = None) -> Column:
    return Column(name, label, kind or Text(200), source=source, shown_only=True)


_PERSON = (
    _LICENCE,
    _shown("name", gettext_lazy("Name"), "practitioner.name"),
    _shown("institution", gettext_lazy("Institution"), "practitioner.institution.name"),
)


class HoursTable(Table):
    """Education hours by person, day and title; those from elsewhere come in from Excel."""

    name = "education-hours"
    label = gettext_lazy("Education hours")
    note = gettext_lazy("Hours earned elsewhere come in; all hours go out.")
    titled = ("practitioner", "title")
    keepers = {"institution": Permission.TRAINING_VIEW}
    readers = frozenset({Permission.TRAINING_VIEW, Permission.LEARNING_OWN})
    columns = (
        *_PERSON,
        Column(
            "on",
            gettext_lazy("Date"),
            Day(),
            required=True,
            aliases=("学习日期",),
            example="2026-03-01",
        ),
        Column(
            "title",
            pgettext_lazy("course", "Title"),
            Text(100),
            required=True,
            aliases=("项目名称", "学习内容", "名称"),
            example="省级腹腔镜学习班",
        ),
        Column("hours", gettext_lazy("Education hours"), Hours(), required=True, example="6"),
        Column("ref", gettext_lazy("Certificate number"), Text(60), aliases=("证书号",)),
        Column("is_thematic", gettext_lazy("Thematic training"), YesNo()),
        _shown("kind", gettext_lazy("Kind"), "kind", Choice(HoursKind)),
        _shown("status", gettext_lazy("Status"), "status", Choice(EntryStatus)),
    )

    def plan(self, rows: Sequence[Row], *, by: Any, place: Place) -> Plan:
        """What bringing these hours in would do."""
        return actions.plan_hours(rows=rows, by=by, on=place.on)

    def save(self, rows: Sequence[Row], *, by: Any, place: Place, progress: Progress) -> Plan:
        """Bring all hours in."""
        return actions.import_hours(rows=rows, by=by, on=place.on, progress=progress)

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Hours as filtered on their list."""
        rows = HoursEntry.objects.visible_to(by).select_related("practitioner__institution")
        return filtered(HoursFilter, rows, request).order_by("-on", "-pk")


class CoursesTable(Table):
    """The catalogue of courses; new ones come in as drafts."""

    name = "courses"
    label = gettext_lazy("Courses")
    note = gettext_lazy("Courses go out; new ones come in as drafts, to be filled and published.")
    titled = ("title",)
    key = ("owner", "title")
    keepers = {
        "institution": Permission.TRAINING_VIEW,
        "alliance": Permission.PROGRAMME_MANAGE,
    }
    readers = frozenset({Permission.TRAINING_VIEW, Permission.LEARNING_OWN})
    by_action = True
    columns = (
        Column(
            "title",
            pgettext_lazy("course", "Title"),
            Text(100),
            required=True,
            aliases=("课程名称", "名称"),
            example="清创缝合实训",
        ),
        Column(
            "mode",
            gettext_lazy("How it is taken"),
            Choice(Mode),
            required=True,
            aliases=("授课方式",),
            example=Mode.ONSITE.value,
        ),
        Column(
            "owner",
            gettext_lazy("Offered by"),
            Text(70),
            aliases=("主办单位",),
            note=gettext_lazy("Code or name; left empty it is your own."),
            source="institution.name",
            written="owner_id",
        ),
        Column(
            "technique",
            gettext_lazy("Technique code"),
            Text(200),
            aliases=("手术操作编码", "手术编码", "技术编码"),
            note=gettext_lazy("Code or name; empty: in general."),
            example="86.2200x011",
            source="technique.code",
            written="technique_id",
        ),
        _shown("technique_name", gettext_lazy("Technique name"), "technique.name"),
        Column(
            "hours",
            gettext_lazy("Education hours"),
            Hours(),
            required=True,
            aliases=("学时",),
            example="6",
        ),
        Column("is_thematic", gettext_lazy("Thematic training"), YesNo()),
        Column("is_entry", gettext_lazy("Entry training"), YesNo()),
        Column("summary", gettext_lazy("What it is about"), Text(2000), aliases=("课程简介",)),
        _shown("is_published", gettext_lazy("Published"), "is_published", YesNo()),
    )

    def plan(self, rows: Sequence[Row], *, by: Any, place: Place) -> Plan:
        """What adding these courses would do."""
        return actions.plan_courses(rows=rows, by=by, place=place)

    def save(self, rows: Sequence[Row], *, by: Any, place: Place, progress: Progress) -> Plan:
        """Add all courses."""
        return actions.import_courses(rows=rows, by=by, place=place, progress=progress)

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Courses as filtered on their list."""
        rows = Course.objects.visible_to(by).for_list()
        return filtered(CourseFilter, rows, request).order_by("-created_at", "-pk")


class AttendanceTable(Table):
    """Who has or awaits a seat at which session; sheets that people signed come in."""

    name = "attendance"
    label = gettext_lazy("Attendance")
    note = gettext_lazy("Seats at sessions go out; who was there and who was not comes in.")
    titled = ("practitioner",)
    key = ("course", "starts_at", "practitioner")
    keepers = {
        "institution": Permission.TRAINING_VIEW,
        "alliance": Permission.PROGRAMME_MANAGE,
    }
    readers = frozenset({Permission.TRAINING_VIEW, Permission.LEARNING_OWN})
    by_action = True
    columns = (
        Column(
            "course",
            gettext_lazy("Course"),
            Text(100),
            required=True,
            aliases=("课程名称", "培训名称"),
            example="清创缝合实训",
            source="session.course.title",
        ),
        Column(
            "starts_at",
            gettext_lazy("Starts"),
            Moment(),
            required=True,
            aliases=("开始时间", "培训时间"),
            example="2026-03-02 14:30",
            source="session.starts_at",
        ),
        _shown("place", gettext_lazy("Place"), "session.place"),
        *_PERSON,
        Column(
            "status",
            gettext_lazy("Status"),
            Choice(SeatStatus),
            aliases=("签到情况", "出勤情况"),
            note=gettext_lazy("Attended or absent; left empty: attended."),
            example=SeatStatus.ATTENDED.value,
        ),
        _shown("attended_at", gettext_lazy("Checked in"), "attended_at", Moment()),
    )

    def plan(self, rows: Sequence[Row], *, by: Any, place: Place) -> Plan:
        """What entering this attendance would do."""
        return actions.plan_attendance(rows=rows, by=by, place=place)

    def save(self, rows: Sequence[Row], *, by: Any, place: Place, progress: Progress) -> Plan:
        """Enter all of it."""
        return actions.import_attendance(rows=rows, by=by, place=place, progress=progress)

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Seats as filtered by the session."""
        rows = Seat.objects.visible_to(by).for_list()
        return filtered(SeatFilter, rows, request).order_by("-session__starts_at", "pk")


register(HoursTable())
register(CoursesTable())
register(AttendanceTable())
