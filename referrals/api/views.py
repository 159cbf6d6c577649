"""Doors of the referrals API: load in scope, call one action, answer."""

import hashlib
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError as APIValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.core import versions
from alliance.core.access import access_of
from alliance.core.api_support import (
    AllianceViewSet,
    IdempotentCreate,
    idempotent,
    seen_version,
    tagged,
    whole,
)
from alliance.core.uploads import Kind
from alliance.patients import actions as patients

from .. import actions, selectors
from ..choices import Move
from ..downloads import download
from ..filters import ReferralFilter
from ..forms import MoveForm
from ..models import Attachment, ReasonCode, Referral, ReferralDiagnosis, ReferralEvent
from ..policies import allowed_transition, is_party
from .serializers import (
    AttachmentSerializer,
    ConsentInput,
    CorrectionInput,
    EventSerializer,
    MoveInput,
    PaperworkInput,
    ReasonCodeSerializer,
    ReferralDetailSerializer,
    ReferralInput,
    ReferralSerializer,
)

_STRUCTURES: dict[str, Any] = {
    "paperwork": PaperworkInput,
    "correction": CorrectionInput,
    "consent": ConsentInput,
}
_PARTIES = ("referral__patient", "referral__sender", "referral__receiver")
# Acts that only ask whose the leg is and where it stands.
_BARE = ("moves", "events")
_DIAGNOSES = Prefetch("diagnoses", ReferralDiagnosis.objects.select_related("disease"))


class ReferralViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, IdempotentCreate, AllianceViewSet
):
    """Legs that the caller's institution sent or received."""

    queryset = Referral.objects.all()
    serializer_class = ReferralDetailSerializer
    input_serializer_class = ReferralInput
    filterset_class = ReferralFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"
    required_scope = "referrals"
    orderings = ("-created_at", "created_at", "-updated_at", "updated_at")
    versioned_actions = ("moves",)
    idempotent_actions = ("create", "moves")

    def get_queryset(self) -> Any:
        """Legs in the caller's scope, with what their rows show where rows are shown."""
        rows = super().get_queryset()
        return rows.select_related("sender") if self.action in _BARE else rows.for_list()

    def branches(self, queryset: QuerySet[Referral]) -> Any:
        """Sent, received, overseen: each an index range of its own, filtered."""
        filters = ReferralFilter(self.request.query_params, request=self.request)
        return filters.narrowed(Referral.objects.branches_for(self.request.user))

    def get_serializer_class(self) -> Any:
        """Rows in lists, everything on one referral."""
        return ReferralSerializer if self.action == "list" else ReferralDetailSerializer

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One referral; the reading is recorded. `ETag` carries its version."""
        referral = self.get_object()
        _note_read(request, referral)
        return self._shown(referral)

    @extend_schema(request=ReferralInput, responses={201: ReferralDetailSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """File a referral, or keep a draft with `submit` false."""
        return super().create(request, *args, **kwargs)

    def perform_once(self, data: dict[str, Any]) -> tuple[Referral, bool]:
        """File it on behalf of the sender that was named."""
        values = dict(data)
        referral = actions.create_referral(
            by=self.request.user,
            institution=values.pop("sender"),
            parent=values.pop("parent", None),
            submit=values.pop("submit"),
            data=values,
        )
        return referral, True

    def again(self, pk: int) -> Referral:
        """The leg as it is now."""
        row: Referral = get_object_or_404(super().get_queryset().for_list(), pk=pk)
        return row

    def created(self, row: Any) -> Response:
        """The filed referral, with its address and version."""
        response = self._shown(row)
        path = reverse("api:referral-detail", args=[response.data["id"]])
        response["Location"] = self.request.build_absolute_uri(path)
        return response

    @extend_schema(request=MoveInput, responses={200: ReferralDetailSerializer})
    @action(detail=True, methods=["post"], url_path="moves", url_name="moves")
    def moves(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make a move. `If-Match` carries the version you saw; `Idempotency-Key` is optional."""
        referral = self.get_object()
        move, seen = _move_of(request), seen_version(request)

        def perform() -> tuple[int, Referral]:
            versions.check(referral, seen)
            data = _move_data(request, referral, move)
            actions.move(referral=referral, move=move, by=request.user, data=data, version=seen)
            return status.HTTP_200_OK, self.again(referral.pk)

        return idempotent(request, f"moves:{referral.pk}", perform, self.again, self._shown)

    @extend_schema(responses={200: whole(EventSerializer)}, filters=False)
    @action(
        detail=True,
        methods=["get"],
        url_path="events",
        url_name="events",
        pagination_class=None,
    )
    def events(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Every step, oldest first. Overseers see no words, only steps."""
        referral = self.get_object()
        steps: list[ReferralEvent] = list(referral.events.told())
        if not is_party(request.user, referral):
            for step in steps:
                step.reason, step.data = "", {}
        return Response({"results": EventSerializer(steps, many=True).data})

    def _shown(self, referral: Referral) -> Response:
        prefetch_related_objects([referral], _DIAGNOSES)
        shape = ReferralDetailSerializer(referral, context=self.get_serializer_context())
        return tagged(Response(shape.data), referral)


def _kept(attachment: Attachment) -> Response:
    return Response(AttachmentSerializer(attachment).data)


def _move_of(request: Request) -> Move:
    name = request.data.get("move") if isinstance(request.data, dict) else None
    return Move(_known(str(name)))


def _move_data(request: Request, referral: Referral, move: Move) -> dict[str, Any]:
    """The move's fields, cleaned by the form that pages use."""
    row = allowed_transition(request.user, move, referral)
    MoveInput().refuse_strangers(request.data)
    form = MoveForm(row, referral, data=request.data)
    if not form.is_valid():
        raise ValidationError(form.errors.as_data())
    data: dict[str, Any] = form.move_data()
    body: Any = request.data
    for name, shape in _STRUCTURES.items():
        if name in row.optional and name in body:
            part = shape(data=body[name])
            if not part.is_valid():
                raise APIValidationError({name: part.errors})
            data[name] = dict(part.validated_data)
    return data


def _note_read(request: Request, referral: Referral) -> None:
    if referral.patient is None:
        return
    held = access_of(request.user).institutions
    houses = [house for house in (referral.sender, referral.receiver) if house is not None]
    patients.note_read(
        patient=referral.patient,
        by=request.user,
        institution=next((house for house in houses if house.pk in held), None),
        via="api",
    )


class AttachmentViewSet(AllianceViewSet):
    """Pictures and PDFs of one referral, for its two institutions only."""

    queryset = Attachment.objects.all()
    serializer_class = AttachmentSerializer
    pagination_class = None
    parser_classes = [MultiPartParser]
    lookup_field = "public_id"
    lookup_url_kwarg = "attachment_id"
    required_scope = "referrals"
    idempotent_actions = ("create",)

    def get_queryset(self) -> Any:
        """Attachments of this referral in the caller's scope."""
        mine = super().get_queryset().filter(referral__public_id=self.kwargs["id"])
        return mine.select_related(*_PARTIES)

    def _referral(self) -> Referral:
        visible = Referral.objects.visible_to(self.request.user)
        referral: Referral = get_object_or_404(visible, public_id=self.kwargs["id"])
        return referral

    @extend_schema(responses={200: whole(AttachmentSerializer)}, filters=False)
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What is attached, oldest first."""
        self._referral()
        files = self.get_queryset().order_by("id")
        return Response({"results": AttachmentSerializer(files, many=True).data})

    @extend_schema(responses={201: AttachmentSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Attach a file (`multipart/form-data`, field `file`). The same file again is one."""
        referral = self._referral()
        form = AttachmentSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        file = form.validated_data["file"]
        same = {"name": file.name, "sha256": _digest(file)}

        def perform() -> tuple[int, Attachment]:
            kept = actions.attach(referral=referral, file=file, name=file.name, by=request.user)
            return status.HTTP_201_CREATED, kept

        return idempotent(request, f"attach:{referral.pk}", perform, self._again, _kept, body=same)

    def _again(self, pk: int) -> Attachment:
        kept: Attachment = get_object_or_404(self.get_queryset(), pk=pk)
        return kept

    @extend_schema(responses={(200, kind.content_type): OpenApiTypes.BINARY for kind in Kind})
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """The file itself, as a download; the reading is recorded."""
        paper = self.get_object()
        _note_read(request, paper.referral)
        return download(paper)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take a file out of sight; the trace stays."""
        actions.remove_attachment(attachment=self.get_object(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _digest(file: Any) -> str:
    """What tells one file from another; the file is left as it was found."""
    digest = hashlib.sha256()
    for block in file.chunks():
        digest.update(block)
    file.seek(0)
    return digest.hexdigest()


_MOVE = OpenApiParameter("move", str, enum=Move.values)


class ReasonCodeViewSet(AllianceViewSet):
    """Coded reasons in force today, by move."""

    queryset = ReasonCode.objects.all()
    serializer_class = ReasonCodeSerializer
    pagination_class = None
    required_scope = "referrals"
    extra_parameters = ("move",)

    @extend_schema(parameters=[_MOVE], responses={200: whole(ReasonCodeSerializer)}, filters=False)
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """All of them (there are few), or those of one move."""
        self.filter_queryset(self.queryset)
        today, move = timezone.localdate(), request.query_params.get("move")
        codes: QuerySet[ReasonCode] = ReasonCode.objects.in_force(today)
        if move is not None:
            codes = selectors.reason_codes(_known(move), on=today)
        return Response({"results": ReasonCodeSerializer(codes, many=True).data})


def _known(move: str) -> str:
    if move not in Move.values:
        message = _("Choose one of: %(allowed)s.") % {"allowed": ", ".join(Move.values)}
        raise ValidationError({"move": [message]})
    return move
