"""Work orders, outages, plans and records for other systems."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.core.api_support import (
    AllianceViewSet,
    DayField,
    IdempotentCreate,
    StrictSerializer,
    seen_version,
    tagged,
)
from equipment.devices.choices import Condition
from equipment.devices.models import Device

from . import actions, policies
from .choices import FirstDue, Move, OutageReason, PlanKind, Result, Status
from .filters import OrderFilter, OutageFilter, PlanFilter, RecordFilter
from .models import MaintenancePlan, Outage, ServiceRecord, WorkOrder
from .selectors import technicians_of


def _device(public_id: Any, user: Any) -> Device:
    """The device named, among those the caller sees."""
    found = Device.objects.visible_to(user).filter(public_id=public_id).first()
    if found is None:
        raise serializers.ValidationError({"device": ["Unknown device."]})
    return found


class WorkOrderSerializer(serializers.ModelSerializer[WorkOrder]):
    """A fault and its repair; `actions` are the moves that the caller may make now."""

    id = serializers.UUIDField(source="public_id")
    device = serializers.UUIDField(source="device.public_id")
    device_name = serializers.CharField(source="device.name")
    institution = serializers.UUIDField(source="institution.public_id")
    institution_name = serializers.CharField(source="institution.name")
    status = serializers.ChoiceField(choices=Status.choices)
    reported_by = serializers.CharField(source="reported_by.name")
    assigned_to = serializers.CharField(source="assigned_to.name", default=None, allow_null=True)
    actions = serializers.SerializerMethodField()

    class Meta:
        model = WorkOrder
        fields = [
            "id", "version", "number", "device", "device_name", "institution", "institution_name",
            "status", "description", "is_usable", "reported_by", "assigned_to", "vendor",
            "expected_on", "work_done", "parts_cost", "labour_cost", "cost", "created_at",
            "closed_at", "actions",
        ]  # fmt: skip
        read_only_fields = fields

    def get_actions(self, row: WorkOrder) -> list[str]:
        """Moves that the caller may make as the order stands."""
        user = self.context["request"].user
        return [str(move.value) for move in Move if move in policies.moves_open(user, row)]


class FaultSerializer(StrictSerializer):
    """What is wrong with a device."""

    device = serializers.UUIDField()
    description = serializers.CharField(max_length=500)
    is_usable = serializers.BooleanField(default=False)


def _amount() -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False, allow_null=True, default=None
    )


class OrderMoveSerializer(StrictSerializer):
    """One move, with what it needs."""

    move = serializers.ChoiceField(choices=Move.choices)
    reason = serializers.CharField(max_length=500, required=False, default="")
    assigned_to = serializers.UUIDField(required=False, allow_null=True, default=None)
    vendor = serializers.CharField(max_length=100, required=False, default="")
    expected_on = DayField(required=False, allow_null=True, default=None)
    work_done = serializers.CharField(max_length=500, required=False, default="")
    parts_cost = _amount()
    labour_cost = _amount()
    cost = _amount()
    condition = serializers.ChoiceField(
        choices=Condition.choices, required=False, allow_blank=True, default=""
    )
    condition_note = serializers.CharField(max_length=300, required=False, default="")


class WorkOrderViewSet(
    IdempotentCreate, mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet
):
    """Faults of devices and how far their repair is."""

    queryset = WorkOrder.objects.all()
    serializer_class = WorkOrderSerializer
    input_serializer_class = FaultSerializer
    filterset_class = OrderFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    required_scope = "equipment"
    orderings = ("-created_at", "created_at")
    versioned_actions = ("move",)

    def get_queryset(self) -> Any:
        """Rows with what is shown of them."""
        return super().get_queryset().for_list()

    @extend_schema(request=FaultSerializer, responses={201: WorkOrderSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Report a fault; unless it can still be used, the device is down from now on."""
        return super().create(request, *args, **kwargs)

    def perform_once(self, data: dict[str, Any]) -> tuple[WorkOrder, bool]:
        """Report it."""
        device = _device(data.pop("device"), self.request.user)
        return actions.report_fault(device=device, by=self.request.user, **data), True

    @extend_schema(request=OrderMoveSerializer, responses=WorkOrderSerializer)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, id: str = "") -> Response:  # noqa: A002 - the address's name
        """Make one move; each needs what its form on the page asks for."""
        order = self.get_object()
        sent = OrderMoveSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        data = dict(sent.validated_data)
        data["assigned_to"] = self._colleague(order, data["assigned_to"])
        moved = actions.move(
            order=order,
            move=Move(data.pop("move")),
            by=request.user,
            reason=data.pop("reason"),
            version=seen_version(request),
            data=data,
        )
        return tagged(Response(self.get_serializer(moved).data), moved)

    def _colleague(self, order: WorkOrder, public_id: Any) -> Any:
        if public_id is None:
            return None
        people = technicians_of(order.institution_id, on=timezone.localdate())
        found = people.filter(public_id=public_id).first()
        if found is None:
            raise serializers.ValidationError({"assigned_to": ["Unknown colleague."]})
        return found


class OutageSerializer(serializers.ModelSerializer[Outage]):
    """A time in which a device is down."""

    id = serializers.UUIDField(source="public_id")
    device = serializers.UUIDField(source="device.public_id")
    device_name = serializers.CharField(source="device.name")
    institution = serializers.UUIDField(source="device.owner.public_id")
    reason = serializers.ChoiceField(choices=OutageReason.choices)
    work_order = serializers.UUIDField(source="order.public_id", default=None, allow_null=True)
    recall = serializers.UUIDField(source="recall.public_id", default=None, allow_null=True)

    class Meta:
        model = Outage
        fields = [
            "id", "device", "device_name", "institution", "reason", "starts_at", "ends_at", "note",
            "work_order", "recall",
        ]  # fmt: skip
        read_only_fields = fields


class OutageViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet):
    """When devices were down, are, or will be."""

    queryset = Outage.objects.all()
    serializer_class = OutageSerializer
    filterset_class = OutageFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    required_scope = "equipment"
    orderings = ("-starts_at", "starts_at")

    def get_queryset(self) -> Any:
        """Rows with what is shown of them."""
        return super().get_queryset().for_list()


class MaintenancePlanSerializer(serializers.ModelSerializer[MaintenancePlan]):
    """A check that comes round, and by when the next one is due."""

    id = serializers.UUIDField(source="public_id")
    device = serializers.UUIDField(source="device.public_id")
    device_name = serializers.CharField(source="device.name")
    institution = serializers.UUIDField(source="device.owner.public_id")
    kind = serializers.ChoiceField(choices=PlanKind.choices)
    first_due_why = serializers.ChoiceField(choices=FirstDue.choices)

    class Meta:
        model = MaintenancePlan
        fields = [
            "id", "version", "device", "device_name", "institution", "kind", "name", "months",
            "due_on", "first_due_on", "first_due_why", "last_on", "stops_use", "agency", "note",
            "ended_at",
        ]  # fmt: skip
        read_only_fields = fields


class MaintenancePlanViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet):
    """Calibration and maintenance that comes round."""

    queryset = MaintenancePlan.objects.all()
    serializer_class = MaintenancePlanSerializer
    filterset_class = PlanFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    required_scope = "equipment"
    orderings = ("due_on", "-due_on")

    def get_queryset(self) -> Any:
        """Rows with what is shown of them."""
        return super().get_queryset().for_list()


class ServiceRecordSerializer(serializers.ModelSerializer[ServiceRecord]):
    """A calibration or maintenance that was done."""

    id = serializers.UUIDField(source="public_id")
    plan = serializers.UUIDField(source="plan.public_id", default=None, allow_null=True)
    device = serializers.UUIDField(source="device.public_id")
    institution = serializers.UUIDField(source="device.owner.public_id")
    kind = serializers.ChoiceField(choices=PlanKind.choices)
    result = serializers.ChoiceField(choices=Result.choices)

    class Meta:
        model = ServiceRecord
        fields = [
            "id", "plan", "device", "institution", "kind", "done_on", "result", "due_on",
            "certificate_number", "valid_until", "agency", "cost", "note", "voided_at",
        ]  # fmt: skip
        read_only_fields = fields


class RecordInput(StrictSerializer):
    """What was done, under which plan."""

    plan = serializers.UUIDField()
    done_on = DayField()
    result = serializers.ChoiceField(choices=Result.choices)
    certificate_number = serializers.CharField(max_length=60, required=False, default="")
    valid_until = DayField(required=False, allow_null=True, default=None)
    agency = serializers.CharField(max_length=100, required=False, default="")
    cost = _amount()
    note = serializers.CharField(max_length=300, required=False, default="")


class ServiceRecordViewSet(
    IdempotentCreate, mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet
):
    """What was done to keep devices fit for use; metrology systems put their results here."""

    queryset = ServiceRecord.objects.all()
    serializer_class = ServiceRecordSerializer
    input_serializer_class = RecordInput
    filterset_class = RecordFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    required_scope = "equipment"
    orderings = ("-done_on", "done_on")

    def get_queryset(self) -> Any:
        """Rows with what is shown of them."""
        return super().get_queryset().for_list()

    @extend_schema(request=RecordInput, responses={201: ServiceRecordSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Put a result on record; the plan's next due day follows from it."""
        return super().create(request, *args, **kwargs)

    def perform_once(self, data: dict[str, Any]) -> tuple[ServiceRecord, bool]:
        """Record it."""
        asked = data.pop("plan")
        plans = MaintenancePlan.objects.visible_to(self.request.user)
        plan = plans.filter(public_id=asked).first()
        if plan is None:
            raise serializers.ValidationError({"plan": ["Unknown plan."]})
        return actions.record_service(plan=plan, by=self.request.user, **data), True
