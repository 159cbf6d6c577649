"""The caller's own notices for other systems: to read, and to mark as read."""

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.core.api_support import AllianceViewSet

from . import actions, texts
from .filters import NoticeFilter
from .models import Notice


class NoticeSerializer(serializers.ModelSerializer[Notice]):
    """A notice, worded in the caller's language; `url` is the page it is about."""

    id = serializers.UUIDField(source="public_id")
    title = serializers.SerializerMethodField()
    body = serializers.SerializerMethodField()

    class Meta:
        model = Notice
        fields = ["id", "kind", "title", "body", "url", "created_at", "read_at"]
        read_only_fields = fields

    def get_title(self, notice: Notice) -> str:
        """The first line."""
        return texts.title_of(notice)

    def get_body(self, notice: Notice) -> str:
        """The second line; may be empty."""
        return texts.body_of(notice)


class NoticeViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet):
    """What the platform has told the caller."""

    queryset = Notice.objects.all()
    serializer_class = NoticeSerializer
    filterset_class = NoticeFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    required_scope = "notices"
    orderings = ("-created_at", "created_at")

    @extend_schema(request=None, responses=NoticeSerializer)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, id: str) -> Response:  # noqa: A002
        """Mark as read; marking again changes nothing."""
        actions.mark_read(notice=self.get_object(), by=request.user)
        return Response(self.get_serializer(self.get_object()).data)
