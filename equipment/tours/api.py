"""Tours, their stops and the places there, for other systems."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.core.api_support import AllianceViewSet, IdempotentCreate, StrictSerializer
from alliance.people.models import Practitioner

from . import actions
from .choices import PlaceStatus, Status
from .filters import PlaceFilter, StopFilter, TourFilter
from .models import Place, Stop, Tour


class TourSerializer(serializers.ModelSerializer[Tour]):
    """A tour: which vehicle is away when, with which devices."""

    id = serializers.UUIDField(source="public_id")
    owner = serializers.UUIDField(source="owner.public_id")
    owner_name = serializers.CharField(source="owner.name")
    vehicle = serializers.UUIDField(source="vehicle.public_id")
    vehicle_name = serializers.CharField(source="vehicle.name")
    status = serializers.ChoiceField(choices=Status.choices)
    devices = serializers.SerializerMethodField()
    stop_count = serializers.IntegerField()

    class Meta:
        model = Tour
        fields = [
            "id", "version", "name", "owner", "owner_name", "vehicle", "vehicle_name", "devices",
            "starts_at", "ends_at", "status", "cancel_reason", "note", "stop_count", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_devices(self, row: Tour) -> list[str]:
        """The names of the devices on board."""
        return [line.device.name for line in row.lines.all() if line.device_id != row.vehicle_id]


class StopSerializer(serializers.ModelSerializer[Stop]):
    """When and where a tour stops, and how many places are left."""

    id = serializers.UUIDField(source="public_id")
    tour = serializers.UUIDField(source="tour.public_id")
    tour_name = serializers.CharField(source="tour.name")
    tour_status = serializers.ChoiceField(source="tour.status", choices=Status.choices)
    institution = serializers.UUIDField(source="institution.public_id")
    institution_name = serializers.CharField(source="institution.name")
    free = serializers.IntegerField()

    class Meta:
        model = Stop
        fields = [
            "id", "version", "tour", "tour_name", "tour_status", "institution",
            "institution_name", "starts_at", "ends_at", "location", "capacity", "taken", "free",
            "cancelled_at", "cancel_reason", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class PlaceSerializer(serializers.ModelSerializer[Place]):
    """A numbered place at a stop, and for whom it is."""

    id = serializers.UUIDField(source="public_id")
    stop = serializers.UUIDField(source="stop.public_id")
    doctor = serializers.UUIDField(source="doctor.public_id")
    doctor_name = serializers.CharField(source="doctor.name")
    status = serializers.ChoiceField(choices=PlaceStatus.choices)

    class Meta:
        model = Place
        fields = [
            "id", "stop", "number", "subject", "doctor", "doctor_name", "note", "status",
            "cancelled_at", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class PlaceInput(StrictSerializer):
    """A place to be booked: at which stop, for whom, by which of its doctors."""

    stop = serializers.UUIDField()
    subject = serializers.CharField(max_length=60)
    doctor = serializers.UUIDField()
    note = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)

    def validate_stop(self, value: Any) -> Stop:
        """A stop that the caller sees."""
        rows = Stop.objects.visible_to(self.context["request"].user)
        return self._found(rows, value)

    def validate_doctor(self, value: Any) -> Practitioner:
        """A practitioner whom the caller sees."""
        rows = Practitioner.objects.visible_to(self.context["request"].user)
        return self._found(rows, value)

    def _found(self, rows: Any, value: Any) -> Any:
        row = rows.filter(public_id=value).first()
        if row is None:
            raise serializers.ValidationError(_("There is none of this id."))
        return row


class TourViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet):
    """Tours of the caller's alliances."""

    queryset = Tour.objects.all()
    serializer_class = TourSerializer
    filterset_class = TourFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    required_scope = "equipment"
    orderings = ("-starts_at", "starts_at")

    def get_queryset(self) -> Any:
        """With what a tour names."""
        return super().get_queryset().for_list().prefetch_related("lines__device")


class StopViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet):
    """Stops of tours in the caller's alliances."""

    queryset = Stop.objects.all()
    serializer_class = StopSerializer
    filterset_class = StopFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    required_scope = "equipment"
    orderings = ("starts_at", "-starts_at")

    def get_queryset(self) -> Any:
        """With what a stop names."""
        return super().get_queryset().for_list()


class PlaceViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, IdempotentCreate, AllianceViewSet
):
    """Places at stops of the caller's institution, and on tours it sends."""

    queryset = Place.objects.all()
    serializer_class = PlaceSerializer
    input_serializer_class = PlaceInput
    filterset_class = PlaceFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    required_scope = "equipment"
    orderings = ("-created_at", "created_at")

    def get_queryset(self) -> Any:
        """With what a place names."""
        return super().get_queryset().for_list()

    @extend_schema(request=PlaceInput, responses={201: PlaceSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Book a place. A repeat under one `Idempotency-Key` books no second one."""
        return super().create(request, *args, **kwargs)

    def perform_once(self, data: dict[str, Any]) -> tuple[Place, bool]:
        """Take the lowest free number."""
        return actions.book_place(by=self.request.user, at=timezone.now(), **data), True

    def again(self, pk: int) -> Place:
        """The place as it is now."""
        row: Place = get_object_or_404(self.get_queryset(), pk=pk)
        return row

    @extend_schema(request=None, responses={200: PlaceSerializer})
    @action(detail=True, methods=["post"], url_path="cancel", url_name="cancel")
    def cancel(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give a place up; doing so again changes nothing."""
        place = self.get_object()
        actions.cancel_place(place=place, by=request.user, at=timezone.now())
        return Response(self.get_serializer(self.again(place.pk)).data)
