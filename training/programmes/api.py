"""Programmes, and how far people are in them, for other systems."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import mixins, serializers

from alliance.catalogue.choices import TechniqueGrade
from alliance.core.api_support import AllianceViewSet

from . import selectors
from .filters import EnrolmentFilter, ProgrammeFilter
from .models import Enrolment, Programme


class ProgrammeSerializer(serializers.ModelSerializer[Programme]):
    """What an alliance teaches."""

    id = serializers.UUIDField(source="public_id")
    technique = serializers.CharField(source="technique.code", default=None, allow_null=True)
    grade = serializers.ChoiceField(TechniqueGrade.choices, allow_blank=True, read_only=True)

    class Meta:
        model = Programme
        fields = ["id", "name", "kind", "technique", "grade", "summary", "is_offered"]
        read_only_fields = fields


class RequirementStateSerializer(serializers.Serializer[Any]):
    """A requirement, met or missing, with its numbers."""

    stage = serializers.CharField(source="requirement.stage.name")
    kind = serializers.CharField(source="requirement.kind")
    says = serializers.CharField(source="label")
    have = serializers.FloatField()
    minimum = serializers.FloatField()
    is_met = serializers.BooleanField()
    met_on = serializers.DateField(allow_null=True)
    too_early = serializers.IntegerField()


class ProgressSerializer(serializers.Serializer[Any]):
    """How far an enrolment is today."""

    percent = serializers.IntegerField()
    is_complete = serializers.BooleanField()
    stage = serializers.CharField(source="current.stage.name", default=None, allow_null=True)
    next = serializers.CharField(source="next_act.label", default=None, allow_null=True)
    requirements = RequirementStateSerializer(many=True)


class EnrolmentSerializer(serializers.ModelSerializer[Enrolment]):
    """One doctor in one programme; `progress` is computed of the facts today."""

    id = serializers.UUIDField(source="public_id")
    practitioner = serializers.UUIDField(source="practitioner.public_id")
    programme = serializers.UUIDField(source="programme.public_id")
    programme_name = serializers.CharField(source="programme.name")
    programme_version = serializers.IntegerField(source="programme_version.number")
    technique = serializers.CharField(source="technique.code", default=None, allow_null=True)
    institution = serializers.UUIDField(source="institution.public_id")
    mentor = serializers.UUIDField(source="mentor.public_id", default=None, allow_null=True)
    progress = serializers.SerializerMethodField()

    class Meta:
        model = Enrolment
        fields = [
            "id", "version", "practitioner", "programme", "programme_name", "programme_version",
            "technique", "institution", "mentor", "started_on", "status", "ended_on", "progress",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(ProgressSerializer)
    def get_progress(self, row: Enrolment) -> dict[str, Any]:
        """As the view has read it for the whole page."""
        data: dict[str, Any] = ProgressSerializer(self.context["progress"][row.pk]).data
        return data


class ProgrammeViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet):
    """What the caller's alliance teaches."""

    queryset = Programme.objects.all()
    serializer_class = ProgrammeSerializer
    filterset_class = ProgrammeFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    required_scope = "training"
    orderings = ("name", "-name")

    def get_queryset(self) -> Any:
        """With what a row shows."""
        return super().get_queryset().for_list()


class EnrolmentViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet):
    """Who learns what, and how far they are."""

    queryset = Enrolment.objects.all()
    serializer_class = EnrolmentSerializer
    filterset_class = EnrolmentFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    required_scope = "training"
    orderings = ("-started_on", "started_on")

    def get_queryset(self) -> Any:
        """With what a row shows."""
        return super().get_queryset().for_list()

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """With how far everybody on the page is, read at once."""
        if args:
            rows = args[0] if kwargs.get("many") else args[:1]
            found = selectors.progress_many(rows, on=timezone.localdate())
            kwargs["context"] = {**self.get_serializer_context(), "progress": found}
        return super().get_serializer(*args, **kwargs)
