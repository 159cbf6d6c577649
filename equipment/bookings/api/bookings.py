"""Bookings for other systems: book, give back, begin and end a use."""

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
    whole,
)
from alliance.institutions.models import Institution
from alliance.patients.models import Patient
from alliance.people.models import Practitioner
from equipment.devices.choices import Condition
from equipment.devices.models import Device
from training.logbook.models import Case

from .. import actions, policies
from ..causes import insist_known
from ..choices import Act, MentorWord, Move
from ..filters import BookingFilter
from ..models import BookedDevice, Booking, BookingEvent
from ..overruns import actions as overruns


def _named(rows: Any, field: str = "public_id", **more: Any) -> Any:
    return serializers.SlugRelatedField(queryset=rows, slug_field=field, **more)


class LineSerializer(serializers.ModelSerializer[BookedDevice]):
    """A device of a booking; nobody else has it from `block_from` until before `block_until`."""

    device = serializers.UUIDField(source="device.public_id")
    name = serializers.CharField(source="device.name")
    owner = serializers.UUIDField(source="device.owner.public_id")
    condition = serializers.ChoiceField(choices=Condition.choices, allow_blank=True)

    class Meta:
        model = BookedDevice
        fields = [
            "device", "name", "owner", "block_from", "block_until", "needs_approval",
            "approved_at", "condition", "condition_note",
        ]  # fmt: skip
        read_only_fields = fields


class BookingSerializer(serializers.ModelSerializer[Booking]):
    """Who has which devices when, and `actions`, what the caller may do now. No patient is named."""

    id = serializers.UUIDField(source="public_id")
    institution = serializers.UUIDField(source="institution.public_id")
    institution_name = serializers.CharField(source="institution.name")
    place = serializers.UUIDField(source="place.public_id")
    technique = serializers.CharField(source="technique.code", default=None, allow_null=True)
    operator = serializers.UUIDField(source="operator.public_id")
    operator_name = serializers.CharField(source="operator.name")
    mentor = serializers.UUIDField(source="mentor.public_id", default=None, allow_null=True)
    mentor_word = serializers.ChoiceField(choices=MentorWord.choices, allow_blank=True)
    devices = LineSerializer(source="lines", many=True)
    agreed_amount = serializers.DecimalField(
        max_digits=10, decimal_places=2, allow_null=True, default=None,
        help_text="What it was agreed to cost when it was booked; null where nothing is paid for.",
    )  # fmt: skip
    referral_number = serializers.SerializerMethodField(
        help_text="Of what it was booked for; empty for who is no side of the booking."
    )
    actions = serializers.SerializerMethodField()

    class Meta:
        model = Booking
        fields = [
            "id", "version", "status", "institution", "institution_name", "place", "technique",
            "operator", "operator_name", "mentor", "mentor_word", "is_supervised", "starts_at", "ends_at",
            "devices", "agreed_amount", "referral_number", "used_from", "used_until", "is_late",
            "is_excused", "affected_at",
            "affected_code", "held_up_at", "actions", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_referral_number(self, booking: Booking) -> str:
        """The number of the referral, for those it concerns."""
        sides = policies.sides(self.context["request"].user, booking)
        return booking.referral_number if sides else ""

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(Move.choices)))
    def get_actions(self, booking: Booking) -> list[str]:
        """What the caller may do now."""
        return [move.value for move in policies.rights(self.context["request"].user, booking)]


class BookingInput(StrictSerializer):
    """What booking takes. Whether it is granted is for the alliance's rules to say."""

    devices = _named(Device.objects.none(), many=True)
    operator = _named(Practitioner.objects.all())
    mentor = _named(Practitioner.objects.all(), required=False, allow_null=True)
    technique = _named(Technique.objects.filter(is_active=True), "code", allow_null=True)
    starts_at = MomentField()
    ends_at = MomentField()
    place = _named(Institution.objects.all(), required=False, allow_null=True)
    patient = _named(Patient.objects.none(), required=False, allow_null=True)
    referral_number = serializers.CharField(max_length=30, required=False, allow_blank=True)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)

    def get_fields(self) -> dict[str, Any]:
        """The fields; devices and patients are those that the caller sees."""
        fields: dict[str, Any] = super().get_fields()
        if "request" in self.context:
            user = self.context["request"].user
            devices = Device.objects.visible_to(user).select_related("type", "owner")
            fields["devices"].child_relation.queryset = devices
            fields["patient"].queryset = Patient.objects.visible_to(user)
        return fields

    def validate_referral_number(self, number: str) -> str:
        """A referral that the caller sees."""
        return insist_known(self.context["request"].user, number)


class LaterInput(StrictSerializer):
    """To when a booking that is held up is moved; its length stays."""

    starts_at = MomentField()


class MentorInput(StrictSerializer):
    """Who is to be the mentor instead."""

    mentor = _named(Practitioner.objects.all())


class ReasonInput(StrictSerializer):
    """Why."""

    reason = serializers.CharField(max_length=300)


class LeftSerializer(StrictSerializer):
    """How one device was left."""

    device = serializers.UUIDField()
    condition = serializers.ChoiceField(choices=Condition.choices)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class CheckOutInput(StrictSerializer):
    """What ending a use takes: each device with its condition."""

    devices = LeftSerializer(many=True, allow_empty=False)
    consumables = serializers.CharField(max_length=500, required=False, allow_blank=True)
    remark = serializers.CharField(max_length=500, required=False, allow_blank=True)
    case = _named(Case.objects.none(), required=False, allow_null=True)

    def get_fields(self) -> dict[str, Any]:
        """The fields; cases are those that the caller sees."""
        fields: dict[str, Any] = super().get_fields()
        if "request" in self.context:
            fields["case"].queryset = Case.objects.visible_to(self.context["request"].user)
        return fields


class BookingEventSerializer(serializers.ModelSerializer[BookingEvent]):
    """One line of the history."""

    act = serializers.ChoiceField(choices=Act.choices)

    class Meta:
        model = BookingEvent
        fields = ["act", "source", "target", "reason", "at"]
        read_only_fields = fields


@extend_schema_view(
    create=extend_schema(
        description="Book devices for one use. A refusal (409 `booking_refused`) tells every reason"
        " in `reasons`, free times in `alternatives` and free devices in `other_devices`.",
        request=BookingInput,
        responses={201: BookingSerializer},
    ),
)
class BookingViewSet(
    IdempotentCreate, mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet
):
    """Bookings of the caller's institution, and of its devices."""

    queryset = Booking.objects.all()
    serializer_class = BookingSerializer
    input_serializer_class = BookingInput
    filterset_class = BookingFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"
    required_scope = "equipment"
    orderings = ("-starts_at", "starts_at", "-updated_at", "updated_at")
    versioned_actions = (
        "approve", "refuse", "cancel", "check_in", "check_out", "move",
        "mentor_agree", "mentor_decline", "mentor",
    )  # fmt: skip

    def get_queryset(self) -> Any:
        """Bookings with what a row shows."""
        return super().get_queryset().for_list().with_agreed_amount()

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Book for one's institution; a refusal is kept once the transaction of the key is undone."""
        acting(request)
        with actions.refusals_kept():
            return super().create(request, *args, **kwargs)

    def perform_once(self, data: dict[str, Any]) -> tuple[Booking, bool]:
        """Book for the institution where the caller acts."""
        row = actions.book(
            by=self.request.user, institution=acting(self.request), at=timezone.now(), **data
        )
        return self.get_queryset().get(pk=row.pk), True

    @extend_schema(request=None, responses=BookingSerializer)
    @action(detail=True, methods=["post"], url_path="approve", url_name="approve")
    def approve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Agree for the devices one keeps. `If-Match` carries the version you saw."""
        return self._move(request, actions.approve)

    @extend_schema(request=ReasonInput, responses=BookingSerializer)
    @action(detail=True, methods=["post"], url_path="refuse", url_name="refuse")
    def refuse(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Refuse a request, with the reason."""
        return self._move(request, actions.refuse, ReasonInput)

    @extend_schema(request=ReasonInput, responses=BookingSerializer)
    @action(detail=True, methods=["post"], url_path="cancel", url_name="cancel")
    def cancel(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give the time back; too late (by a time it was shifted from, too), it counts as missed."""
        return self._move(request, actions.cancel, ReasonInput)

    @extend_schema(request=None, responses=BookingSerializer)
    @action(detail=True, methods=["post"], url_path="check-in", url_name="check-in")
    def check_in(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Begin the use."""
        return self._move(request, actions.check_in)

    @extend_schema(request=CheckOutInput, responses=BookingSerializer)
    @action(detail=True, methods=["post"], url_path="check-out", url_name="check-out")
    def check_out(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """End the use, and say how each device was left."""
        return self._move(request, actions.check_out, CheckOutInput)

    @extend_schema(request=LaterInput, responses=BookingSerializer)
    @action(detail=True, methods=["post"], url_path="move", url_name="move")
    def move(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Move a booking that the last user holds up to a later time."""
        return self._move(request, overruns.move_on, LaterInput)

    @extend_schema(request=None, responses=BookingSerializer)
    @action(detail=True, methods=["post"], url_path="mentor-agree", url_name="mentor-agree")
    def mentor_agree(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Agree to be the mentor; by the mentor, or by who called one without an account."""
        return self._move(request, actions.agree)

    @extend_schema(request=ReasonInput, responses=BookingSerializer)
    @action(detail=True, methods=["post"], url_path="mentor-decline", url_name="mentor-decline")
    def mentor_decline(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Decline to be the mentor (or record it), with the reason; the booking stands."""
        return self._move(request, actions.decline, ReasonInput)

    @extend_schema(request=MentorInput, responses=BookingSerializer)
    @action(detail=True, methods=["post"], url_path="mentor", url_name="mentor")
    def mentor(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Have another mentor, who is asked in their turn."""
        return self._move(request, actions.change_mentor, MentorInput)

    @extend_schema(responses=whole(BookingEventSerializer), filters=False)
    @action(detail=True, url_path="events", url_name="events", pagination_class=None)
    def events(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Every step, oldest first."""
        steps = self.get_object().events.all()
        return Response({"results": BookingEventSerializer(steps, many=True).data})

    def _move(
        self,
        request: Request,
        act: Callable[..., Booking],
        shape: type[StrictSerializer] | None = None,
    ) -> Response:
        row, seen = self.get_object(), seen_version(request)
        data: dict[str, Any] = {}
        if shape is not None:
            asked = shape(data=request.data, context=self.get_serializer_context())
            asked.is_valid(raise_exception=True)
            data = _as_taken(row, asked.validated_data)
        act(booking=row, by=request.user, at=timezone.now(), version=seen, **data)
        row = self.get_object()
        return tagged(Response(self.get_serializer(row).data), row)


def _as_taken(row: Booking, data: dict[str, Any]) -> dict[str, Any]:
    """The body as actions take it: conditions by the key of the device."""
    left = {one["device"]: (one["condition"], one["note"]) for one in data.pop("devices", ())}
    if left:
        known = {line.device.public_id: line.device_id for line in row.lines.all()}
        data["conditions"] = {known[one]: told for one, told in left.items() if one in known}
    return data
