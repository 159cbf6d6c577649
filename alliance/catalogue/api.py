"""Diseases and techniques for other systems, each technique with its grade on a day."""

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import (
    OpenApiParameter,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import mixins, serializers

from alliance.core.api_support import AllianceViewSet
from alliance.institutions.choices import TIER_RANK, Tier

from . import selectors
from .choices import RequirementKind, Side, TechniqueGrade
from .filters import DiseaseFilter, TechniqueFilter, grading_of
from .models import Disease, Technique

# Codes such as M80000/3 hold a slash.
_CODE = ".+?"
_ON = OpenApiParameter(
    "on", str, description="The day whose catalogue counts (YYYY-MM-DD); today unless told."
)
_ALLIANCE = OpenApiParameter(
    "alliance", str, description="The alliance whose catalogue counts; your own unless told."
)


class DiseaseSerializer(serializers.ModelSerializer[Disease]):
    """A disease of ICD-10, national extension."""

    specialty: "serializers.SlugRelatedField[Any]" = serializers.SlugRelatedField(
        slug_field="code", read_only=True
    )
    best_tier = serializers.ChoiceField(Tier.choices, allow_blank=True, read_only=True)

    class Meta:
        model = Disease
        fields = [
            "code",
            "name",
            "pinyin",
            "group",
            "specialty",
            "best_tier",
            "is_first_visit",
            "is_common",
            "may_be_main",
            "is_active",
            "updated_at",
        ]
        read_only_fields = fields


class NeedSerializer(serializers.Serializer[Any]):
    """One requirement in force, of the institution or of the operator."""

    side = serializers.ChoiceField(choices=Side.choices)
    kind = serializers.ChoiceField(choices=RequirementKind.choices)
    subject = serializers.CharField(
        help_text="Code of a specialty, what is counted, or the name of a device or training."
    )
    minimum = serializers.IntegerField()
    unit = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    is_verified = serializers.BooleanField()


class ScoresSerializer(serializers.Serializer[Any]):
    """How difficult a technique is and how well its diseases suit the grassroots, 1 to 5."""

    operation = serializers.IntegerField(allow_null=True)
    risk = serializers.IntegerField(allow_null=True)
    equipment = serializers.IntegerField(allow_null=True)
    frequency = serializers.IntegerField(allow_null=True)
    benefit = serializers.IntegerField(allow_null=True)
    grassroots = serializers.IntegerField(allow_null=True)


class TechniqueSerializer(serializers.ModelSerializer[Technique]):
    """A procedure of ICD-9-CM-3, national extension, as the alliance grades it on that day."""

    specialty: "serializers.SlugRelatedField[Any]" = serializers.SlugRelatedField(
        slug_field="code", read_only=True
    )
    grade = serializers.ChoiceField(
        choices=TechniqueGrade.choices, source="asked.grade", default=None, allow_null=True
    )
    tiers = serializers.SerializerMethodField()
    graded_since = serializers.DateField(
        source="asked.effective_from", default=None, allow_null=True
    )

    scores = ScoresSerializer(source="asked.scores", default=None, allow_null=True)
    min_years = serializers.IntegerField(
        source="asked.min_years",
        default=None,
        allow_null=True,
        help_text="Years of practice that an operator needs.",
    )
    needs_mdt = serializers.BooleanField(source="asked.needs_mdt", default=None, allow_null=True)
    needs_admission = serializers.BooleanField(
        source="asked.needs_admission", default=None, allow_null=True
    )
    requirements = serializers.SerializerMethodField()

    class Meta:
        model = Technique
        fields = [
            "code",
            "name",
            "pinyin",
            "category",
            "specialty",
            "national_level",
            "is_minimally_invasive",
            "is_restricted",
            "is_common",
            "is_active",
            "grade",
            "tiers",
            "graded_since",
            "scores",
            "min_years",
            "needs_mdt",
            "needs_admission",
            "requirements",
            "updated_at",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(Tier.choices)))
    def get_tiers(self, technique: Any) -> list[str]:
        """Where it may be done, the lowest tier first; nowhere while it is ungraded."""
        asked = getattr(technique, "asked", None)
        return sorted(asked.tiers, key=TIER_RANK.__getitem__) if asked else []

    @extend_schema_field(NeedSerializer(many=True))
    def get_requirements(self, technique: Any) -> Any:
        """What the edition in force asks for it; nothing while it is ungraded."""
        asked = getattr(technique, "asked", None)
        needs = [*asked.institution, *asked.operator] if asked else []
        return NeedSerializer(needs, many=True).data


class CodedViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet):
    """What diseases and techniques share: found by code, the closest first when searched."""

    lookup_field = "code"
    lookup_value_regex = _CODE
    required_scope = "reference"
    orderings = ("code", "-code", "updated_at", "-updated_at")

    def get_queryset(self) -> Any:
        """Rows with their specialty."""
        return super().get_queryset().select_related("specialty")

    def default_ordering(self) -> str:
        """By nearness when something is searched for, by code otherwise."""
        return "place" if self.request.GET.get("search", "").strip() else super().default_ordering()


class DiseaseViewSet(CodedViewSet):
    """Diseases, found by code, name or pinyin initials."""

    queryset = Disease.objects.all()
    serializer_class = DiseaseSerializer
    filterset_class = DiseaseFilter


@extend_schema_view(
    list=extend_schema(parameters=[_ON, _ALLIANCE]),
    retrieve=extend_schema(parameters=[_ON, _ALLIANCE]),
)
class TechniqueViewSet(CodedViewSet):
    """Techniques, found by code, name or pinyin initials, with grade and tiers on a day."""

    queryset = Technique.objects.all()
    serializer_class = TechniqueSerializer
    filterset_class = TechniqueFilter
    extra_parameters = ("on", "alliance")

    def paginate_queryset(self, queryset: Any) -> Any:
        """A page of techniques, graded."""
        rows = super().paginate_queryset(queryset)
        self._grade(rows or [])
        return rows

    def get_object(self) -> Technique:
        """One technique, graded."""
        technique: Technique = super().get_object()
        self._grade([technique])
        return technique

    def _grade(self, rows: Iterable[Any]) -> None:
        """Put beside each row its grade and what is asked for it, by a few queries for all."""
        grading = grading_of(self.request)
        if grading.alliance_id is None:
            return
        ids = [row.pk for row in rows]
        on, alliance = grading.on, grading.alliance_id
        asked = selectors.requirements(ids, on=on, alliance_id=alliance)
        for row in rows:
            row.asked = asked.get(row.pk)
