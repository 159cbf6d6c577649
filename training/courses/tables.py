"""Courses, attendance and hours as tables that go out to Excel; hours also come in from it."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.core.choices import Permission
from alliance.core.exchange.kinds import (
    Choice,
    Code,
    Day,
    Kind,
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


class Hours(Kind):
    """Hours with at most one decimal."""

    empty = None

    def read(self, text: str) -> Decimal:
        """6 or 1.5; raises Unreadable otherwise."""
        try:
            number = Decimal(text.strip())
        except InvalidOperation:
            raise Unreadable(self.note()) from None
        if not number.is_finite() or number != number.quantize(Decimal("0.1")):
            raise Unreadable(self.note())
        return number

    def show(self, value: Any) -> Shown:
        """The number as a number."""
        return as_number(value)

    def note(self) -> str:
        """Its form."""
        return _("Number such as 6 or 1.5")


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


class _OutOnly(Table):
    """A table that people work on in the pages, and only take out."""

    keepers = {}
    readers = frozenset({Permission.TRAINING_VIEW, Permission.LEARNING_OWN})

    def plan(self, *args: Any, **options: Any) -> NoReturn:
        """Nothing comes in."""
        raise PermissionDenied(_("This table only goes out."))

    def save(self, *args: Any, **options: Any) -> NoReturn:
        """Nothing comes in."""
        raise PermissionDenied(_("This table only goes out."))


class CoursesTable(_OutOnly):
    """The catalogue of courses."""

    name = "courses"
    label = gettext_lazy("Courses")
    note = gettext_lazy("The courses of the alliance.")
    titled = ("title",)
    columns = (
        _shown("title", pgettext_lazy("course", "Title"), "title"),
        _shown("mode", gettext_lazy("How it is taken"), "mode", Choice(Mode)),
        _shown("owner", gettext_lazy("Offered by"), "institution.name"),
        _shown("technique", gettext_lazy("Technique"), "technique.name"),
        _shown("hours", gettext_lazy("Education hours"), "hours", Hours()),
        _shown("is_thematic", gettext_lazy("Thematic training"), "is_thematic", YesNo()),
        _shown("is_entry", gettext_lazy("Entry training"), "is_entry", YesNo()),
        _shown("is_published", gettext_lazy("Published"), "is_published", YesNo()),
    )

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Courses as filtered on their list."""
        rows = Course.objects.visible_to(by).for_list()
        return filtered(CourseFilter, rows, request).order_by("-created_at", "-pk")


def _moment(name: str) -> Any:
    def show(seat: Any) -> str:
        value = seat.session.starts_at if name == "starts_at" else seat.attended_at
        return date_format(timezone.localtime(value), "DATETIME_FORMAT") if value else ""

    return show


class AttendanceTable(_OutOnly):
    """Who has or awaits a seat at which session."""

    name = "attendance"
    label = gettext_lazy("Attendance")
    note = gettext_lazy("Seats at sessions: booked, waiting, attended, absent.")
    titled = ("practitioner",)
    columns = (
        _shown("course", gettext_lazy("Course"), "session.course.title"),
        _shown("starts_at", gettext_lazy("Starts"), _moment("starts_at")),
        _shown("place", gettext_lazy("Place"), "session.place"),
        *_PERSON,
        _shown("status", gettext_lazy("Status"), "status", Choice(SeatStatus)),
        _shown("attended_at", gettext_lazy("Checked in"), _moment("attended_at")),
    )

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Seats as filtered by the session."""
        rows = Seat.objects.visible_to(by).for_list()
        return filtered(SeatFilter, rows, request).order_by("-session__starts_at", "pk")


register(HoursTable())
register(CoursesTable())
register(AttendanceTable())
