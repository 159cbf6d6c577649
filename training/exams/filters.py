"""What exams, questions and results can be filtered by, on pages and in the API."""

import django_filters
from django.utils.translation import gettext_lazy as _

from alliance.core.filters import BooleanFilter, PublicIdFilter, SearchFilter
from alliance.core.forms import DateInput

from .choices import ExamKind, QuestionKind, StationKind
from .models import Exam, ExamResult, Question, Station, StationResult

_PEOPLE = ("practitioner__name__icontains", "practitioner__pinyin__startswith")


class ExamFilter(django_filters.FilterSet):
    """Exams by name, kind and whether they are held."""

    search = SearchFilter("name__icontains")
    kind = django_filters.ChoiceFilter(choices=ExamKind.choices, label=_("Kind"))
    is_active = BooleanFilter(label=_("In use"))

    class Meta:
        model = Exam
        fields: list[str] = []


class QuestionFilter(django_filters.FilterSet):
    """Questions by words, number, kind and whether they are drawn."""

    search = SearchFilter("text__icontains", "code__iexact")
    kind = django_filters.ChoiceFilter(choices=QuestionKind.choices, label=_("Kind"))
    is_active = BooleanFilter(label=_("In use"))
    bank = PublicIdFilter("bank", label=_("Question bank"))

    class Meta:
        model = Question
        fields: list[str] = []


class BankQuestionFilter(QuestionFilter):
    """The same on the page of one bank."""

    bank = None  # type: ignore[assignment]


class _AssessedFilter(django_filters.FilterSet):
    """What results of exams and of stations share."""

    search = SearchFilter(*_PEOPLE)
    passed = BooleanFilter(label=_("Passed"))
    since = django_filters.DateFilter(
        field_name="held_on", lookup_expr="gte", label=_("From"), widget=DateInput()
    )
    until = django_filters.DateFilter(
        field_name="held_on", lookup_expr="lte", label=_("To"), widget=DateInput()
    )
    voided = BooleanFilter(
        field_name="voided_at", lookup_expr="isnull", exclude=True, label=_("Void")
    )


class ResultFilter(_AssessedFilter):
    """Results of exams by person, house, exam, outcome and day."""

    kind = django_filters.ChoiceFilter(
        field_name="exam__kind", choices=ExamKind.choices, label=_("Kind")
    )
    exam = PublicIdFilter("exam", label=_("Exam"))
    institution = PublicIdFilter("institution", label=_("Institution"))
    practitioner = PublicIdFilter("practitioner", label=_("Practitioner"))

    class Meta:
        model = ExamResult
        fields: list[str] = []


class ResultPageFilter(ResultFilter):
    """The same without what only systems name."""

    exam = institution = practitioner = None  # type: ignore[assignment]

    class Meta(ResultFilter.Meta):
        pass


class StationFilter(django_filters.FilterSet):
    """Stations by name, kind and whether they are used."""

    search = SearchFilter("name__icontains", "code__iexact")
    kind = django_filters.ChoiceFilter(choices=StationKind.choices, label=_("Kind"))
    is_active = BooleanFilter(label=_("In use"))

    class Meta:
        model = Station
        fields: list[str] = []


class StationResultFilter(_AssessedFilter):
    """Station results by person, house, station, outcome and day."""

    kind = django_filters.ChoiceFilter(
        field_name="station__kind", choices=StationKind.choices, label=_("Kind")
    )
    station = PublicIdFilter("station", label=_("Simulation station"))
    institution = PublicIdFilter("institution", label=_("Institution"))
    practitioner = PublicIdFilter("practitioner", label=_("Practitioner"))

    class Meta:
        model = StationResult
        fields: list[str] = []


class StationResultPageFilter(StationResultFilter):
    """The same without what only systems name."""

    station = institution = practitioner = None  # type: ignore[assignment]

    class Meta(StationResultFilter.Meta):
        pass
