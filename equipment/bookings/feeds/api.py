"""Calendars for phones, for other systems: open, list, revoke."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.core.api_support import AllianceViewSet, IdempotentCreate, StrictSerializer
from equipment.devices.models import Device

from .. import policies
from ..models import CalendarFeed
from . import actions, addresses


class FeedSerializer(serializers.ModelSerializer[CalendarFeed]):
    """A calendar at a secret address: of the caller's own bookings, or of a device."""

    id = serializers.UUIDField(source="public_id")
    device = serializers.UUIDField(source="device.public_id", default=None, allow_null=True)
    address = serializers.SerializerMethodField()

    class Meta:
        model = CalendarFeed
        fields = ["id", "device", "address", "read_at", "created_at"]
        read_only_fields = fields

    def get_address(self, feed: CalendarFeed) -> str:
        """Whoever knows it reads the calendar."""
        path = reverse("bookings:feed", args=[addresses.make(feed)])
        return str(self.context["request"].build_absolute_uri(path))


class FeedInput(StrictSerializer):
    """Whose calendar: a device's, or without one the caller's own."""

    device = serializers.SlugRelatedField(
        queryset=Device.objects.none(), slug_field="public_id", required=False, allow_null=True
    )

    def get_fields(self) -> dict[str, Any]:
        """The fields; devices are those that the caller sees."""
        fields: dict[str, Any] = super().get_fields()
        if "request" in self.context:
            fields["device"].queryset = Device.objects.visible_to(self.context["request"].user)
        return fields


@extend_schema_view(
    create=extend_schema(request=FeedInput, responses={200: FeedSerializer, 201: FeedSerializer}),
    destroy=extend_schema(description="Revoke: the address answers nobody any more."),
)
class BookingFeedViewSet(
    IdempotentCreate, mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet
):
    """The caller's calendars that are not revoked."""

    queryset = CalendarFeed.objects.all()
    serializer_class = FeedSerializer
    input_serializer_class = FeedInput
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"
    required_scope = "equipment"

    def get_queryset(self) -> Any:
        """Those running, with what a row shows."""
        return super().get_queryset().running().select_related("device")

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make an address, or answer with the one that runs."""
        policies.insist(policies.may_look(request.user))
        return super().create(request, *args, **kwargs)

    def perform_once(self, data: dict[str, Any]) -> tuple[CalendarFeed, bool]:
        """Open it; one that runs already is answered again."""
        device = data.get("device")
        known = self.get_queryset().filter(device=device).exists()
        feed = actions.open_feed(by=self.request.user, device=device)
        return self.get_queryset().get(pk=feed.pk), not known

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make the address worthless."""
        actions.revoke_feed(feed=self.get_object(), by=request.user)
        return Response(status=204)
