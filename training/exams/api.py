"""Exams, simulation stations and their results for other systems, and for who assesses."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers

from alliance.core.api_support import AllianceViewSet, DayField, IdempotentCreate, StrictSerializer
from alliance.people.models import Practitioner

from . import actions
from .filters import ExamFilter, ResultFilter, StationFilter, StationResultFilter
from .models import Exam, ExamResult, Station, StationResult


class ExamSerializer(serializers.ModelSerializer[Exam]):
    """An exam: online where questions are drawn, else held in person."""

    id = serializers.UUIDField(source="public_id")
    technique = serializers.CharField(source="technique.code", default=None, allow_null=True)
    is_online = serializers.BooleanField()

    class Meta:
        model = Exam
        fields = [
            "id", "version", "name", "kind", "technique", "is_online", "draw_count", "minutes",
            "pass_mark", "attempts_allowed", "wait_days", "note", "is_active", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class ResultSerializer(serializers.ModelSerializer[ExamResult]):
    """What a practitioner reached in an exam; a void result stays listed and says why."""

    id = serializers.UUIDField(source="public_id")
    exam = serializers.UUIDField(source="exam.public_id")
    practitioner = serializers.UUIDField(source="practitioner.public_id")
    institution = serializers.UUIDField(source="institution.public_id")
    is_void = serializers.SerializerMethodField()

    class Meta:
        model = ExamResult
        fields = [
            "id", "exam", "practitioner", "institution", "held_on", "score", "passed",
            "is_void", "void_reason", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_is_void(self, result: ExamResult) -> bool:
        """Whether it was taken back."""
        return result.voided_at is not None


class StationSerializer(serializers.ModelSerializer[Station]):
    """A simulation station; `threshold` is a longest time, a lowest score or a number, by `metric`."""

    id = serializers.UUIDField(source="public_id")

    class Meta:
        model = Station
        fields = [
            "id", "version", "code", "name", "kind", "metric", "threshold", "source",
            "is_verified", "order", "is_active", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class StationResultSerializer(serializers.ModelSerializer[StationResult]):
    """What a practitioner reached at a station; a void result stays listed and says why."""

    id = serializers.UUIDField(source="public_id")
    station = serializers.UUIDField(source="station.public_id")
    station_code = serializers.CharField(source="station.code")
    practitioner = serializers.UUIDField(source="practitioner.public_id")
    institution = serializers.UUIDField(source="institution.public_id")
    is_void = serializers.SerializerMethodField()

    class Meta:
        model = StationResult
        fields = [
            "id", "station", "station_code", "practitioner", "institution", "held_on", "value",
            "passed", "note", "is_void", "void_reason", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_is_void(self, result: StationResult) -> bool:
        """Whether it was taken back."""
        return result.voided_at is not None


def _named(rows: Any, field: str = "public_id") -> Any:
    return serializers.SlugRelatedField(queryset=rows, slug_field=field)


class _AssessedInput(StrictSerializer):
    """What every entered result says. The rules themselves are the action's."""

    practitioner = _named(Practitioner.objects.all())
    held_on = DayField()
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)


class ResultInput(_AssessedInput):
    """The result of an exam held in person."""

    exam = _named(Exam.objects.none())
    score = serializers.IntegerField(min_value=0, max_value=100)

    def get_fields(self) -> dict[str, Any]:
        """The fields; exams are those of the caller's alliances."""
        fields: dict[str, Any] = super().get_fields()
        if "request" in self.context:
            user = self.context["request"].user
            fields["exam"].queryset = Exam.objects.visible_to(user)
        return fields


class StationResultInput(_AssessedInput):
    """What was reached at a station, as the station is measured."""

    station = _named(Station.objects.none())
    value = serializers.DecimalField(max_digits=8, decimal_places=2)

    def get_fields(self) -> dict[str, Any]:
        """The fields; stations are those of the caller's alliances."""
        fields: dict[str, Any] = super().get_fields()
        if "request" in self.context:
            user = self.context["request"].user
            fields["station"].queryset = Station.objects.visible_to(user)
        return fields


class ExamViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet):
    """Exams of the caller's alliances."""

    queryset = Exam.objects.all()
    serializer_class = ExamSerializer
    filterset_class = ExamFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    required_scope = "training"
    orderings = ("name", "-name", "updated_at", "-updated_at")

    def get_queryset(self) -> Any:
        """Exams with what a row shows."""
        return super().get_queryset().for_list()


class StationViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet):
    """Simulation stations of the caller's alliances."""

    queryset = Station.objects.all()
    serializer_class = StationSerializer
    filterset_class = StationFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    required_scope = "training"
    orderings = ("code", "-code", "updated_at", "-updated_at")


class _AssessedViewSet(
    IdempotentCreate, mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet
):
    """What results of exams and of stations share."""

    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    required_scope = "training"
    orderings = ("-held_on", "held_on", "-updated_at", "updated_at")

    def get_queryset(self) -> Any:
        """Results with what a row shows."""
        return super().get_queryset().for_list()


@extend_schema_view(
    create=extend_schema(
        description="Enter the result of an exam held in person: an assessor's own act, not a"
        " system's.",
        request=ResultInput,
        responses={201: ResultSerializer},
    ),
)
class ExamResultViewSet(_AssessedViewSet):
    """Results of exams that the caller may see."""

    queryset = ExamResult.objects.all()
    serializer_class = ResultSerializer
    input_serializer_class = ResultInput
    filterset_class = ResultFilter

    def perform_once(self, data: dict[str, Any]) -> tuple[ExamResult, bool]:
        """Enter it as its page does."""
        return actions.record_result(by=self.request.user, **data), True


@extend_schema_view(
    create=extend_schema(
        description="Enter what somebody reached at a station: an assessor's own act, not a"
        " system's.",
        request=StationResultInput,
        responses={201: StationResultSerializer},
    ),
)
class StationResultViewSet(_AssessedViewSet):
    """Results of simulation stations that the caller may see."""

    queryset = StationResult.objects.all()
    serializer_class = StationResultSerializer
    input_serializer_class = StationResultInput
    filterset_class = StationResultFilter

    def perform_once(self, data: dict[str, Any]) -> tuple[StationResult, bool]:
        """Enter it as its page does."""
        return actions.record_station(by=self.request.user, **data), True
