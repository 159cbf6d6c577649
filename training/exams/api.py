"""Exams and their results for other systems."""

from typing import Any

from rest_framework import mixins, serializers

from alliance.core.api_support import AllianceViewSet

from .filters import ExamFilter, ResultFilter
from .models import Exam, ExamResult


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


class ExamResultViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet):
    """Results of exams that the caller may see."""

    queryset = ExamResult.objects.all()
    serializer_class = ResultSerializer
    filterset_class = ResultFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    required_scope = "training"
    orderings = ("-held_on", "held_on", "-updated_at", "updated_at")

    def get_queryset(self) -> Any:
        """Results with what a row shows."""
        return super().get_queryset().for_list()
