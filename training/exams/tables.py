"""Questions that come in from Excel and go out to it; results that go out."""

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Permission
from alliance.core.exchange.kinds import Choice, Code, Day, Text, Whole, YesNo
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
    """What results share: they leave the platform and never come in this way."""

    keepers = {}
    readers = frozenset({Permission.TRAINING_VIEW})
    titled = ("practitioner",)
    people: Sequence[Column] = (
        _shown("held_on", _("Day"), Day()),
        _shown("practitioner", _("Name"), Text(50), "practitioner.name"),
        _shown("licence", _("Licence number"), Text(30), "practitioner.licence_number"),
        _shown("institution", _("Institution"), Text(70), "institution.name"),
    )
    outcome: Sequence[Column] = (
        _shown("passed", _("Passed"), YesNo()),
        _shown("assessor", _("Assessor"), Text(50), "assessor.name"),
        _shown("note", _("Note"), Text(300)),
        _shown("voided", _("Void"), YesNo(), lambda row: row.voided_at is not None),
        _shown("void_reason", _("Reason"), Text(200)),
    )

    def plan(self, *args: Any, **options: Any) -> NoReturn:
        """Results are entered one by one."""
        raise PermissionDenied(gettext("Results are entered, never imported."))

    def save(self, *args: Any, **options: Any) -> NoReturn:
        """Results are entered one by one."""
        raise PermissionDenied(gettext("Results are entered, never imported."))


class ExamResults(_Results):
    """Results of exams as filtered on their list."""

    name = "exam-results"
    label = _("Exam results")
    columns = (
        *_Results.people,
        _shown("exam", _("Exam"), Text(60), "exam.name"),
        _shown("kind", _("Kind"), Choice(ExamKind), "exam.kind"),
        _shown("score", _("Score"), Whole(minimum=0, maximum=100)),
        *_Results.outcome,
    )

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """The rows of the list with the same query string, the newest first."""
        rows = ExamResult.objects.visible_to(by).for_list()
        return filtered(ResultFilter, rows, request).order_by("-held_on", "-pk")


class StationResults(_Results):
    """Station results as filtered on their list."""

    name = "station-results"
    label = _("Station results")
    columns = (
        *_Results.people,
        _shown("station", _("Simulation station"), Text(60), "station.name"),
        _shown("value", _("Measured value"), Text(12), lambda row: f"{row.value.normalize():f}"),
        _shown("metric", _("Measured in"), Choice(Metric), "station.metric"),
        *_Results.outcome,
    )

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """The rows of the list with the same query string, the newest first."""
        rows = StationResult.objects.visible_to(by).for_list()
        return filtered(StationResultFilter, rows, request).order_by("-held_on", "-pk")


register(Questions())
register(ExamResults())
register(StationResults())
