"""Practitioners for other systems: to look up, never to change."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import mixins, serializers

from alliance.core.api_support import AllianceViewSet

from .filters import PractitionerFilter
from .models import Practitioner


class PractitionerSerializer(serializers.ModelSerializer[Practitioner]):
    """A practitioner with licence, title and place of work; never a private telephone."""

    id = serializers.UUIDField(source="public_id")
    title = serializers.CharField(source="get_title_code_display")
    institution = serializers.UUIDField(source="institution.public_id")
    department = serializers.SerializerMethodField()
    specialties: "serializers.SlugRelatedField[Any]" = serializers.SlugRelatedField(
        slug_field="code", many=True, read_only=True
    )

    class Meta:
        model = Practitioner
        fields = [
            "id",
            "name",
            "pinyin",
            "sex",
            "licence_number",
            "licence_valid_until",
            "title_code",
            "title",
            "practice_started_on",
            "institution",
            "department",
            "specialties",
            "is_active",
            "updated_at",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_department(self, practitioner: Practitioner) -> str | None:
        """The department, where the practitioner belongs to one."""
        return str(practitioner.department.public_id) if practitioner.department else None


class PractitionerViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet):
    """Doctors, nurses and technicians of the institutions."""

    queryset = Practitioner.objects.all()
    serializer_class = PractitionerSerializer
    filterset_class = PractitionerFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    required_scope = "reference"
    orderings = ("name", "-name", "updated_at", "-updated_at")

    def get_queryset(self) -> Any:
        """Practitioners with what a row shows."""
        return super().get_queryset().for_list()
