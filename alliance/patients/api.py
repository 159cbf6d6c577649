"""Patients for other systems: enter one, read one, find one by document number."""

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.core.api_support import (
    AllianceViewSet,
    IdempotentCreate,
    StrictSerializer,
    acting,
    tagged,
)
from alliance.core.identifiers import IdType
from alliance.core.masking import (
    mask_address,
    mask_id_number,
    mask_phone,
    mask_record_number,
)
from alliance.people.choices import Sex

from . import actions, selectors
from .filters import PatientLookup
from .models import Patient


class PatientSerializer(serializers.ModelSerializer[Patient]):
    """A patient as a care party sees it: the name in full, numbers and address masked.

    `warnings` names fields that contradict the document number without being refused for it.
    """

    id = serializers.UUIDField(source="public_id")
    id_number_masked = serializers.SerializerMethodField()
    phone_masked = serializers.SerializerMethodField()
    address_masked = serializers.SerializerMethodField()
    record_number_masked = serializers.SerializerMethodField()
    registered_at = serializers.UUIDField(source="registered_at.public_id")
    warnings = serializers.SerializerMethodField()

    class Meta:
        model = Patient
        fields = [
            "id",
            "name",
            "pinyin",
            "sex",
            "birth_date",
            "id_type",
            "id_number_masked",
            "phone_masked",
            "address_masked",
            "record_number_masked",
            "deceased_on",
            "registered_at",
            "version",
            "created_at",
            "updated_at",
            "warnings",
        ]
        read_only_fields = fields

    def get_id_number_masked(self, patient: Patient) -> str:
        """First six and last four characters."""
        return mask_id_number(patient.id_number)

    def get_phone_masked(self, patient: Patient) -> str:
        """First three and last four digits."""
        return mask_phone(patient.phone)

    def get_address_masked(self, patient: Patient) -> str:
        """Down to the county or district."""
        return mask_address(patient.address)

    def get_record_number_masked(self, patient: Patient) -> str:
        """The last four characters."""
        return mask_record_number(patient.record_number)

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_warnings(self, patient: Patient) -> dict[str, str]:
        """Sentences by field."""
        return {field: str(text) for field, text in selectors.contradictions(patient).items()}


class PatientInput(StrictSerializer):
    """What registering a patient takes. The rules themselves are the action's."""

    name = serializers.CharField(max_length=50)
    sex = serializers.ChoiceField(choices=Sex.choices)
    birth_date = serializers.DateField()
    id_type = serializers.ChoiceField(choices=IdType.choices, default=IdType.RESIDENT)
    id_number = serializers.CharField(max_length=40)
    phone = serializers.CharField(max_length=30, required=False, allow_blank=True)
    address = serializers.CharField(max_length=200, required=False, allow_blank=True)
    record_number = serializers.CharField(max_length=30, required=False, allow_blank=True)


@extend_schema_view(
    list=extend_schema(description="The patient with this document number, if in your care."),
    create=extend_schema(
        description="Register a patient. A known document number answers 200 with that patient.",
        request=PatientInput,
        responses={200: PatientSerializer, 201: PatientSerializer},
    ),
)
class PatientViewSet(
    IdempotentCreate,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    AllianceViewSet,
):
    """Patients in the care of the caller's institution. Every reading is noted in the ledger."""

    queryset = Patient.objects.all()
    serializer_class = PatientSerializer
    input_serializer_class = PatientInput
    filterset_class = PatientLookup
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    required_scope = "patients"
    orderings = ("id",)

    def get_queryset(self) -> Any:
        """Patients in the caller's care, entries merged away left out."""
        return super().get_queryset().current().select_related("registered_at")

    def get_object(self) -> Patient:
        """The patient of this id; the id of an entry merged away leads to the kept one."""
        try:
            public_id = UUID(self.kwargs[self.lookup_url_kwarg])
        except ValueError as error:
            raise Http404 from error
        self.filter_queryset(self.get_queryset())
        found = selectors.visible_entry(public_id=public_id, user=self.request.user)
        if found is None:
            raise Http404
        return found

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One patient."""
        patient = self.get_object()
        self._note(patient)
        return tagged(Response(self.get_serializer(patient).data), patient)

    def paginate_queryset(self, queryset: Any) -> Any:
        """What a look-up found; finding is reading."""
        rows = super().paginate_queryset(queryset)
        for patient in rows or []:
            self._note(patient)
        return rows

    def perform_once(self, data: dict[str, Any]) -> tuple[Patient, bool]:
        """Register, or take up who is known."""
        patient, created = actions.register(
            by=self.request.user, institution=acting(self.request), **data
        )
        if not created:
            self._note(patient)
        return patient, created

    def _note(self, patient: Patient) -> None:
        institution = getattr(self.request, "institution", None)
        actions.note_read(patient=patient, by=self.request.user, institution=institution, via="api")
