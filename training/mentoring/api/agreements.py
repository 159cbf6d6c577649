"""Mentorships and postings for other systems."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.catalogue.models import Technique
from alliance.core.api_support import (
    AllianceViewSet,
    DayField,
    IdempotentCreate,
    StrictSerializer,
    seen_version,
    tagged,
)
from alliance.people.models import Practitioner

from .. import actions
from ..choices import ANSWERS, Assessment, MentorshipMove
from ..filters import MentorshipFilter, PostingFilter
from ..models import Mentorship, Posting


class MentorshipSerializer(serializers.ModelSerializer[Mentorship]):
    """Who teaches whom; the period is half-open: `valid_until` is the first day after it."""

    id = serializers.UUIDField(source="public_id")
    mentor = serializers.UUIDField(source="mentor.public_id")
    mentor_name = serializers.CharField(source="mentor.name")
    mentor_institution = serializers.UUIDField(source="mentor_institution.public_id")
    mentee = serializers.UUIDField(source="mentee.public_id")
    mentee_name = serializers.CharField(source="mentee.name")
    mentee_institution = serializers.UUIDField(source="mentee_institution.public_id")
    technique = serializers.CharField(source="technique.code", default=None, allow_null=True)

    class Meta:
        model = Mentorship
        fields = [
            "id", "version", "status", "mentor", "mentor_name", "mentor_institution", "mentee",
            "mentee_name", "mentee_institution", "technique", "goals", "valid_from",
            "valid_until", "mentor_agreed_at", "mentee_agreed_at", "reason", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


def named(rows: Any, field: str = "public_id", **more: Any) -> Any:
    """A field that names a row."""
    return serializers.SlugRelatedField(queryset=rows, slug_field=field, **more)


class MentorshipInput(StrictSerializer):
    """A mentorship that is proposed: who proposes for a side has agreed for it."""

    mentor = named(Practitioner.objects.all())
    mentee = named(Practitioner.objects.all())
    technique = named(
        Technique.objects.filter(is_active=True), "code", required=False, allow_null=True
    )
    goals = serializers.CharField(max_length=2000)
    valid_from = DayField()
    valid_until = DayField()


class MentorshipMoveInput(StrictSerializer):
    """What is done with a mentorship; declining and ending ask for the reason."""

    move = serializers.ChoiceField(choices=ANSWERS)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)


_MOVES = {
    MentorshipMove.DECLINE: actions.decline_mentorship,
    MentorshipMove.END: actions.end_mentorship,
}


@extend_schema_view(
    create=extend_schema(
        description="Propose a mentorship: an act of the two people and of who arranges their"
        " training, not of a system.",
        request=MentorshipInput,
        responses={201: MentorshipSerializer},
    ),
)
class MentorshipViewSet(
    IdempotentCreate, mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet
):
    """Who teaches whom at the caller's institution or from it."""

    queryset = Mentorship.objects.all()
    serializer_class = MentorshipSerializer
    input_serializer_class = MentorshipInput
    versioned_actions = ("moves",)
    filterset_class = MentorshipFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    required_scope = "training"
    orderings = ("-valid_from", "valid_from", "-updated_at", "updated_at")

    def get_queryset(self) -> Any:
        """Mentorships with what a row shows."""
        return super().get_queryset().for_list()

    def perform_once(self, data: dict[str, Any]) -> tuple[Mentorship, bool]:
        """Propose it as its page does."""
        return actions.propose_mentorship(by=self.request.user, **data), True

    @extend_schema(request=MentorshipMoveInput, responses={200: MentorshipSerializer})
    @action(detail=True, methods=["post"], url_path="moves", url_name="moves")
    def moves(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Agree, decline or end. `If-Match` carries the version you saw."""
        row, seen = self.get_object(), seen_version(request)
        asked = MentorshipMoveInput(data=request.data)
        asked.is_valid(raise_exception=True)
        told = {"mentorship": row, "by": request.user, "version": seen}
        move = MentorshipMove(asked.validated_data["move"])
        if move == MentorshipMove.AGREE:
            actions.agree_to_mentorship(**told)
        else:
            _MOVES[move](reason=asked.validated_data.get("reason", ""), **told)
        row = self.get_object()
        return tagged(Response(self.get_serializer(row).data), row)


class PostingSerializer(serializers.ModelSerializer[Posting]):
    """A dispatch or rotation; the period is half-open: `valid_until` is the first day after it."""

    id = serializers.UUIDField(source="public_id")
    practitioner = serializers.UUIDField(source="practitioner.public_id")
    practitioner_name = serializers.CharField(source="practitioner.name")
    sender = serializers.UUIDField(source="from_institution.public_id")
    receiver = serializers.UUIDField(source="to_institution.public_id")
    department = serializers.UUIDField(source="department.public_id", default=None, allow_null=True)
    days_present = serializers.IntegerField(source="present")
    assessment = serializers.ChoiceField(Assessment.choices, allow_blank=True, read_only=True)

    class Meta:
        model = Posting
        fields = [
            "id", "version", "kind", "status", "practitioner", "practitioner_name", "sender",
            "receiver", "department", "valid_from", "valid_until", "plan", "days_present",
            "assessment", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class PostingViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet):
    """Dispatch and rotation from or to the caller's institution."""

    queryset = Posting.objects.all()
    serializer_class = PostingSerializer
    filterset_class = PostingFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    required_scope = "training"
    orderings = ("-valid_from", "valid_from", "-updated_at", "updated_at")

    def get_queryset(self) -> Any:
        """Postings with what a row shows."""
        return super().get_queryset().for_list().with_days_present()
