"""Endpoints of devices and their types."""

from typing import Any

from django.utils import timezone
from rest_framework import mixins, serializers

from alliance.core.api_support import AllianceViewSet

from .choices import Condition, Need, Retirement, TypeKind
from .filters import DeviceFilter, TypeFilter
from .models import Device, DeviceType


class TypeNeedSerializer(serializers.Serializer[Any]):
    """A technique that needs a type of device, or is helped by it."""

    technique = serializers.CharField(source="technique.code")
    technique_name = serializers.CharField(source="technique.name")
    need = serializers.ChoiceField(choices=Need.choices)


class DeviceTypeSerializer(serializers.ModelSerializer[DeviceType]):
    """A type of device with what is usual for it, and the techniques that need it."""

    id = serializers.UUIDField(source="public_id")
    hint = serializers.CharField(source="code", help_text="What stands beside the name in lists.")
    kind = serializers.ChoiceField(choices=TypeKind.choices)
    techniques = TypeNeedSerializer(source="needed_by", many=True)

    class Meta:
        model = DeviceType
        fields = [
            "id", "version", "code", "name", "hint", "kind", "category_code", "family",
            "is_high_end", "is_fixed", "life_years", "setup_minutes", "cleaning_minutes",
            "statutory_months", "preventive_months", "is_active",
            "techniques", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class DeviceTypeViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet):
    """Types of device, and the techniques that need them."""

    queryset = DeviceType.objects.all()
    serializer_class = DeviceTypeSerializer
    filterset_class = TypeFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    required_scope = "equipment"
    orderings = ("name", "-name", "code", "-code")

    def get_queryset(self) -> Any:
        """Rows with their techniques."""
        return super().get_queryset().prefetch_related("needed_by__technique")


class DeviceSerializer(serializers.ModelSerializer[Device]):
    """A device. Price, numbers and notes of a fellow member's device are null."""

    id = serializers.UUIDField(source="public_id")
    hint = serializers.CharField(
        source="asset_number", help_text="What stands beside the name in lists."
    )
    type = serializers.UUIDField(source="type.public_id")
    type_code = serializers.CharField(source="type.code")
    type_name = serializers.CharField(source="type.name")
    kind = serializers.ChoiceField(source="type.kind", choices=TypeKind.choices)
    owner = serializers.UUIDField(source="owner.public_id")
    owner_name = serializers.CharField(source="owner.name")
    department_name = serializers.CharField(source="department.name", default=None, allow_null=True)
    condition = serializers.ChoiceField(choices=Condition.choices)
    setup_minutes = serializers.IntegerField(source="setup")
    cleaning_minutes = serializers.IntegerField(source="cleaning")
    is_past_life = serializers.SerializerMethodField()
    udi = serializers.CharField(allow_null=True)
    serial_number = serializers.CharField(allow_null=True)
    price = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    purchased_on = serializers.DateField(allow_null=True)
    retired_on = serializers.DateField(allow_null=True)
    retirement = serializers.ChoiceField(choices=Retirement.choices, allow_null=True)

    _PRIVATE = ("udi", "serial_number", "price", "purchased_on", "retired_on", "retirement")

    class Meta:
        model = Device
        fields = [
            "id", "version", "name", "hint", "type", "type_code", "type_name", "kind", "owner",
            "owner_name", "department_name", "location", "maker", "udi", "serial_number",
            "asset_number", "price", "purchased_on", "in_use_from", "life_ends_on", "is_past_life",
            "condition", "condition_note", "is_shared", "needs_approval", "setup_minutes",
            "cleaning_minutes", "retired_on", "retirement", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_is_past_life(self, row: Device) -> bool:
        """Whether its expected life has ended today."""
        return row.life_ends_on <= timezone.localdate()

    def to_representation(self, instance: Device) -> Any:
        """What the caller may know of it."""
        shown = super().to_representation(instance)
        shown["retirement"] = shown["retirement"] or None
        if not getattr(instance, "is_known", False):
            shown |= dict.fromkeys(self._PRIVATE)
        return shown


class DeviceViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet):
    """Devices of one's own institutions, of alliances one oversees, and what members share."""

    queryset = Device.objects.all()
    serializer_class = DeviceSerializer
    filterset_class = DeviceFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    required_scope = "equipment"
    orderings = ("name", "-name", "in_use_from", "-in_use_from", "life_ends_on", "updated_at")

    def get_queryset(self) -> Any:
        """Rows with what is shown of them, and whether all of it."""
        return super().get_queryset().for_list().with_known(self.request.user)
