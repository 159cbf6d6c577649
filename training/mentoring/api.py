"""Mentorships and postings for other systems."""

from __future__ import annotations

from typing import Any

from rest_framework import mixins, serializers

from alliance.core.api_support import AllianceViewSet

from .choices import Assessment
from .filters import MentorshipFilter, PostingFilter
from .models import Mentorship, Posting


class MentorshipSerializer(serializers.ModelSerializer[Mentorship]):
    """Who teaches whom; the period is half-open: `valid_until` is the first day after it."""

    id = serializers.UUIDField(source="public_id")
    mentor = serializers.UUIDField(source="mentor.public_id")
    mentor_name = serializers.CharField(source="mentor.name")
    mentor_institution = serializers.UUIDField(source="mentor_institution.public_id")
    mentee = serializers.UUIDField(source="mentee.public_id")
    mentee_name = serializers.CharField(source="mentee.name")
    mentee_institution = serializers.UUIDField(source="mentee_institution.public_id")
    technique = serializers.CharField(source="technique.code", default=None, allow_null=True)

    class Meta:
        model = Mentorship
        fields = [
            "id", "version", "status", "mentor", "mentor_name", "mentor_institution", "mentee",
            "mentee_name", "mentee_institution", "technique", "goals", "valid_from",
            "valid_until", "mentor_agreed_at", "mentee_agreed_at", "reason", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class MentorshipViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet):
    """Who teaches whom at the caller's institution or from it."""

    queryset = Mentorship.objects.all()
    serializer_class = MentorshipSerializer
    filterset_class = MentorshipFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    required_scope = "training"
    orderings = ("-valid_from", "valid_from", "-updated_at", "updated_at")

    def get_queryset(self) -> Any:
        """Mentorships with what a row shows."""
        return super().get_queryset().for_list()


class PostingSerializer(serializers.ModelSerializer[Posting]):
    """A dispatch or rotation; the period is half-open: `valid_until` is the first day after it."""

    id = serializers.UUIDField(source="public_id")
    practitioner = serializers.UUIDField(source="practitioner.public_id")
    practitioner_name = serializers.CharField(source="practitioner.name")
    sender = serializers.UUIDField(source="from_institution.public_id")
    receiver = serializers.UUIDField(source="to_institution.public_id")
    department = serializers.UUIDField(source="department.public_id", default=None, allow_null=True)
    days_present = serializers.IntegerField(source="present")
    assessment = serializers.ChoiceField(Assessment.choices, allow_blank=True, read_only=True)

    class Meta:
        model = Posting
        fields = [
            "id", "version", "kind", "status", "practitioner", "practitioner_name", "sender",
            "receiver", "department", "valid_from", "valid_until", "plan", "days_present",
            "assessment", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class PostingViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet):
    """Dispatch and rotation from or to the caller's institution."""

    queryset = Posting.objects.all()
    serializer_class = PostingSerializer
    filterset_class = PostingFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    required_scope = "training"
    orderings = ("-valid_from", "valid_from", "-updated_at", "updated_at")

    def get_queryset(self) -> Any:
        """Postings with what a row shows."""
        return super().get_queryset().for_list().with_days_present()
