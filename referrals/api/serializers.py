"""Shapes of the referrals API."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from alliance.catalogue.choices import TechniqueGrade
from alliance.catalogue.models import Disease, Technique
from alliance.core.access import access_of
from alliance.core.api_support import StrictSerializer
from alliance.core.choices import Permission
from alliance.institutions.choices import Direction
from alliance.institutions.models import Department, Institution, Specialty
from alliance.patients.choices import ConsentGiver, ConsentMethod
from alliance.patients.models import Patient
from alliance.people.models import Practitioner

from .. import selectors
from ..choices import Clock, InfectionFlag, Move, Outcome, Purpose, Status, Urgency
from ..models import Attachment, ReasonCode, Referral, ReferralEvent
from ..policies import is_party, open_moves
from ..privacy import IDENTIFYING

# What people write freely may name the patient.
_FOR_PARTIES = IDENTIFYING["referrals.Referral"] - {"patient"}
LONG = 4000
MOST_DIAGNOSES = 10


def _choice_or_nothing(choices: Any) -> serializers.ChoiceField:
    """One of the choices, or empty: the document says so of fields that are only read, too."""
    return serializers.ChoiceField(choices, allow_blank=True, read_only=True)


class ReferralSerializer(serializers.ModelSerializer[Referral]):
    """A row: what a list needs, and `actions`, the moves that the caller may make now."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    sender = serializers.UUIDField(source="sender.public_id", read_only=True)
    sender_name = serializers.CharField(source="sender.name", read_only=True)
    receiver = serializers.UUIDField(
        source="receiver.public_id", read_only=True, default=None, allow_null=True
    )
    receiver_name = serializers.CharField(
        source="receiver.name", read_only=True, default=None, allow_null=True
    )
    holder = serializers.UUIDField(
        source="holder.public_id", read_only=True, default=None, allow_null=True
    )
    patient = serializers.UUIDField(
        source="patient.public_id", read_only=True, default=None, allow_null=True
    )
    patient_name = serializers.SerializerMethodField()
    parent = serializers.UUIDField(  # type: ignore[assignment]  # a serializer's own `parent`
        source="parent.public_id", read_only=True, default=None, allow_null=True
    )
    diagnosis = serializers.CharField(
        source="diagnosis.code", read_only=True, default=None, allow_null=True
    )
    technique = serializers.CharField(
        source="technique.code", read_only=True, default=None, allow_null=True
    )
    grade = _choice_or_nothing(TechniqueGrade.choices)
    clock = _choice_or_nothing(Clock.choices)
    status_label = serializers.CharField(source="get_status_display", read_only=True)
    overdue = serializers.SerializerMethodField()
    actions = serializers.SerializerMethodField()

    class Meta:
        model = Referral
        fields = [
            "id", "number", "version", "status", "status_label", "direction", "urgency", "sender",
            "sender_name", "receiver", "receiver_name", "holder", "clock", "due_at", "overdue",
            "actions", "patient", "patient_name", "diagnosis", "technique", "grade", "parent",
            "is_back_leg", "created_at", "updated_at", "submitted_at", "closed_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_overdue(self, referral: Referral) -> bool:
        """Whether the running clock has run out."""
        return referral.due_at is not None and referral.due_at <= timezone.now()

    def get_patient_name(self, referral: Referral) -> str | None:
        """The masked name, for the two institutions; overseers read no names."""
        held = access_of(self.context["request"].user).institutions
        if referral.patient is None or not held.keys() & {
            referral.sender_id,
            referral.receiver_id,
        }:
            return None
        return referral.patient.masked_name

    def get_actions(self, referral: Referral) -> list[str]:
        """Names of the moves open to the caller."""
        return open_moves(self.context["request"].user, referral)


class DiagnosisSerializer(serializers.Serializer[Any]):
    """A coded diagnosis; rank 1 is the main one."""

    rank = serializers.IntegerField()
    code = serializers.CharField(source="disease.code")
    name = serializers.CharField(source="disease.name")


class AlternativeSerializer(serializers.Serializer[Any]):
    """Another place that could take the patient, and why."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    tier = serializers.CharField()
    department = serializers.UUIDField(allow_null=True)
    why = serializers.CharField()


class ReferralDetailSerializer(ReferralSerializer):
    """One referral with everything on its form; `alternatives` once it was rejected."""

    diagnoses = DiagnosisSerializer(many=True, read_only=True)
    receiver_department = serializers.UUIDField(
        source="receiver_department.public_id", read_only=True, default=None, allow_null=True
    )
    specialty = serializers.CharField(
        source="specialty.code", read_only=True, default=None, allow_null=True
    )
    outcome = _choice_or_nothing(Outcome.choices)
    children = serializers.SerializerMethodField()
    alternatives = serializers.SerializerMethodField()

    class Meta(ReferralSerializer.Meta):
        fields = [
            *ReferralSerializer.Meta.fields, "purpose", "receiver_department", "specialty",
            "diagnoses", "preliminary_impression", "present_illness", "past_history",
            "treatment_given", "contact_phone", "indication", "allergies", "current_medicines",
            "infection_flag", "infection_note", "diagnosis_result", "inpatient_number",
            "main_results", "rehabilitation_advice", "stability", "outcome", "summary",
            "paperwork_due_at", "reserved_at", "reserved_place", "expected_at", "followed_up_at",
            "next_follow_up_on", "children", "alternatives",
        ]  # fmt: skip
        read_only_fields = fields

    def to_representation(self, referral: Referral) -> dict[str, Any]:
        """Free texts and telephones are for the two institutions; overseers read the leg alone."""
        shown: dict[str, Any] = super().to_representation(referral)
        if is_party(self.context["request"].user, referral):
            return shown
        return shown | dict.fromkeys(_FOR_PARTIES & shown.keys(), "")

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_children(self, referral: Referral) -> list[str]:
        """Legs that follow from this one and that the caller may see."""
        user = self.context["request"].user
        legs = referral.children.visible_to(user).order_by("id")
        return [str(public_id) for public_id in legs.values_list("public_id", flat=True)]

    @extend_schema_field(AlternativeSerializer(many=True))
    def get_alternatives(self, referral: Referral) -> list[dict[str, Any]]:
        """Where else the patient could go, for a rejected referral."""
        if referral.status != "rejected":
            return []
        today = timezone.localdate()
        return [other.as_json() for other in selectors.alternatives_for(referral, on=today)]


class Coded(serializers.SlugRelatedField[Any]):
    """A row of a code table by its code, or anything else by its public id."""

    default_error_messages = {
        "does_not_exist": _("Not known: {value}."),
        "invalid": _("Not a valid value."),
    }


def _by_id(queryset: Any, **options: Any) -> Coded:
    return Coded(slug_field="public_id", queryset=queryset, **options)


class ConsentInput(StrictSerializer):
    """The patient's separate consent to passing on the record (PIPL art. 23 and 29)."""

    given = serializers.BooleanField()
    method = serializers.ChoiceField(ConsentMethod.choices, default=ConsentMethod.WRITTEN)
    given_by = serializers.ChoiceField(ConsentGiver.choices, default=ConsentGiver.PATIENT)
    given_at = serializers.DateTimeField(required=False)


class Text(serializers.CharField):
    """A text of the form."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "allow_blank": True, "max_length": LONG} | options)


class Diagnoses(serializers.ListField):
    """Disease codes, the main one first."""

    child = serializers.CharField(max_length=30)

    def to_internal_value(self, data: Any) -> list[Any]:
        """Codes to rows; names the codes that are not known."""
        codes = super().to_internal_value(data)
        rows = Disease.objects.filter(code__in=codes, is_active=True).select_related("specialty")
        known = {row.code: row for row in rows}
        unknown = [code for code in codes if code not in known]
        if unknown:
            message = _("Unknown diagnosis code: %(codes)s.") % {"codes": ", ".join(unknown[:5])}
            raise serializers.ValidationError([message])
        if codes and not known[codes[0]].may_be_main:
            message = _("%(code)s cannot be the main diagnosis.") % {"code": codes[0]}
            raise serializers.ValidationError([message])
        return [known[code] for code in codes]


class PaperworkInput(StrictSerializer):
    """What an emergency still owed (先救后补)."""

    preliminary_impression = Text()
    present_illness = Text()
    indication = Text()
    diagnoses = Diagnoses(required=False, max_length=MOST_DIAGNOSES)
    consent = ConsentInput(required=False)


class CorrectionInput(PaperworkInput):
    """What was wrong in a returned form: only what is sent changes. The receiver stays."""

    urgency = serializers.ChoiceField(Urgency.choices, required=False)
    receiver_department = _by_id(Department.objects.all(), required=False, allow_null=True)
    technique = Coded(
        slug_field="code",
        queryset=Technique.objects.filter(is_active=True),
        required=False,
        allow_null=True,
    )
    past_history = Text()
    treatment_given = Text()
    contact_phone = Text(max_length=30)
    allergies = Text()
    current_medicines = Text()
    infection_flag = serializers.ChoiceField(InfectionFlag.choices, required=False)
    infection_note = Text(max_length=200)
    diagnosis_result = Text()
    inpatient_number = Text(max_length=30)
    main_results = Text()
    rehabilitation_advice = Text()
    stability = Text()


class ReferralInput(StrictSerializer):
    """What a filing takes. With `submit` false it is kept as a draft."""

    patient = _by_id(Patient.objects.none())
    direction = serializers.ChoiceField(Direction.choices)
    urgency = serializers.ChoiceField(Urgency.choices)
    sender = _by_id(Institution.objects.none())
    receiver = _by_id(Institution.objects.all(), required=False, allow_null=True)
    receiver_department = _by_id(
        Department.objects.select_related("specialty"), required=False, allow_null=True
    )
    sender_doctor = _by_id(Practitioner.objects.all(), required=False, allow_null=True)
    specialty = Coded(
        slug_field="code", queryset=Specialty.objects.all(), required=False, allow_null=True
    )
    technique = Coded(
        slug_field="code",
        queryset=Technique.objects.filter(is_active=True).select_related("specialty"),
        required=False,
        allow_null=True,
    )
    diagnoses = Diagnoses(required=False, max_length=MOST_DIAGNOSES)
    purpose = serializers.ChoiceField(Purpose.choices, default=Purpose.TREATMENT)
    preliminary_impression = Text()
    present_illness = Text()
    past_history = Text()
    treatment_given = Text()
    contact_phone = Text(max_length=30)
    indication = Text()
    allergies = Text()
    current_medicines = Text()
    infection_flag = serializers.ChoiceField(InfectionFlag.choices, required=False)
    infection_note = Text(max_length=200)
    diagnosis_result = Text()
    inpatient_number = Text(max_length=30)
    main_results = Text()
    rehabilitation_advice = Text()
    stability = Text()
    expected_at = serializers.DateTimeField(required=False, allow_null=True)
    consent = ConsentInput(required=False, allow_null=True)
    parent = _by_id(  # type: ignore[assignment]  # a serializer's own `parent`
        Referral.objects.none(), required=False, allow_null=True
    )
    submit = serializers.BooleanField(default=True)

    def get_fields(self) -> dict[str, Any]:
        """Narrow what may be named to what the caller may see."""
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            user = request.user
            mine = access_of(user).institutions_with(Permission.REFERRAL_SEND)
            querysets: dict[str, Any] = fields
            querysets["sender"].queryset = Institution.objects.filter(pk__in=mine)
            querysets["patient"].queryset = Patient.objects.visible_to(user).current()
            querysets["parent"].queryset = Referral.objects.visible_to(user)
        return fields


class MoveInput(StrictSerializer):
    """A move and its data; which fields a move needs stands in docs/states/referral.md."""

    move = serializers.ChoiceField(Move.choices)
    reason_code = serializers.CharField(required=False)
    reason = serializers.CharField(required=False)
    question = serializers.CharField(required=False)
    answer = serializers.CharField(required=False)
    at = serializers.DateTimeField(required=False)
    place = serializers.CharField(required=False)
    note = serializers.CharField(required=False)
    expected_at = serializers.DateTimeField(required=False)
    escort = serializers.CharField(required=False)
    receiver = serializers.UUIDField(required=False)
    department = serializers.UUIDField(required=False)
    practitioner = serializers.UUIDField(required=False)
    outcome = serializers.CharField(required=False)
    summary = serializers.CharField(required=False)
    diagnosis_result = serializers.CharField(required=False)
    inpatient_number = serializers.CharField(required=False)
    main_results = serializers.CharField(required=False)
    treatment = serializers.CharField(required=False)
    stability = serializers.CharField(required=False)
    plan = serializers.CharField(required=False)
    next_on = serializers.DateField(required=False)
    consent_method = serializers.ChoiceField(ConsentMethod.choices, required=False)
    paperwork = PaperworkInput(required=False)
    correction = CorrectionInput(required=False)
    consent = ConsentInput(required=False)


class EventSerializer(serializers.ModelSerializer[ReferralEvent]):
    """One step of a referral."""

    by = serializers.CharField(source="by.name", default=None, allow_null=True, read_only=True)
    institution = serializers.UUIDField(
        source="institution.public_id", default=None, allow_null=True, read_only=True
    )
    holder = serializers.UUIDField(
        source="holder.public_id", default=None, allow_null=True, read_only=True
    )
    move = _choice_or_nothing(Move.choices)
    source = _choice_or_nothing(Status.choices)  # type: ignore[assignment]  # a field's own
    clock = _choice_or_nothing(Clock.choices)

    class Meta:
        model = ReferralEvent
        fields = [
            "version", "move", "source", "target", "at", "by", "institution", "reason_code",
            "reason", "data", "holder", "clock", "due_at",
        ]  # fmt: skip
        read_only_fields = fields


class AttachmentSerializer(serializers.ModelSerializer[Attachment]):
    """A picture or PDF that travels with a referral."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    file = serializers.FileField(write_only=True)

    class Meta:
        model = Attachment
        fields = ["id", "file", "name", "content_type", "size", "sha256", "created_at"]
        read_only_fields = ["name", "content_type", "size", "sha256", "created_at"]


class ReasonCodeSerializer(serializers.ModelSerializer[ReasonCode]):
    """A reason that a move may carry today."""

    label = serializers.CharField(read_only=True)  # type: ignore[assignment]  # the wording

    class Meta:
        model = ReasonCode
        fields = ["code", "move", "label", "needs_text"]
        read_only_fields = fields
