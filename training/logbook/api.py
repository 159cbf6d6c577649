"""Cases for other systems: enter them, read them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers

from alliance.catalogue.models import Technique
from alliance.core.api_support import (
    AllianceViewSet,
    DayField,
    IdempotentCreate,
    MomentField,
    StrictSerializer,
    acting,
)
from alliance.institutions.models import Institution
from alliance.patients.models import Patient
from alliance.people.models import Practitioner

from . import actions, policies, presenters
from .choices import CaseRole, ClavienDindo, Outcome, Source
from .filters import CaseFilter
from .models import Case


class CaseSerializer(serializers.ModelSerializer[Case]):
    """A logbook entry; who was operated only for those who may know."""

    id = serializers.UUIDField(source="public_id")
    technique = serializers.CharField(source="technique.code")
    institution = serializers.UUIDField(source="institution.public_id")
    operator = serializers.UUIDField(source="operator.public_id")
    supervisor = serializers.UUIDField(source="supervisor.public_id", default=None, allow_null=True)
    external_case_number = serializers.SerializerMethodField()
    clavien_dindo = serializers.ChoiceField(ClavienDindo.choices, allow_blank=True, read_only=True)
    actions = serializers.SerializerMethodField()

    class Meta:
        model = Case
        fields = [
            "id", "version", "technique", "institution", "performed_on", "started_at",
            "external_case_number", "operator", "role", "supervisor", "duration_minutes",
            "is_emergency", "converted", "mdt_recorded", "outcome", "clavien_dindo", "rating",
            "source", "status", "confirmed_at", "closing_reason", "created_at", "updated_at",
            "actions",
        ]  # fmt: skip
        read_only_fields = fields

    def get_external_case_number(self, case: Case) -> str:
        """The hospital's number, empty for readers who have no part in the case."""
        user = self.context["request"].user
        return case.external_case_number if presenters.is_party(case, user) else ""

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_actions(self, case: Case) -> list[str]:
        """What the caller may do with it now."""
        return sorted(policies.acts_on(self.context["request"].user, case))


def _named(rows: Any, field: str = "public_id", **more: Any) -> Any:
    return serializers.SlugRelatedField(queryset=rows, slug_field=field, **more)


class CaseInput(StrictSerializer):
    """What entering an operation takes. The rules themselves are the action's."""

    technique = _named(Technique.objects.filter(is_active=True), "code")
    institution = _named(Institution.objects.all(), required=False)
    performed_on = DayField()
    started_at = MomentField(required=False, allow_null=True)
    patient = _named(Patient.objects.none(), required=False, allow_null=True)
    external_case_number = serializers.CharField(max_length=40, required=False, allow_blank=True)
    referral_number = serializers.CharField(max_length=30, required=False, allow_blank=True)
    operator = _named(Practitioner.objects.all())
    role = serializers.ChoiceField(choices=CaseRole.choices)
    supervisor = _named(Practitioner.objects.all(), required=False, allow_null=True)
    duration_minutes = serializers.IntegerField(required=False, allow_null=True)
    is_emergency = serializers.BooleanField(default=False)
    converted = serializers.BooleanField(default=False)
    mdt_recorded = serializers.BooleanField(default=False)
    outcome = serializers.ChoiceField(choices=Outcome.choices, default=Outcome.GOOD)
    clavien_dindo = serializers.ChoiceField(
        choices=ClavienDindo.choices, required=False, allow_blank=True
    )
    notes = serializers.CharField(max_length=2000, required=False, allow_blank=True)

    def get_fields(self) -> dict[str, Any]:
        """The fields; patients are those in the caller's care."""
        fields = super().get_fields()
        if "request" in self.context:
            user = self.context["request"].user
            patients: Any = fields["patient"]
            patients.queryset = Patient.objects.visible_to(user).current()
        return fields


@extend_schema_view(
    create=extend_schema(
        description="Enter an operation; it waits for its supervisor's confirmation.",
        request=CaseInput,
        responses={201: CaseSerializer},
    ),
)
class CaseViewSet(
    IdempotentCreate, mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet
):
    """The logbook of the caller's institution, and one's own."""

    queryset = Case.objects.all()
    serializer_class = CaseSerializer
    input_serializer_class = CaseInput
    filterset_class = CaseFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    required_scope = "cases"
    orderings = ("-performed_on", "performed_on", "updated_at", "-updated_at")

    def get_queryset(self) -> Any:
        """Cases with what a row shows."""
        return super().get_queryset().for_list()

    def perform_once(self, data: dict[str, Any]) -> tuple[Case, bool]:
        """Enter it at the institution named, else where the caller acts."""
        place = data.pop("institution", None) or acting(self.request)
        case = actions.record_case(
            by=self.request.user, source=Source.API, institution=place, **data
        )
        return case, True
