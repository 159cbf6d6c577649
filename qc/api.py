"""Findings for other systems."""

from django.utils import timezone
from rest_framework import mixins, serializers

from alliance.core.api_support import AllianceViewSet

from . import presenters, selectors
from .choices import Standing
from .filters import FindingFilter
from .models import Finding


class FindingSerializer(serializers.ModelSerializer[Finding]):
    """What a scheduled check found; `standing` is asked of its dates today."""

    id = serializers.UUIDField(source="public_id")
    check = serializers.CharField(source="check_code")
    title = serializers.SerializerMethodField()
    says = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()
    standing = serializers.SerializerMethodField()
    citation = serializers.SerializerMethodField()
    institution = serializers.UUIDField(source="institution.public_id")
    owner = serializers.CharField(source="owner.name", default=None, allow_null=True)

    class Meta:
        model = Finding
        fields = [
            "id", "version", "check", "title", "says", "severity", "standing", "citation",
            "institution", "subject", "facet", "url", "evidence", "opened_on", "due_on",
            "cleared_on", "waived_until", "waiver_reason", "owner",
        ]  # fmt: skip
        read_only_fields = fields

    def get_title(self, finding: Finding) -> str:
        """What the check is called."""
        return presenters.title(finding.check_code)

    def get_says(self, finding: Finding) -> str:
        """What was found, in a sentence of the caller's language."""
        return presenters.sentence(finding)

    def get_citation(self, finding: Finding) -> str:
        """What the finding refers to."""
        return presenters.citation(finding)

    def get_url(self, finding: Finding) -> str:
        """The page of the thing itself."""
        return presenters.link(finding)

    def get_standing(self, finding: Finding) -> Standing | None:
        """How it stands today."""
        return selectors.standing_of(finding, on=timezone.localdate())


class FindingViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet):
    """What scheduled checks found at the caller's institution."""

    queryset = Finding.objects.all()
    serializer_class = FindingSerializer
    filterset_class = FindingFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    required_scope = "findings"
    orderings = ("-opened_on", "opened_on", "-weight")
