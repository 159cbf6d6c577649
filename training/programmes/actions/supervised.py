"""Who reaches the clinical stage may operate under supervision where they train."""

from datetime import date
from typing import Any

from alliance.core.policy import policy
from training.privileges import actions as privileges
from training.privileges.choices import Ground, Level
from training.privileges.models import Privilege

from ..models import Enrolment
from ..selectors import Progress


def grant_supervised(enrolment: Enrolment, found: Progress, *, on: date) -> None:
    """Grant it once per enrolment: what was withdrawn since stays so."""
    technique = enrolment.technique
    if technique is None or _has_one(enrolment, on):
        return
    if not policy("programme.grants_supervised", on=on, alliance_id=enrolment.alliance_id):
        return
    privileges.grant(
        practitioner=enrolment.practitioner,
        technique=technique,
        institution=enrolment.institution,
        level=Level.SUPERVISED,
        valid_from=on,
        by=None,
        ground=Ground.PROGRAMME,
        evidence=evidence_of(found),
    )


def evidence_of(found: Progress) -> dict[str, Any]:
    """What a programme proves on a day, to be frozen where something is decided on it."""
    return {
        "enrolment": str(found.enrolment.public_id),
        "programme": str(found.enrolment.programme_version),
        "on": found.on.isoformat(),
        "percent": found.percent,
        "requirements": [
            {
                "stage": one.requirement.stage.name,
                "label": one.label,
                "have": round(one.have, 1),
                "minimum": one.minimum,
                "is_met": one.is_met,
                "met_on": one.met_on.isoformat() if one.met_on else None,
            }
            for one in found.requirements
        ],
    }


def _has_one(enrolment: Enrolment, on: date) -> bool:
    """Whether a privilege of any level was given here since the enrolment, or counts now."""
    given = Privilege.objects.filter(
        practitioner=enrolment.practitioner_id,
        technique=enrolment.technique_id,
        institution=enrolment.institution_id,
    )
    return (
        given.filter(valid_from__gte=enrolment.started_on).exists()
        or given.filter(valid_from__lte=on, ends_on__gt=on).exists()
    )
