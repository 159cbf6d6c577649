"""Mentorships, guidance and postings as tables that go out to Excel and come in from it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Permission
from alliance.core.exchange.kinds import Choice, Code, Day, Many, Moment, Text, Whole
from alliance.core.exchange.plan import Plan, Row
from alliance.core.exchange.spec import Column, Level, Place, Progress, Table, filtered, register

from . import actions
from .choices import Assessment, MentorshipStatus, Mode, PostingKind, PostingStatus
from .filters import GuidanceFilter, MentorshipFilter, PostingFilter
from .models import GuidanceSession, Mentorship, Posting

_NAME, _LONG, _LICENCE = Text(100), Text(2000), Code(30)
_ARRANGERS: Mapping[Level, Permission] = {
    "institution": Permission.TRAINING_MANAGE,
    "alliance": Permission.TRAINING_MANAGE,
}


def _shown(name: str, label: Any, kind: Any = _NAME, source: Any = "") -> Column:
    return Column(name, label, kind, source=source, shown_only=True)


def _person(name: str, label: Any, *aliases: str, example: str) -> Column:
    return Column(
        name, label, _LICENCE, required=True, aliases=aliases, example=example,
        source=f"{name}.licence_number", written=f"{name}_id",
    )  # fmt: skip


def _house(name: str, label: Any, *aliases: str, written: str, required: bool = True) -> Column:
    note = _("Code or name.") if required else _("Code or name; left empty it is your own.")
    return Column(
        name, label, Text(70), required=required, aliases=aliases, note=note,
        source=f"{name}.uscc", written=written,
    )  # fmt: skip


_TECHNIQUE = (
    Column(
        "technique",
        _("Technique code"),
        Text(200),
        aliases=("手术操作编码", "手术编码", "技术编码"),
        note=_("Code or name; empty: in general."),
        example="47.0100",
        source="technique.code",
        written="technique_id",
    ),
    _shown("technique_name", _("Technique name"), Text(200), "technique.name"),
)
_PERIOD = (
    Column(
        "valid_from",
        _("From"),
        Day(),
        required=True,
        aliases=("开始日期",),
        example="2027-01-01",
    ),
    Column(
        "valid_until",
        _("Until"),
        Day(),
        required=True,
        aliases=("结束日期", "截止日期"),
        note=_("The first day after it."),
        example="2027-07-01",
    ),
)


def _people(session: GuidanceSession) -> list[str]:
    return [person.licence_number for person in session.participants.all()]


def _names(session: GuidanceSession) -> str:
    return ", ".join(person.name for person in session.participants.all())


class Postings(Table):
    """Dispatch and rotation with days present and assessment; a year's plan comes in as a file."""

    name = "postings"
    label = _("Dispatch and rotation")
    note = _("Comes in as plans; beginning, days present and assessments are entered on the pages.")
    titled = ("practitioner", "valid_from")
    key = ("practitioner", "kind", "to_institution", "valid_from")
    keepers = _ARRANGERS
    readers = frozenset({Permission.TRAINING_VIEW})
    by_action = True
    columns: Sequence[Column] = (
        Column("kind", _("Kind"), Choice(PostingKind), required=True, example="rotation"),
        _person(
            "practitioner", _("Licence number"), "执业证书编号", "执业证号",
            example="110330100000123",
        ),
        _shown("practitioner_name", _("Name"), source="practitioner.name"),
        _shown("title", _("Title"), source=lambda row: row.practitioner.get_title_code_display()),
        _shown("sender", _("Sending institution"), source="from_institution.name"),
        _house(
            "to_institution", _("Receiving institution's credit code"), "接收机构代码",
            written="to_id",
        ),
        _shown("receiver", _("Receiving institution"), source="to_institution.name"),
        Column(
            "department",
            _("Department"),
            _NAME,
            aliases=("科室",),
            note=_("Name of a department of the receiving institution."),
            source="department.name",
            written="department_id",
        ),
        *_PERIOD,
        _shown("status", _("Status"), Choice(PostingStatus)),
        _shown("present", _("Days present"), Whole(minimum=0, maximum=9999)),
        _shown("assessment", _("Assessment"), Choice(Assessment)),
        Column(
            "plan", _("Plan"), _LONG, required=True, aliases=("工作计划",),
            example="普外科轮训，跟台学习",
        ),
        _shown("reason", _("Reason"), _LONG),
    )  # fmt: skip

    def plan(self, rows: Sequence[Row], *, by: Any, place: Place) -> Plan:
        """What bringing these rows in would do."""
        return actions.plan_postings(rows=rows, by=by, place=place)

    def save(self, rows: Sequence[Row], *, by: Any, place: Place, progress: Progress) -> Plan:
        """Bring all rows in."""
        return actions.import_postings(rows=rows, by=by, place=place, progress=progress)

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """The rows of the list with the same query string, the latest first."""
        rows = Posting.objects.visible_to(by).for_list()
        found = filtered(PostingFilter, rows.with_days_present(), request)
        return found.order_by("-valid_from", "-pk")


class Mentorships(Table):
    """Who teaches whom; a file proposes, and people agree by themselves."""

    name = "mentorships"
    label = _("Mentorships")
    note = _("Comes in as proposals: whoever has an account is asked, others agree by their house.")
    titled = ("mentor", "mentee")
    key = ("mentor", "mentee", "technique", "valid_from")
    keepers = _ARRANGERS
    readers = frozenset({Permission.TRAINING_VIEW})
    by_action = True
    columns: Sequence[Column] = (
        _person(
            "mentor", _("Mentor's licence number"), "带教执业证号", "导师执业证号",
            example="110330100000456",
        ),
        _shown("mentor_name", _("Mentor's name"), source="mentor.name"),
        _shown("mentor_house", _("Mentor's institution"), source="mentor_institution.name"),
        _person(
            "mentee", _("Mentee's licence number"), "学员执业证号", example="110330100000123"
        ),
        _shown("mentee_name", _("Mentee's name"), source="mentee.name"),
        _shown("mentee_house", _("Mentee's institution"), source="mentee_institution.name"),
        *_TECHNIQUE,
        *_PERIOD,
        _shown("status", _("Status"), Choice(MentorshipStatus)),
        Column(
            "goals", _("Goals"), _LONG, required=True, aliases=("带教目标",),
            example="独立完成腹腔镜阑尾切除术",
        ),
        _shown("reason", _("Reason"), _LONG),
    )  # fmt: skip

    def plan(self, rows: Sequence[Row], *, by: Any, place: Place) -> Plan:
        """What bringing these rows in would do."""
        return actions.plan_mentorships(rows=rows, by=by, place=place)

    def save(self, rows: Sequence[Row], *, by: Any, place: Place, progress: Progress) -> Plan:
        """Bring all rows in."""
        return actions.import_mentorships(rows=rows, by=by, place=place, progress=progress)

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """The rows of the list with the same query string, the latest first."""
        rows = Mentorship.objects.visible_to(by).for_list()
        return filtered(MentorshipFilter, rows, request).order_by("-valid_from", "-pk")


class GuidanceSessions(Table):
    """Guidance on site and remote; minutes name no patients."""

    name = "guidance-sessions"
    label = _("Guidance")
    note = _("Sessions that were held, with the numbers of the cases they were about.")
    titled = ("mentor", "starts_at")
    key = ("mentor", "starts_at")
    keepers = {"institution": Permission.TRAINING_VIEW}
    readers = frozenset({Permission.TRAINING_VIEW})
    by_action = True
    columns: Sequence[Column] = (
        Column(
            "starts_at", _("Began"), Moment(), required=True, aliases=("开始时间",),
            example="2026-03-02 14:30",
        ),
        Column(
            "minutes_taken", _("Length in minutes"), Whole(minimum=1, maximum=9999),
            required=True, aliases=("时长",), example="90", source="length",
        ),
        Column("mode", _("Mode"), Choice(Mode), required=True, example="onsite"),
        _person(
            "mentor", _("Mentor's licence number"), "带教执业证号", "导师执业证号",
            example="110330100000456",
        ),
        _shown("mentor_name", _("Mentor's name"), source="mentor.name"),
        _house(
            "institution", _("Credit code of the guided institution"), "受指导机构代码",
            written="institution_id", required=False,
        ),
        _shown("institution_name", _("Guided institution"), source="institution.name"),
        Column(
            "participants", _("Licence numbers of those guided"), Many(_LICENCE), required=True,
            aliases=("受指导人员执业证号",), example="110330100000123", source=_people,
            written="people",
        ),
        _shown("people", _("Who was guided"), _LONG, source=_names),
        *_TECHNIQUE,
        Column(
            "case_numbers", _("Case numbers"), Many(Code(40, exact=True)), aliases=("病例号", "病案号"),
            note=_(
                "Hospital case numbers from the logbooks of those who took part. They come in only:"
                " a file that goes out names no patients."
            ),
            example="ZY20260302", source=lambda _row: (), written="case_ids",
        ),
        _shown("case_count", _("Cases"), Whole(minimum=0, maximum=9999)),
        Column(
            "minutes", _("Minutes of the session"), Text(4000), required=True,
            aliases=("指导记录",), example="示范清创缝合三例，下周复查操作要点",
        ),
        Column(
            "struck_reason", _("Struck out"), Text(300),
            note=_("Rows that say why they were struck out are left alone."),
        ),
    )  # fmt: skip

    def plan(self, rows: Sequence[Row], *, by: Any, place: Place) -> Plan:
        """What bringing these rows in would do."""
        return actions.plan_sessions(rows=rows, by=by, place=place)

    def save(self, rows: Sequence[Row], *, by: Any, place: Place, progress: Progress) -> Plan:
        """Bring all rows in."""
        return actions.import_sessions(rows=rows, by=by, place=place, progress=progress)

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """The rows of the list with the same query string, the latest first."""
        rows = GuidanceSession.objects.visible_to(by).for_list().with_length()
        found = filtered(GuidanceFilter, rows, request).order_by("-starts_at", "-pk")
        return found.annotate(case_count=Count("cases"))


register(GuidanceSessions())
register(Mentorships())
register(Postings())
