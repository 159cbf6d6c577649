"""The only writers of programmes, enrolments and records of the past."""

from .enrolments import advance, enrol, leave, name_mentor, resume, sign_off
from .exporting import export_matrix, may_export
from .importing import import_prior, plan_prior
from .nightly import advance_all
from .prior import attach_evidence, decide_prior, note_reading, record_prior
from .programmes import (
    add_requirement,
    add_stage,
    begin_version,
    create_programme,
    offer,
    publish_version,
    remove_requirement,
    remove_stage,
    update_programme,
)
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
    "make_standard_programmes",
    "may_export",
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
]
