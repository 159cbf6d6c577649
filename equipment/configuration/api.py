"""The base configuration for other systems: editions, and what is missing where."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.core.api_support import AllianceViewSet, DayField, acting, whole
from alliance.institutions.choices import Tier
from alliance.institutions.models import Institution
from alliance.institutions.selectors import alliances_of

from . import policies, presenters, selectors
from .choices import EditionStatus
from .models import Standard, StandardItem


class ConfigurationLineSerializer(serializers.ModelSerializer[StandardItem]):
    """What institutions of a tier must have of one type."""

    tier = serializers.ChoiceField(choices=Tier.choices)
    device_type = serializers.CharField(source="type.code")
    device_type_name = serializers.CharField(source="type.name")

    class Meta:
        model = StandardItem
        fields = ["tier", "device_type", "device_type_name", "minimum", "max_age_years", "purpose"]
        read_only_fields = fields


class ConfigurationSerializer(serializers.ModelSerializer[Standard]):
    """An edition of the base configuration with its lines."""

    id = serializers.UUIDField(source="public_id")
    status = serializers.ChoiceField(choices=EditionStatus.choices)
    items = ConfigurationLineSerializer(many=True)

    class Meta:
        model = Standard
        fields = ["id", "name", "note", "status", "effective_from", "items", "updated_at"]
        read_only_fields = fields


class ConfigurationViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet):
    """What each tier must have, in editions; the newest first."""

    queryset = Standard.objects.all()
    serializer_class = ConfigurationSerializer
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    required_scope = "equipment"
    orderings = ("-created_at", "created_at")

    def get_queryset(self) -> Any:
        """Rows with their lines."""
        return super().get_queryset().prefetch_related("items__type")


class ConfigurationGapSerializer(serializers.Serializer[Any]):
    """What an institution must have of one type, and has: `short` have to be bought or replaced."""

    device_type = serializers.CharField(source="type_code")
    device_type_name = serializers.CharField(source="type_name")
    need = serializers.IntegerField()
    max_age_years = serializers.IntegerField(allow_null=True)
    have = serializers.IntegerField()
    too_old = serializers.IntegerField()
    out_of_service = serializers.IntegerField(source="out")
    short = serializers.IntegerField()


class _Asked(serializers.Serializer[Any]):
    on = DayField(required=False)
    institution = serializers.UUIDField(required=False)


class ConfigurationGapViewSet(AllianceViewSet):
    """What an institution lacks on a day: the caller's own, or one that the caller oversees."""

    queryset = StandardItem.objects.all()
    serializer_class = ConfigurationGapSerializer
    pagination_class = None
    required_scope = "equipment"
    extra_parameters = ("on", "institution")
    naming_actions = frozenset({"list"})

    @extend_schema(
        parameters=[
            OpenApiParameter("on", OpenApiTypes.DATE, description="A day; today by default."),
            OpenApiParameter("institution", OpenApiTypes.UUID, description="Its id."),
        ],
        responses={200: whole(ConfigurationGapSerializer)},
        filters=False,
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Every type that is asked of the institution's tier."""
        self.filter_queryset(self.get_queryset())
        asked = _Asked(data=request.query_params)
        asked.is_valid(raise_exception=True)
        on = asked.validated_data.get("on") or timezone.localdate()
        house = self._house(asked.validated_data.get("institution"))
        alliance = next(iter(alliances_of(house.pk, on=on)), None)
        found = (
            selectors.gaps(
                alliance_id=alliance.pk, at=presenters.moment_of(on), institution_id=house.pk
            )
            if alliance
            else []
        )
        return Response({"results": ConfigurationGapSerializer(found, many=True).data})

    def _house(self, public_id: Any) -> Institution:
        if public_id is None:
            mine: Institution = acting(self.request)
            return mine
        rows = policies.houses_seen(self.request.user, timezone.localdate())
        found: Institution = get_object_or_404(rows, public_id=public_id)
        return found
