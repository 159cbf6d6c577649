"""Which fields of cases say who a patient is (see `alliance.patients.privacy`)."""

from typing import Final

IDENTIFYING: Final[dict[str, frozenset[str]]] = {
    "logbook.Case": frozenset(
        {"patient", "external_case_number", "referral_number", "notes", "closing_reason"}
    ),
}

NOT_IDENTIFYING: Final[dict[str, frozenset[str]]] = {
    "logbook.Case": frozenset(
        {
            "id",
            "public_id",
            "created_at",
            "updated_at",
            "alliance",
            "technique",
            "institution",
            "performed_on",
            "started_at",
            "operator",
            "role",
            "supervisor",
            "duration_minutes",
            "is_emergency",
            "converted",
            "mdt_recorded",
            "outcome",
            "clavien_dindo",
            "scale",
            "ratings",
            "rating",
            "source",
            "recorded_by",
            "status",
            "confirmed_at",
            "confirmed_by",
            "version",
        }
    ),
}
