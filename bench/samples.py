"""Invented filings for the bench."""

from datetime import date, timedelta
from itertools import count
from random import randrange
from typing import Any

from alliance.core.identifiers import resident_id_with_check
from alliance.institutions.models import Institution
from alliance.patients import actions as patients
from alliance.people.models import User

# Where numbers begin, so that one run seldom meets a patient of another.
_serial = count(randrange(20_000_000))  # noqa: S311 - no secret


def filing(doctor: User, township: Institution, county: Institution) -> dict[str, Any]:
    """The body of a complete filing for a new patient."""
    serial = next(_serial)
    born = date(1940, 1, 1) + timedelta(days=serial // 1000 % 25_000)
    number = resident_id_with_check(f"330199{born:%Y%m%d}{serial % 1000:03d}")
    patient, _new = patients.register(
        by=doctor, institution=township, name="测试病人", sex="unknown", birth_date=born,
        id_type="01", id_number=number,
    )  # fmt: skip
    return {
        "patient": str(patient.public_id),
        "direction": "up",
        "urgency": "urgent",
        "sender": str(township.public_id),
        "receiver": str(county.public_id),
        "diagnoses": ["K35.800x001"],
        "preliminary_impression": "急性阑尾炎可能",
        "present_illness": "转移性右下腹痛 12 小时",
        "indication": "需手术治疗",
        "consent": {"given": True, "method": "written", "given_by": "patient"},
    }
