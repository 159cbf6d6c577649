"""The only writers of programmes, enrolments and records of the past."""

from .drafting import (
    add_requirement,
    add_stage,
    move_requirement,
    move_stage,
    remove_requirement,
    remove_stage,
    update_requirement,
    update_stage,
)
from .enrolments import advance, enrol, leave, name_mentor, resume, sign_off
from .exporting import export_matrix, may_export
from .importing import import_prior, plan_prior
from .looking import advance_all, look_at, look_soon
from .prior import attach_evidence, decide_prior, note_reading, record_prior
from .programmes import begin_version, create_programme, offer, publish_version, update_programme
from .standard import make_standard_programmes

__all__ = [
    "add_requirement",
    "add_stage",
    "advance",
    "advance_all",
    "attach_evidence",
    "begin_version",
    "create_programme",
    "decide_prior",
    "enrol",
    "export_matrix",
    "import_prior",
    "leave",
    "look_at",
    "look_soon",
    "make_standard_programmes",
    "may_export",
    "move_requirement",
    "move_stage",
    "name_mentor",
    "note_reading",
    "offer",
    "plan_prior",
    "publish_version",
    "record_prior",
    "remove_requirement",
    "remove_stage",
    "resume",
    "sign_off",
    "update_programme",
    "update_requirement",
    "update_stage",
]
