"""Questions and results as tables that come in from Excel and go out to it."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Permission
from alliance.core.exchange.kinds import Choice, Code, Day, Measure, Text, Whole, YesNo
from alliance.core.exchange.plan import Plan, Row
from alliance.core.exchange.spec import Column, Place, Progress, Table, filtered, register

from . import actions, rules
from .choices import ExamKind, Metric, QuestionKind
from .filters import QuestionFilter, ResultFilter, StationResultFilter
from .models import ExamResult, Question, StationResult

_EXAMPLES = {"a": "6 mmHg", "b": "14 mmHg", "c": "25 mmHg"}


def _option(place: int) -> Callable[[Question], str]:
    return lambda question: question.options[place] if place < len(question.options) else ""


class Questions(Table):
    """Questions by bank and number."""

    name = "questions"
    label = _("Exam questions")
    note = _("Questions of a bank, with options, right answers and explanations.")
    titled = ("code", "text")
    keepers = {"alliance": Permission.PROGRAMME_MANAGE}
    readers = frozenset({Permission.PROGRAMME_MANAGE})
    columns = (
        Column(
            "bank",
            _("Question bank"),
            Text(60),
            required=True,
            aliases=("题库", "题库名称"),
            note=_("Name of a bank that exists."),
            example="腹腔镜基础与安全",
            source="bank.name",
            written="bank_id",
        ),
        Column(
            "code",
            _("Question number"),
            Code(20),
            required=True,
            aliases=("题号", "编号"),
            example="Q001",
        ),
        Column(
            "kind",
            _("Kind"),
            Choice(QuestionKind),
            required=True,
            aliases=("题型",),
            example=QuestionKind.SINGLE.value,
        ),
        Column(
            "text",
            _("Text of the question"),
            Text(1000),
            required=True,
            aliases=("题干", "题目"),
            example="成人气腹压力通常为",
        ),
        *(
            Column(
                f"option_{letter}",
                format_lazy(_("Option {letter}"), letter=letter.upper()),
                Text(300),
                aliases=(f"选项{letter.upper()}", letter.upper()),
                example=_EXAMPLES.get(letter, ""),
                source=_option(place),
            )
            for place, letter in enumerate(rules.LETTERS.lower())
        ),
        Column(
            "answer",
            _("Right answer"),
            Text(20),
            required=True,
            aliases=("答案", "正确答案"),
            note=_("Letters such as B or ACD; of right or wrong: A is right, B is wrong."),
            example="B",
            source=lambda question: rules.letters(question.answer),
        ),
        Column("explanation", _("Why that is right"), Text(1000), aliases=("解析",)),
        Column("is_active", _("In use"), YesNo(empty=True), aliases=("启用",), example="yes"),
    )
    key = ("bank", "code")

    def plan(self, rows: Sequence[Row], *, by: Any, place: Place) -> Plan:
        """What bringing these rows in would do."""
        return actions.plan_questions(rows=rows, by=by, alliance_id=place.alliance_id)

    def save(self, rows: Sequence[Row], *, by: Any, place: Place, progress: Progress) -> Plan:
        """Bring all rows in."""
        return actions.import_questions(
            rows=rows, by=by, alliance_id=place.alliance_id, progress=progress
        )

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Questions as filtered on their bank's page."""
        rows = Question.objects.visible_to(by).select_related("bank")
        return filtered(QuestionFilter, rows, request).order_by("bank_id", "code")


def _shown(name: str, label: Any, kind: Any, source: Any = "") -> Column:
    return Column(name, label, kind, source=source, shown_only=True)


class _Results(Table):
    """What results share: those of before come in as they go out, with nobody's void ones."""

    # Whoever holds both enters results on the pages too; the action asks again.
    keepers = {
        "institution": Permission.TRAINING_VIEW,
        "alliance": Permission.TRAINING_MANAGE,
    }
    readers = frozenset({Permission.TRAINING_VIEW})
    by_action = True
    people: Sequence[Column] = (
        Column(
            "held_on",
            _("Day"),
            Day(),
            required=True,
            aliases=("日期", "考试日期"),
            example="2026-03-01",
        ),
        Column(
            "practitioner",
            _("Licence number"),
            Code(30),
            required=True,
            aliases=("执业证书编号", "医师执业证书编码", "执业证号"),
            example="110330100000123",
            source="practitioner.licence_number",
            written="practitioner_id",
        ),
        _shown("name", _("Name"), Text(50), "practitioner.name"),
        _shown("institution", _("Institution"), Text(70), "institution.name"),
    )
    outcome: Sequence[Column] = (
        _shown("passed", _("Passed"), YesNo()),
        _shown("assessor", _("Assessor"), Text(50), "assessor.name"),
        Column("note", _("Note"), Text(300), aliases=("备注",)),
        Column(
            "voided",
            _("Void"),
            YesNo(),
            note=_("Rows with yes are left alone: what is void stays void."),
            source=lambda row: row.voided_at is not None,
        ),
        _shown("void_reason", _("Reason"), Text(200)),
    )


class ExamResults(_Results):
    """Results of exams as filtered on their list; those held in person also come in."""

    name = "exam-results"
    label = _("Exam results")
    note = _("All results go out; those of exams held in person, such as on paper, come in.")
    titled = ("practitioner", "exam")
    key = ("practitioner", "exam", "held_on")
    columns = (
        *_Results.people,
        Column(
            "exam",
            _("Exam"),
            Text(60),
            required=True,
            aliases=("考试名称",),
            note=_("Name of an exam that is held in person."),
            example="季度技能考核",
            source="exam.name",
            written="exam_id",
        ),
        _shown("kind", _("Kind"), Choice(ExamKind), "exam.kind"),
        Column(
            "score",
            _("Score"),
            Whole(minimum=0, maximum=100),
            required=True,
            aliases=("得分", "成绩"),
            example="85",
        ),
        *_Results.outcome,
    )

    def plan(self, rows: Sequence[Row], *, by: Any, place: Place) -> Plan:
        """What bringing these rows in would do."""
        return actions.plan_exam_results(rows=rows, by=by, place=place)

    def save(self, rows: Sequence[Row], *, by: Any, place: Place, progress: Progress) -> Plan:
        """Bring all rows in."""
        return actions.import_exam_results(rows=rows, by=by, place=place, progress=progress)

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """The rows of the list with the same query string, the newest first."""
        rows = ExamResult.objects.visible_to(by).for_list()
        return filtered(ResultFilter, rows, request).order_by("-held_on", "-pk")


class StationResults(_Results):
    """Station results as filtered on their list, and those of a score sheet or a trainer's disk."""

    name = "station-results"
    label = _("Station results")
    note = _("What was reached at simulation stations goes out and comes in.")
    titled = ("practitioner", "station")
    key = ("practitioner", "station", "held_on", "value")
    columns = (
        *_Results.people,
        Column(
            "station",
            _("Simulation station"),
            Text(60),
            required=True,
            aliases=("站点", "考站", "训练站点"),
            note=_("Code or name of a station."),
            example="fls_peg_transfer",
            source="station.code",
            written="station_id",
        ),
        _shown("station_name", _("Name of the station"), Text(60), "station.name"),
        Column(
            "value",
            _("Measured value"),
            Measure(maximum=999_999),
            required=True,
            aliases=("测量值", "用时"),
            note=_("Seconds, a score, or how many cases, as the station is measured."),
            example="48.5",
        ),
        _shown("metric", _("Measured in"), Choice(Metric), "station.metric"),
        *_Results.outcome,
    )

    def plan(self, rows: Sequence[Row], *, by: Any, place: Place) -> Plan:
        """What bringing these rows in would do."""
        return actions.plan_station_results(rows=rows, by=by, place=place)

    def save(self, rows: Sequence[Row], *, by: Any, place: Place, progress: Progress) -> Plan:
        """Bring all rows in."""
        return actions.import_station_results(rows=rows, by=by, place=place, progress=progress)

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """The rows of the list with the same query string, the newest first."""
        rows = StationResult.objects.visible_to(by).for_list()
        return filtered(StationResultFilter, rows, request).order_by("-held_on", "-pk")


register(Questions())
register(ExamResults())
register(StationResults())
