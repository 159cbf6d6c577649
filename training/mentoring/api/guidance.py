"""Guidance for other systems: enter what was held, read it, strike it out."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.catalogue.models import Technique
from alliance.core.api_support import (
    AllianceViewSet,
    IdempotentCreate,
    MomentField,
    StrictSerializer,
    acting,
    seen_version,
    tagged,
)
from alliance.institutions.models import Institution
from alliance.people.models import Practitioner
from training.logbook.models import Case

from .. import actions
from ..choices import Mode
from ..filters import GuidanceFilter
from ..models import GuidanceSession, Mentorship
from .agreements import named


class GuidanceSerializer(serializers.ModelSerializer[GuidanceSession]):
    """A session of guidance that was held; one that was struck out counts no longer."""

    id = serializers.UUIDField(source="public_id")
    mentor = serializers.UUIDField(source="mentor.public_id")
    mentor_name = serializers.CharField(source="mentor.name")
    institution = serializers.UUIDField(source="institution.public_id")
    mentorship = serializers.UUIDField(source="mentorship.public_id", default=None, allow_null=True)
    technique = serializers.CharField(source="technique.code", default=None, allow_null=True)
    participants: Any = serializers.SlugRelatedField(
        slug_field="public_id", many=True, read_only=True
    )
    cases = serializers.IntegerField(source="case_count")

    class Meta:
        model = GuidanceSession
        fields = [
            "id", "version", "mentor", "mentor_name", "institution", "mentorship", "technique",
            "mode", "starts_at", "ends_at", "minutes", "participants", "cases", "struck_at",
            "struck_reason", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class GuidanceInput(StrictSerializer):
    """What entering a session takes. The rules themselves are the action's."""

    mentor = named(Practitioner.objects.all())
    institution = named(Institution.objects.all(), required=False)
    mode = serializers.ChoiceField(choices=Mode.choices)
    starts_at = MomentField()
    minutes_taken = serializers.IntegerField(min_value=1, max_value=1440)
    minutes = serializers.CharField(max_length=4000)
    participants = named(Practitioner.objects.all(), many=True)
    technique = named(
        Technique.objects.filter(is_active=True), "code", required=False, allow_null=True
    )
    mentorship = named(Mentorship.objects.none(), required=False, allow_null=True)
    cases = named(Case.objects.none(), many=True, required=False)

    def get_fields(self) -> dict[str, Any]:
        """The fields; mentorships and cases are those that the caller sees."""
        fields: dict[str, Any] = super().get_fields()
        if "request" in self.context:
            user = self.context["request"].user
            fields["mentorship"].queryset = Mentorship.objects.visible_to(user)
            fields["cases"].child_relation.queryset = Case.objects.visible_to(user)
        return fields


class StrikeInput(StrictSerializer):
    """Why a session is struck out."""

    reason = serializers.CharField(max_length=300)


@extend_schema_view(
    create=extend_schema(
        description="Enter a session of guidance that was held: by its mentor, the guided"
        " institution, or a system of that institution.",
        request=GuidanceInput,
        responses={201: GuidanceSerializer},
    ),
)
class GuidanceViewSet(
    IdempotentCreate, mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet
):
    """Guidance given to or by the caller's institution."""

    queryset = GuidanceSession.objects.all()
    serializer_class = GuidanceSerializer
    input_serializer_class = GuidanceInput
    versioned_actions = ("strike",)
    filterset_class = GuidanceFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    required_scope = "training"
    orderings = ("-starts_at", "starts_at", "-updated_at", "updated_at")

    def get_queryset(self) -> Any:
        """Sessions with what a row shows."""
        rows = super().get_queryset().for_list().select_related("mentorship")
        return rows.annotate(case_count=Count("cases"))

    def perform_once(self, data: dict[str, Any]) -> tuple[GuidanceSession, bool]:
        """Enter it for the institution named, else for the one where the caller acts."""
        place = data.pop("institution", None) or acting(self.request)
        row = actions.record_session(by=self.request.user, institution=place, **data)
        return self.get_queryset().get(pk=row.pk), True

    @extend_schema(request=StrikeInput, responses={200: GuidanceSerializer})
    @action(detail=True, methods=["post"], url_path="strike", url_name="strike")
    def strike(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Strike out a session entered in error. `If-Match` carries the version you saw."""
        row, seen = self.get_object(), seen_version(request)
        asked = StrikeInput(data=request.data)
        asked.is_valid(raise_exception=True)
        actions.strike_session(session=row, by=request.user, version=seen, **asked.validated_data)
        row = self.get_object()
        return tagged(Response(self.get_serializer(row).data), row)
