"""What uses cost, for other systems: prices before booking, charges after use, a month's statement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.catalogue.models import Technique
from alliance.core.api_support import (
    AllianceViewSet,
    MomentField,
    StrictSerializer,
    acting,
    whole,
)
from equipment.devices.models import Device
from equipment.devices.selectors import alliance_of
from equipment.tariffs.selectors import quotes

from ..models import Charge
from . import statements
from .choices import TimedBy
from .filters import ChargeFilter, MonthField

_YUAN: dict[str, Any] = {"max_digits": 12, "decimal_places": 2}


class ChargeSerializer(serializers.ModelSerializer[Charge]):
    """What one use of a device costs `payer`, owed to `payee`; `words` say how it came about."""

    id = serializers.UUIDField(source="public_id")
    booking = serializers.UUIDField(source="booking.public_id")
    device = serializers.UUIDField(source="device.public_id")
    payer = serializers.UUIDField(source="payer.public_id")
    payee = serializers.UUIDField(source="payee.public_id")
    timed_by = serializers.ChoiceField(choices=TimedBy.choices)
    agreed_at = serializers.DateTimeField(source="agreed.agreed_at", default=None, allow_null=True)
    words = serializers.CharField(source="sentence")

    class Meta:
        model = Charge
        fields = [
            "id", "version", "booking", "device", "payer", "payee", "used_on", "minutes",
            "counted_minutes", "basis", "price", "timed_by", "agreed_at", "booked_amount",
            "amount", "free_reason", "corrected_at", "words", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class PairSerializer(serializers.Serializer[Any]):
    """What one house owes another for a month."""

    payer = serializers.CharField()
    payee = serializers.CharField()
    uses = serializers.IntegerField()
    total = serializers.DecimalField(**_YUAN)


class StatementSerializer(serializers.Serializer[Any]):
    """A month of the caller's institution; for who acts for none, of all they oversee."""

    owed = serializers.DecimalField(**_YUAN)
    due = serializers.DecimalField(**_YUAN)
    uses = serializers.IntegerField()
    pairs = PairSerializer(many=True)


_MONTH = OpenApiParameter("month", str, description="Such as 2026-11; this month otherwise.")


class _MonthQuery(forms.Form):
    month = MonthField(max_length=7, required=False)


class ChargeViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet):
    """Charges that the caller's institution owes or is owed."""

    queryset = Charge.objects.all()
    serializer_class = ChargeSerializer
    filterset_class = ChargeFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"
    required_scope = "equipment"
    orderings = ("-used_on", "used_on")
    extra_parameters = ("month",)

    def get_queryset(self) -> Any:
        """Charges with what a row shows."""
        return super().get_queryset().for_list()

    @extend_schema(responses=StatementSerializer, parameters=[_MONTH], filters=False)
    @action(detail=False, url_path="statement", url_name="statement", pagination_class=None)
    def statement(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What the caller's institution owes and is owed for a month, by pairs of houses."""
        self.filter_queryset(self.get_queryset().none())  # refuses parameters nobody knows
        asked, house = _MonthQuery(request.query_params), getattr(request, "institution", None)
        if not asked.is_valid():
            raise ValidationError(asked.errors.as_data())
        today = timezone.localdate()
        found = statements.statement(
            request.user,
            institution_id=house.pk if house else None,
            month=asked.cleaned_data["month"] or statements.month_of("", today=today),
            today=today,
        )
        return Response(StatementSerializer(found).data)


class PriceQuery(StrictSerializer):
    """For what prices are asked: a time with a device."""

    device = serializers.SlugRelatedField(queryset=Device.objects.none(), slug_field="public_id")
    technique = serializers.SlugRelatedField(
        queryset=Technique.objects.filter(is_active=True), slug_field="code", required=False
    )
    starts_at = MomentField()
    ends_at = MomentField()

    def get_fields(self) -> dict[str, Any]:
        """The fields; devices are those that the caller sees."""
        fields: dict[str, Any] = super().get_fields()
        if "request" in self.context:
            user = self.context["request"].user
            fields["device"].queryset = Device.objects.visible_to(user).select_related("type")
        return fields

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The time has a length."""
        if not attrs["starts_at"] < attrs["ends_at"]:
            raise serializers.ValidationError({"ends_at": _("The end must be after the start.")})
        return attrs


class PriceSerializer(serializers.Serializer[Any]):
    """What a time with a device would cost; booked, this price is kept."""

    amount = serializers.DecimalField(**_YUAN)
    basis = serializers.CharField(allow_blank=True)
    price = serializers.DecimalField(**_YUAN, allow_null=True)
    counted_minutes = serializers.IntegerField(source="minutes")
    free_reason = serializers.CharField(allow_blank=True)
    words = serializers.CharField(source="sentence")


class BookingPriceViewSet(AllianceViewSet):
    """What a booking would cost the caller's institution."""

    queryset = Device.objects.all()
    serializer_class = PriceSerializer
    required_scope = "equipment"
    pagination_class = None
    extra_parameters = ("device", "technique", "starts_at", "ends_at")

    @extend_schema(parameters=[PriceQuery], responses=whole(PriceSerializer))
    def list(self, request: Request) -> Response:
        """The price of a time with a device, as the booking form shows it."""
        self.filter_queryset(self.get_queryset().none())  # refuses parameters nobody knows
        house, context = acting(request), self.get_serializer_context()
        asked = PriceQuery(data=request.query_params.dict(), context=context)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        device, technique = data["device"], data.get("technique")
        alliance = alliance_of(house.pk, timezone.localdate())
        if alliance is None:
            return Response({"results": []})
        found = quotes(
            devices=[device],
            institution_id=house.pk,
            technique_id=technique.pk if technique else None,
            alliance_id=alliance.pk,
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            on=timezone.localdate(data["starts_at"]),
        )
        return Response({"results": PriceSerializer(found.values(), many=True).data})
