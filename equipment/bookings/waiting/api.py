"""The waiting list for other systems: stand in line, answer offers, leave."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.catalogue.models import Technique
from alliance.core.api_support import (
    AllianceViewSet,
    IdempotentCreate,
    MomentField,
    StrictSerializer,
    acting,
    seen_version,
    tagged,
)
from alliance.core.errors import DomainError
from alliance.patients.models import Patient
from alliance.people.models import Practitioner
from equipment.devices.models import Device, DeviceType
from equipment.devices.selectors import active_types

from .. import policies
from ..actions import refusals_kept
from ..causes import insist_known
from ..models import WaitingEntry, WaitingOffer
from . import actions
from .choices import Answer, EntryState
from .filters import WaitingFilter

_ACTS = ("accept", "decline", "leave")


class OfferSerializer(serializers.ModelSerializer[WaitingOffer]):
    """A time that is kept for who waits until `answer_by`."""

    device = serializers.UUIDField(source="device.public_id")
    name = serializers.CharField(source="device.name")
    owner = serializers.UUIDField(source="device.owner.public_id")

    class Meta:
        model = WaitingOffer
        fields = ["device", "name", "owner", "starts_at", "ends_at", "answer_by"]
        read_only_fields = fields


class WaitingEntrySerializer(serializers.ModelSerializer[WaitingEntry]):
    """Somebody who waits, the `offer` that stands open, and `actions`. No patient is named."""

    id = serializers.UUIDField(source="public_id")
    institution = serializers.UUIDField(source="institution.public_id")
    type = serializers.CharField(source="type.code")
    device = serializers.UUIDField(source="device.public_id", default=None, allow_null=True)
    technique = serializers.CharField(source="technique.code", default=None, allow_null=True)
    operator = serializers.UUIDField(source="operator.public_id")
    mentor = serializers.UUIDField(source="mentor.public_id", default=None, allow_null=True)
    state = serializers.ChoiceField(choices=EntryState.choices)
    offer = serializers.SerializerMethodField()
    booking = serializers.SerializerMethodField()
    actions = serializers.SerializerMethodField()

    class Meta:
        model = WaitingEntry
        fields = [
            "id", "version", "state", "institution", "type", "device", "technique", "operator",
            "mentor", "minutes", "wanted_from", "wanted_until", "offer", "booking", "actions",
            "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(OfferSerializer(allow_null=True))
    def get_offer(self, entry: WaitingEntry) -> Any:
        """The time that waits for an answer."""
        offer = _one(entry, Answer.OPEN)
        return OfferSerializer(offer).data if offer else None

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_booking(self, entry: WaitingEntry) -> str | None:
        """The booking that an accepted offer became."""
        offer = _one(entry, Answer.ACCEPTED)
        return str(offer.booking.public_id) if offer and offer.booking else None

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(_ACTS)))
    def get_actions(self, entry: WaitingEntry) -> list[str]:
        """What the caller may do now."""
        may = policies.may_book(self.context["request"].user, entry.institution_id)
        if not may or entry.ended_at is not None:
            return []
        return list(_ACTS) if _one(entry, Answer.OPEN) else ["leave"]


def _one(entry: WaitingEntry, answer: Answer) -> WaitingOffer | None:
    return next((one for one in entry.offers.all() if one.answer == answer), None)


def _named(rows: Any, field: str = "public_id", **more: Any) -> Any:
    return serializers.SlugRelatedField(queryset=rows, slug_field=field, **more)


class WaitingInput(StrictSerializer):
    """What is waited for: a device, or any of a type; and when, by whom."""

    device = _named(Device.objects.none(), required=False, allow_null=True)
    type = _named(DeviceType.objects.none(), "code", required=False, allow_null=True)
    technique = _named(
        Technique.objects.filter(is_active=True), "code", required=False, allow_null=True
    )
    operator = _named(Practitioner.objects.all())
    mentor = _named(Practitioner.objects.all(), required=False, allow_null=True)
    patient = _named(Patient.objects.none(), required=False, allow_null=True)
    referral_number = serializers.CharField(max_length=30, required=False, allow_blank=True)
    minutes = serializers.IntegerField(min_value=5, max_value=1440)
    wanted_from = MomentField()
    wanted_until = MomentField()
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)

    def get_fields(self) -> dict[str, Any]:
        """The fields; devices and patients are those that the caller sees."""
        fields: dict[str, Any] = super().get_fields()
        fields["type"].queryset = active_types()
        if "request" in self.context:
            user = self.context["request"].user
            fields["device"].queryset = Device.objects.visible_to(user).select_related("type")
            fields["patient"].queryset = Patient.objects.visible_to(user)
        return fields

    def validate_referral_number(self, number: str) -> str:
        """A referral that the caller sees."""
        return insist_known(self.context["request"].user, number)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A device or a type is named."""
        if not (attrs.get("device") or attrs.get("type")):
            raise serializers.ValidationError(
                {"type": self.fields["type"].error_messages["required"]}
            )
        return attrs


@extend_schema_view(
    create=extend_schema(
        description="Stand in line. What is free already is booked, not waited for: 409 `free_now`"
        " names the time in `alternatives`.",
        request=WaitingInput,
        responses={201: WaitingEntrySerializer},
    ),
)
class WaitingEntryViewSet(
    IdempotentCreate, mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet
):
    """Who waits for which device, in the order in which they are served."""

    queryset = WaitingEntry.objects.all()
    serializer_class = WaitingEntrySerializer
    input_serializer_class = WaitingInput
    filterset_class = WaitingFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"
    required_scope = "equipment"
    orderings = ("id", "-id")
    versioned_actions = _ACTS

    def get_queryset(self) -> Any:
        """Entries with what a row shows."""
        return super().get_queryset().for_list().with_offers()

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Stand in line for one's institution."""
        acting(request)
        return super().create(request, *args, **kwargs)

    def perform_once(self, data: dict[str, Any]) -> tuple[WaitingEntry, bool]:
        """Stand in line for the institution where the caller acts."""
        row = actions.join_list(
            by=self.request.user, institution=acting(self.request), at=timezone.now(), **data
        )
        return self.get_queryset().get(pk=row.pk), True

    @extend_schema(request=None, responses=WaitingEntrySerializer)
    @action(detail=True, methods=["post"], url_path="accept", url_name="accept")
    def accept(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take the offered time; it becomes the `booking`."""
        with refusals_kept():
            return self._answer(request, actions.accept_offer)

    @extend_schema(request=None, responses=WaitingEntrySerializer)
    @action(detail=True, methods=["post"], url_path="decline", url_name="decline")
    def decline(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Let the offered time go, and wait on in one's place."""
        return self._answer(request, actions.let_go)

    @extend_schema(request=None, responses=WaitingEntrySerializer)
    @action(detail=True, methods=["post"], url_path="leave", url_name="leave")
    def leave(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Wait no longer."""
        row, seen = self.get_object(), seen_version(request)
        actions.leave_list(entry=row, by=request.user, at=timezone.now(), version=seen)
        return self._shown()

    def _answer(self, request: Request, act: Callable[..., Any]) -> Response:
        row, seen = self.get_object(), seen_version(request)
        policies.insist(policies.may_book(request.user, row.institution_id))
        offer = _one(row, Answer.OPEN)
        if offer is None:
            raise DomainError("offer_closed", actions.closed_words())
        act(offer=offer, by=request.user, at=timezone.now(), version=seen)
        return self._shown()

    def _shown(self) -> Response:
        row = self.get_object()
        return tagged(Response(self.get_serializer(row).data), row)
