"""Tables of programmes."""

from .enrolments import Enrolment, EnrolmentEvent, SignOff
from .prior import PriorRecord
from .programmes import Programme, ProgrammeVersion, Stage, StageRequirement

__all__ = [
    "Enrolment",
    "EnrolmentEvent",
    "PriorRecord",
    "Programme",
    "ProgrammeVersion",
    "SignOff",
    "Stage",
    "StageRequirement",
]
