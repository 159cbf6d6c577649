"""How devices are used, for other systems: the numbers of the pages, read only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.core.api_support import AllianceViewSet, StrictSerializer, whole
from equipment.bookings.models import BookingRefusal
from equipment.devices.models import Device, DeviceType
from equipment.devices.selectors import active_types

from . import asking, selectors
from .choices import DAYS_MOST, Span
from .filters import RefusalFilter
from .scope import Scope


class UseQuery(StrictSerializer):
    """Whose devices, how far back, and perhaps of one type only."""

    place = serializers.UUIDField(
        required=False,
        help_text="An institution whose devices you keep, or an alliance you oversee; by default"
        " the first of these.",
    )
    days = serializers.IntegerField(
        min_value=1, max_value=DAYS_MOST, default=int(Span.YEAR), help_text="Days until today."
    )
    type = serializers.SlugRelatedField(
        slug_field="code",
        queryset=DeviceType.objects.none(),
        default=None,
        help_text="Code of a type of device.",
    )

    def get_fields(self) -> dict[str, Any]:
        """The fields; types are those in use."""
        fields: dict[str, Any] = super().get_fields()
        fields["type"].queryset = active_types()
        return fields


class _OfDevice(serializers.Serializer[Any]):
    device = serializers.UUIDField(source="device.public_id")
    name = serializers.CharField(source="device.name")
    type = serializers.CharField(source="device.type.code")
    owner = serializers.UUIDField(source="device.owner.public_id")
    owner_name = serializers.CharField(source="device.owner.name")


class DeviceUseSerializer(_OfDevice):
    """A shared device against the time in which it could be booked: share = used ÷ bookable."""

    uses = serializers.IntegerField()
    hours_booked = serializers.FloatField(source="booked")
    hours_used = serializers.FloatField(source="used")
    hours_bookable = serializers.FloatField(source="bookable")
    share = serializers.FloatField()


class HeatCellSerializer(serializers.Serializer[Any]):
    """An hour of a weekday (0 is Monday): hours used, of the hours devices were shared then."""

    weekday = serializers.IntegerField()
    hour = serializers.IntegerField()
    hours_used = serializers.FloatField()
    hours_shared = serializers.FloatField()
    share = serializers.FloatField()


class IdleDeviceSerializer(_OfDevice):
    """A shared device that could be used for the weeks of the alliance's policy and was not."""

    idle_since = serializers.DateTimeField(source="since")
    last_used_at = serializers.DateTimeField(source="last", allow_null=True)


class DemandSerializer(serializers.Serializer[Any]):
    """Where one more device would help, most points first, and the numbers behind it."""

    institution = serializers.UUIDField(source="institution.public_id")
    institution_name = serializers.CharField(source="institution.name")
    type = serializers.CharField(source="type.code")
    type_name = serializers.CharField(source="type.name")
    refused_days = serializers.IntegerField(source="want.refused")
    waiting_in_vain = serializers.IntegerField(source="want.waiting")
    days_waited = serializers.FloatField(source="want.waited")
    devices_missing = serializers.IntegerField(source="want.missing")
    percent_used = serializers.IntegerField(
        source="want.load",
        allow_null=True,
        help_text="Share of use of the shared devices there; none where none is shared.",
    )
    borrowed_uses = serializers.IntegerField(
        source="want.borrowed", help_text="Uses of other institutions' devices of the type."
    )
    steps_away = serializers.IntegerField(
        source="want.away", help_text="Steps to the nearest device; 0 where one stands there."
    )
    techniques = serializers.IntegerField(
        source="want.techniques",
        help_text="Techniques that need such a device and that somebody there may perform.",
    )
    doctors = serializers.IntegerField(source="want.doctors", help_text="Who may perform them.")
    beds = serializers.IntegerField(source="want.beds")
    points = serializers.FloatField(help_text="Each number times its weight; see the page.")


class RefusalReasonSerializer(serializers.Serializer[Any]):
    """How many refused bookings gave a reason; one counts for each of its reasons."""

    code = serializers.CharField()
    refused = serializers.IntegerField()


class DeviceWaitSerializer(serializers.Serializer[Any]):
    """How long people wait for a type of device; medians in seconds."""

    type = serializers.CharField(source="type.code")
    type_name = serializers.CharField(source="type.name")
    bookings = serializers.IntegerField()
    seconds_ahead = serializers.SerializerMethodField()
    entries = serializers.IntegerField()
    offered = serializers.IntegerField()
    seconds_until_offer = serializers.SerializerMethodField()

    def get_seconds_ahead(self, row: selectors.Wait) -> float | None:
        """From booking to start."""
        return row.lead.total_seconds() if row.lead is not None else None

    def get_seconds_until_offer(self, row: selectors.Wait) -> float | None:
        """From joining the waiting list to the first offer."""
        return row.until_offer.total_seconds() if row.until_offer is not None else None


class SharingFlowSerializer(serializers.Serializer[Any]):
    """Uses of one institution's devices by another, and what was settled for them."""

    owner = serializers.UUIDField(source="owner.public_id")
    owner_name = serializers.CharField(source="owner.name")
    user = serializers.UUIDField(source="user.public_id")
    user_name = serializers.CharField(source="user.name")
    uses = serializers.IntegerField()
    hours_used = serializers.FloatField(source="hours")
    yuan = serializers.DecimalField(max_digits=14, decimal_places=2, source="amount")


class DeviceCostSerializer(_OfDevice):
    """What one use cost in yuan: (part of the price + checks + repairs) ÷ uses."""

    price_part = serializers.DecimalField(max_digits=14, decimal_places=2, source="wear")
    checks = serializers.DecimalField(max_digits=14, decimal_places=2)
    repairs = serializers.DecimalField(max_digits=14, decimal_places=2)
    uses = serializers.IntegerField()
    per_use = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)


def _numbers(shape: type[serializers.Serializer[Any]], path: str) -> Callable[[Any], Any]:
    """A table of the numbers: all rows at once, of the place, days and type asked about."""

    def declared(method: Any) -> Any:
        documented = extend_schema(parameters=[UseQuery], responses=whole(shape), filters=False)
        named = action(detail=False, url_path=path, url_name=path, pagination_class=None)
        return documented(named(method))

    return declared


class DeviceUseViewSet(AllianceViewSet):
    """The numbers of the pages on the use of devices."""

    queryset = Device.objects.all()
    serializer_class = DeviceUseSerializer
    required_scope = "equipment"
    pagination_class = None
    extra_parameters = ("place", "days", "type")
    naming_actions = frozenset(
        {"list", "heat_map", "idle", "demand", "refusal_reasons", "waits", "sharing", "costs"}
    )

    @extend_schema(parameters=[UseQuery], responses=whole(DeviceUseSerializer), filters=False)
    def list(self, request: Request) -> Response:
        """Every device shared in the period with its hours, least used first."""
        return self._answer(DeviceUseSerializer, selectors.uses)

    @_numbers(HeatCellSerializer, "heat-map")
    def heat_map(self, request: Request) -> Response:
        """The use of shared devices by hour and weekday."""
        return self._answer(HeatCellSerializer, _cells)

    @_numbers(IdleDeviceSerializer, "idle")
    def idle(self, request: Request) -> Response:
        """Shared devices that nobody uses, longest unused first."""
        return self._answer(
            IdleDeviceSerializer,
            lambda scope: selectors.idle_devices(scope, weeks=selectors.idle_weeks(scope)),
        )

    @_numbers(DemandSerializer, "demand")
    def demand(self, request: Request) -> Response:
        """Where one more device would help most."""
        return self._answer(DemandSerializer, selectors.best_places)

    @_numbers(RefusalReasonSerializer, "refusal-reasons")
    def refusal_reasons(self, request: Request) -> Response:
        """Why bookings were refused."""
        return self._answer(
            RefusalReasonSerializer,
            lambda scope: [
                {"code": code, "refused": number} for code, number in selectors.reasons(scope)
            ],
        )

    @_numbers(DeviceWaitSerializer, "waits")
    def waits(self, request: Request) -> Response:
        """How long people wait, by type of device."""
        return self._answer(DeviceWaitSerializer, selectors.waits)

    @_numbers(SharingFlowSerializer, "sharing")
    def sharing(self, request: Request) -> Response:
        """Who shares with whom."""
        return self._answer(SharingFlowSerializer, selectors.flows)

    @_numbers(DeviceCostSerializer, "costs")
    def costs(self, request: Request) -> Response:
        """What one use costs, dearest first."""
        return self._answer(DeviceCostSerializer, selectors.costs)

    def _answer(
        self,
        shape: type[serializers.Serializer[Any]],
        ask: Callable[[Scope], Sequence[Any]],
    ) -> Response:
        self.filter_queryset(self.get_queryset().none())  # refuses parameters nobody knows
        at = timezone.now()
        places = asking.places(self.request.user, at=at)
        asked = UseQuery(data=self.request.query_params.dict())
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        given["place"] = str(given.get("place", places[0].key))
        scope = asking.scope(places, at=at, **given)
        return Response({"results": shape(ask(scope), many=True).data})


def _cells(scope: Scope) -> list[dict[str, Any]]:
    return [
        {
            "weekday": weekday,
            "hour": row.hour,
            "hours_used": cell.used,
            "hours_shared": cell.of,
            "share": cell.share,
        }
        for row in selectors.heat_map(scope)
        for weekday, cell in enumerate(row.cells)
    ]


class BookingRefusalSerializer(serializers.ModelSerializer[BookingRefusal]):
    """A booking that was asked for and not granted, with every reason."""

    institution = serializers.UUIDField(source="institution.public_id")
    institution_name = serializers.CharField(source="institution.name")
    device = serializers.UUIDField(source="device.public_id")
    device_name = serializers.CharField(source="device.name")
    type = serializers.CharField(source="type.code")
    technique = serializers.CharField(source="technique.code", allow_null=True, default=None)

    class Meta:
        model = BookingRefusal
        fields = [
            "at", "institution", "institution_name", "device", "device_name", "type", "technique",
            "starts_at", "ends_at", "codes",
        ]  # fmt: skip
        read_only_fields = fields


class BookingRefusalViewSet(mixins.ListModelMixin, AllianceViewSet):
    """Bookings refused to the caller's institution, or for its devices, newest first."""

    queryset = BookingRefusal.objects.all()
    serializer_class = BookingRefusalSerializer
    filterset_class = RefusalFilter
    required_scope = "equipment"
    orderings = ("-at", "at")

    def get_queryset(self) -> Any:
        """With what a row names."""
        return super().get_queryset().select_related("institution", "device", "type", "technique")
