"""Courses, sessions and education hours for other systems."""

from typing import Any

from rest_framework import mixins, serializers

from alliance.core.api_support import AllianceViewSet

from .filters import CourseFilter, HoursFilter, SessionFilter
from .models import Course, HoursEntry, Session


class CourseSerializer(serializers.ModelSerializer[Course]):
    """A course of an alliance, or of one of its institutions."""

    id = serializers.UUIDField(source="public_id")
    alliance = serializers.UUIDField(source="alliance.public_id")
    institution = serializers.UUIDField(
        source="institution.public_id", default=None, allow_null=True
    )
    technique = serializers.CharField(source="technique.code", default=None, allow_null=True)

    class Meta:
        model = Course
        fields = [
            "id", "version", "alliance", "institution", "title", "mode", "technique", "hours",
            "is_thematic", "is_entry", "summary", "is_published", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class SessionSerializer(serializers.ModelSerializer[Session]):
    """A date on which a course is held, and how many seats are left."""

    id = serializers.UUIDField(source="public_id")
    course = serializers.UUIDField(source="course.public_id")
    title = serializers.CharField(source="course.title")
    institution = serializers.UUIDField(source="institution.public_id")
    teacher = serializers.CharField(source="teacher.name", default=None, allow_null=True)
    free = serializers.IntegerField()

    class Meta:
        model = Session
        fields = [
            "id", "version", "course", "title", "starts_at", "ends_at", "institution", "place",
            "teacher", "seats", "free", "cancelled_at", "cancel_reason", "closed_at",
        ]  # fmt: skip
        read_only_fields = fields


class HoursSerializer(serializers.ModelSerializer[HoursEntry]):
    """Education hours that somebody earned; they count where `status` is `confirmed`."""

    id = serializers.UUIDField(source="public_id")
    practitioner = serializers.UUIDField(source="practitioner.public_id")
    practitioner_name = serializers.CharField(source="practitioner.name")
    institution = serializers.UUIDField(source="institution.public_id")
    course = serializers.UUIDField(source="course.public_id", default=None, allow_null=True)

    class Meta:
        model = HoursEntry
        fields = [
            "id", "practitioner", "practitioner_name", "institution", "on", "hours", "kind",
            "is_thematic", "title", "ref", "course", "status", "decided_at", "refusal",
        ]  # fmt: skip
        read_only_fields = fields


class CourseViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet):
    """Courses of the caller's alliances."""

    queryset = Course.objects.all()
    serializer_class = CourseSerializer
    filterset_class = CourseFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    required_scope = "training"
    orderings = ("-created_at", "created_at")

    def get_queryset(self) -> Any:
        """With what a course names."""
        return super().get_queryset().for_list().select_related("alliance")


class SessionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet):
    """Sessions of the caller's alliances."""

    queryset = Session.objects.all()
    serializer_class = SessionSerializer
    filterset_class = SessionFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    required_scope = "training"
    orderings = ("-starts_at", "starts_at")

    def get_queryset(self) -> Any:
        """With what a session names."""
        return super().get_queryset().for_list()


class HoursViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet):
    """Education hours of the caller's staff."""

    queryset = HoursEntry.objects.all()
    serializer_class = HoursSerializer
    filterset_class = HoursFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    required_scope = "training"
    orderings = ("-on", "on")

    def get_queryset(self) -> Any:
        """With what an entry names."""
        return super().get_queryset().for_list()
