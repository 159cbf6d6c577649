"""Which fields of bookings say who a patient is (see `alliance.patients.privacy`)."""

from typing import Final

IDENTIFYING: Final[dict[str, frozenset[str]]] = {
    "bookings.Booking": frozenset({"patient", "referral_number", "note", "remark", "case"}),
    "bookings.WaitingEntry": frozenset({"patient", "referral_number", "note"}),
}

NOT_IDENTIFYING: Final[dict[str, frozenset[str]]] = {
    "bookings.Booking": frozenset(
        {
            "id",
            "public_id",
            "created_at",
            "updated_at",
            "alliance",
            "institution",
            "place",
            "technique",
            "operator",
            "mentor",
            "mentor_word",
            "is_supervised",
            "starts_at",
            "ends_at",
            "series",
            "status",
            "used_from",
            "used_until",
            "consumables",
            "is_late",
            "is_excused",
            "affected_at",
            "affected_code",
            "held_up_at",
            "held_up_by",
            "reminded_at",
            "replaces",
            "created_by",
            "version",
        }
    ),
    "bookings.WaitingEntry": frozenset(
        {
            "id",
            "public_id",
            "created_at",
            "updated_at",
            "alliance",
            "institution",
            "place",
            "type",
            "device",
            "technique",
            "operator",
            "mentor",
            "minutes",
            "wanted_from",
            "wanted_until",
            "state",
            "ended_at",
            "created_by",
            "version",
        }
    ),
}
