"""Which fields of referrals say who a patient is (see `alliance.patients.privacy`).

What people write freely may name the patient or relatives, so every free text counts as
identifying. Diagnoses, grades and clocks alone name nobody.
"""

from typing import Final

IDENTIFYING: Final[dict[str, frozenset[str]]] = {
    "referrals.Referral": frozenset(
        {
            "patient",
            "consent",
            "preliminary_impression",
            "present_illness",
            "past_history",
            "treatment_given",
            "contact_phone",
            "diagnosis_result",
            "inpatient_number",
            "main_results",
            "rehabilitation_advice",
            "stability",
            "indication",
            "allergies",
            "current_medicines",
            "infection_note",
            "summary",
            "form_data",
        }
    ),
}

NOT_IDENTIFYING: Final[dict[str, frozenset[str]]] = {
    "referrals.Referral": frozenset(
        {
            "id",
            "public_id",
            "created_at",
            "updated_at",
            "number",
            "alliance",
            "parent",
            "is_back_leg",
            "direction",
            "urgency",
            "status",
            "version",
            "sender",
            "sender_department",
            "sender_doctor",
            "receiver",
            "receiver_department",
            "receiver_doctor",
            "specialty",
            "diagnosis",
            "technique",
            "grade",
            "purpose",
            "infection_flag",
            "outcome",
            "holder",
            "clock",
            "state_since",
            "due_at",
            "next_alert_at",
            "decision_left",
            "paperwork_due_at",
            "reserved_at",
            "reserved_place",
            "expected_at",
            "submitted_at",
            "sent_at",
            "closed_at",
            "followed_up_at",
            "next_follow_up_on",
            "created_by",
        }
    ),
}
