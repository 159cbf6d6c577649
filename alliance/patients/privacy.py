"""Which fields say who somebody is: what exports, demo data and pages must treat accordingly.

Every field of `Patient` and of every model pointing to it stands in exactly one of the two sets; an
architecture test fails until a new field is sorted. *Identifying* is what alone or with common
knowledge names one person (GB/T 39725-2020, class 个人属性, and free text that may hold it); such a
field is masked or left out wherever no reason was given. Rooms above sort their own models in a
module `privacy.py` of theirs, with the same two names.
"""

from typing import Final

IDENTIFYING: Final[dict[str, frozenset[str]]] = {
    "patients.Patient": frozenset(
        {
            "name",
            "pinyin",
            "birth_date",
            "id_number",
            "id_digest",
            "phone",
            "address",
            "record_number",
            "deceased_on",
        }
    ),
    "patients.PatientAccess": frozenset({"patient"}),
    "patients.Consent": frozenset({"patient", "note", "withdrawal_reason"}),
    "patients.PatientMerge": frozenset({"kept", "merged", "reason", "moved"}),
}

NOT_IDENTIFYING: Final[dict[str, frozenset[str]]] = {
    "patients.Patient": frozenset(
        {
            "id",
            "public_id",
            "created_at",
            "updated_at",
            "sex",
            "id_type",
            "registered_at",
            "merged_into",
            "version",
        }
    ),
    "patients.PatientAccess": frozenset({"id", "institution", "reason", "since"}),
    "patients.Consent": frozenset(
        {
            "id",
            "public_id",
            "created_at",
            "updated_at",
            "purpose",
            "receiver",
            "method",
            "given_by",
            "given_at",
            "recorded_by",
            "recorded_at_institution",
            "withdrawn_at",
            "withdrawn_by",
        }
    ),
    "patients.PatientMerge": frozenset({"id", "by", "at"}),
}
