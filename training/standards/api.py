"""Admissions for other systems."""

from typing import Any

from django.utils import timezone
from rest_framework import mixins, serializers

from alliance.core.api_support import AllianceViewSet

from . import presenters, selectors
from .choices import Standing, Status
from .filters import AdmissionFilter
from .models import Admission


class AdmissionSerializer(serializers.ModelSerializer[Admission]):
    """An institution's admission for a technique; `standing` and `counts` are asked of today."""

    id = serializers.UUIDField(source="public_id")
    institution = serializers.UUIDField(source="institution.public_id")
    institution_name = serializers.CharField(source="institution.name")
    technique = serializers.CharField(source="technique.code")
    technique_name = serializers.CharField(source="technique.name")
    status = serializers.ChoiceField(choices=Status.choices)
    standing = serializers.SerializerMethodField()
    counts = serializers.SerializerMethodField(
        help_text="Whether the institution may use the technique today."
    )

    class Meta:
        model = Admission
        fields = [
            "id", "version", "institution", "institution_name", "technique", "technique_name",
            "status", "standing", "counts", "valid_from", "valid_until", "conditions",
            "first_used_on", "filing_due", "filed_on", "filing_number", "submitted_at",
            "decided_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_standing(self, row: Any) -> Standing | None:
        """How a granted admission stands today; null for what was never granted or is undone."""
        return presenters.standing_of(row, row.stop, timezone.localdate())

    def get_counts(self, row: Any) -> bool:
        """Whether it is in force today."""
        return self.get_standing(row) == Standing.IN_FORCE


class AdmissionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, AllianceViewSet):
    """Which institution is admitted for which technique."""

    queryset = Admission.objects.all()
    serializer_class = AdmissionSerializer
    filterset_class = AdmissionFilter
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    required_scope = "training"
    orderings = ("-created_at", "created_at")

    def get_queryset(self) -> Any:
        """Rows with what is shown of them."""
        return super().get_queryset().for_list()

    def paginate_queryset(self, queryset: Any) -> Any:
        """A page of admissions, with their suspensions of today."""
        rows = super().paginate_queryset(queryset)
        self._look(rows or [])
        return rows

    def get_object(self) -> Admission:
        """One admission, with its suspension of today."""
        row: Admission = super().get_object()
        self._look([row])
        return row

    def _look(self, rows: Any) -> None:
        stops = selectors.standings(rows, on=timezone.localdate())
        for row in rows:
            row.stop = stops.get(row.pk)
