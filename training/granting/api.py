"""Applications for other systems, and opening one's own."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import mixins, serializers

from alliance.core.api_support import AllianceViewSet, IdempotentCreate, StrictSerializer
from training.privileges.choices import Level

from . import actions, presenters, texts, wishes
from .choices import Kind
from .evidence import Asked
from .filters import ApplicationFilter
from .models import Application, Decision


class RequirementSerializer(serializers.Serializer[Any]):
    """One requirement as it was when the application was opened; `source` says where it was read."""

    code = serializers.CharField()
    part = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    is_met = serializers.BooleanField()
    found = serializers.CharField()
    needed = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]


class DecisionSerializer(serializers.ModelSerializer[Decision]):
    """What the committee decided; who voted how stays with the committee."""

    privilege = serializers.UUIDField(source="privilege.public_id", default=None, allow_null=True)
    level = serializers.ChoiceField(Level.choices, allow_blank=True, read_only=True)

    class Meta:
        model = Decision
        fields = [
            "outcome", "level", "valid_from", "valid_until", "conditions", "reason", "privilege",
            "at",
        ]  # fmt: skip
        read_only_fields = fields


class ApplicationSerializer(serializers.ModelSerializer[Application]):
    """A doctor's application for a privilege."""

    id = serializers.UUIDField(source="public_id")
    practitioner = serializers.UUIDField(source="practitioner.public_id")
    practitioner_name = serializers.CharField(source="practitioner.name")
    technique = serializers.CharField(source="technique.code")
    technique_name = serializers.CharField(source="technique.name")
    institution = serializers.UUIDField(source="institution.public_id")
    privilege = serializers.UUIDField(source="privilege.public_id", default=None, allow_null=True)
    requirements = serializers.SerializerMethodField()
    decision = serializers.SerializerMethodField()

    class Meta:
        model = Application
        fields = [
            "id", "version", "kind", "status", "practitioner", "practitioner_name", "technique",
            "technique_name", "institution", "privilege", "statement", "opened_on", "ended_at",
            "requirements", "decision",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(RequirementSerializer(many=True))
    def get_requirements(self, application: Application) -> list[dict[str, Any]]:
        """The evidence, frozen with the application."""
        return [
            {
                "code": one.code,
                "part": str(one.part),
                "label": texts.label(one),
                "is_met": one.is_met,
                "found": one.found,
                "needed": one.needed,
                "source": texts.source(one),
            }
            for one in presenters.frozen(application)
        ]

    @extend_schema_field(DecisionSerializer(allow_null=True))
    def get_decision(self, application: Application) -> dict[str, Any] | None:
        """The decision, once there is one."""
        decision = getattr(application, "decision", None)
        return dict(DecisionSerializer(decision).data) if decision else None


class NewApplicationSerializer(StrictSerializer):
    """A first privilege names technique and institution; what is renewed or restored, itself."""

    kind = serializers.ChoiceField(choices=Kind.choices, default=Kind.FIRST)
    technique = serializers.CharField(max_length=30, required=False)
    institution = serializers.UUIDField(required=False)
    privilege = serializers.UUIDField(required=False)
    statement = serializers.CharField(max_length=4000, required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """What each kind needs, and nothing beside."""
        needed = {"technique", "institution"} if attrs["kind"] == Kind.FIRST else {"privilege"}
        given = {"technique", "institution", "privilege"} & set(attrs)
        required = self.fields["technique"].error_messages["required"]
        errors = {name: [required] for name in needed - given}
        errors |= {name: [_("Leave this out for this kind.")] for name in given - needed}
        if errors:
            raise serializers.ValidationError(errors)
        return attrs


class ApplicationViewSet(
    IdempotentCreate, mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet
):
    """Applications in the caller's scope. Opened only when every requirement is met: else 409."""

    queryset = Application.objects.all()
    serializer_class = ApplicationSerializer
    input_serializer_class = NewApplicationSerializer
    filterset_class = ApplicationFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    required_scope = "privileges"
    orderings = ("-created_at", "created_at")

    def get_queryset(self) -> Any:
        """With what an answer shows."""
        rows = super().get_queryset().for_list()
        return rows.select_related("privilege", "decision__privilege")

    def perform_once(self, data: dict[str, Any]) -> tuple[Model, bool]:
        """Open an application of the caller's own."""
        statement = data.get("statement", "")
        row = actions.open_application(
            asked=_asked(self.request.user, data), statement=statement, by=self.request.user
        )
        return self.again(row.pk), True


def _asked(user: Any, data: dict[str, Any]) -> Asked:
    if data["kind"] != Kind.FIRST:
        return wishes.again(user, privilege=data["privilege"], kind=data["kind"])
    return wishes.first(
        user,
        technique=data["technique"],
        institution=data["institution"],
        on=timezone.localdate(),
    )
