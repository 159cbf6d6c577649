"""Institutions and departments for other systems: to look up, never to change."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import mixins, serializers

from alliance.core.api_support import AllianceViewSet

from .filters import DepartmentFilter, InstitutionFilter
from .models import Department, Institution


class InstitutionSerializer(serializers.ModelSerializer[Institution]):
    """An institution: codes as in the national tables, `parent` only for village clinics."""

    id = serializers.UUIDField(source="public_id")
    email = serializers.CharField()
    parent = serializers.SerializerMethodField()  # type: ignore[assignment]

    class Meta:
        model = Institution
        fields = [
            "id",
            "name",
            "short_name",
            "pinyin",
            "tier",
            "type_code",
            "grade",
            "uscc",
            "division_code",
            "parent",
            "address",
            "phone",
            "liaison_phone",
            "email",
            "beds",
            "is_external",
            "is_active",
            "updated_at",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_parent(self, institution: Institution) -> str | None:
        """The township hospital that a village clinic hangs under."""
        return str(institution.parent.public_id) if institution.parent else None


class DepartmentSerializer(serializers.ModelSerializer[Department]):
    """A department with the specialty it covers."""

    id = serializers.UUIDField(source="public_id")
    institution = serializers.UUIDField(source="institution.public_id")
    specialty = serializers.CharField(source="specialty.code")
    specialty_name = serializers.CharField(source="specialty.name")

    class Meta:
        model = Department
        fields = [
            "id",
            "institution",
            "code",
            "name",
            "pinyin",
            "specialty",
            "specialty_name",
            "phone",
            "beds",
            "is_active",
            "updated_at",
        ]
        read_only_fields = fields


class InstitutionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet):
    """Institutions of the platform: hospitals, township hospitals, village clinics."""

    queryset = Institution.objects.all()
    serializer_class = InstitutionSerializer
    filterset_class = InstitutionFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    required_scope = "reference"
    orderings = ("name", "-name", "updated_at", "-updated_at")

    def get_queryset(self) -> Any:
        """Institutions with the one they hang under."""
        return super().get_queryset().select_related("parent")


class DepartmentViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet):
    """Departments, by institution and specialty."""

    queryset = Department.objects.all()
    serializer_class = DepartmentSerializer
    filterset_class = DepartmentFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    required_scope = "reference"
    orderings = ("name", "-name", "updated_at", "-updated_at")

    def get_queryset(self) -> Any:
        """Departments with institution and specialty."""
        return super().get_queryset().select_related("institution", "specialty")
