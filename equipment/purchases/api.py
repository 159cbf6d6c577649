"""Purchases for other systems, to read."""

from typing import Any

from rest_framework import mixins, serializers

from alliance.core.api_support import AllianceViewSet

from .choices import Status
from .filters import PurchaseFilter
from .models import Purchase


class PurchaseSerializer(serializers.ModelSerializer[Purchase]):
    """An institution's application for devices, what was decided, and the delivery."""

    id = serializers.UUIDField(source="public_id")
    institution = serializers.UUIDField(source="institution.public_id")
    institution_name = serializers.CharField(source="institution.name")
    device_type = serializers.CharField(source="type.code")
    device_type_name = serializers.CharField(source="type.name")
    status = serializers.ChoiceField(choices=Status.choices)

    class Meta:
        model = Purchase
        fields = [
            "id", "version", "institution", "institution_name", "device_type", "device_type_name",
            "status", "quantity", "unit_price", "submitted_at", "is_recommended", "score",
            "decided_at", "approved_quantity", "approved_price", "subsidy_percent", "subsidy",
            "delivered_quantity", "delivered_on", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class PurchaseViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet):
    """Applications for devices."""

    queryset = Purchase.objects.all()
    serializer_class = PurchaseSerializer
    filterset_class = PurchaseFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    required_scope = "equipment"
    orderings = ("-created_at", "created_at")

    def get_queryset(self) -> Any:
        """Rows with what is shown of them."""
        return super().get_queryset().for_list()
