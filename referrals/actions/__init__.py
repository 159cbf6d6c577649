"""The only writers of referrals."""

from .attachments import attach, remove_attachment
from .clocks import due_alerts, lapse_due, send_alert
from .entry import file_with_patient, keep_draft
from .filing import create_referral, discard_draft, save_draft, submit_draft
from .moving import lapse_overdue, move, move_by_system
from .patients import repoint_patient
from .printing import note_printed
from .reasons import load_reason_codes

__all__ = [
    "attach",
    "create_referral",
    "discard_draft",
    "due_alerts",
    "file_with_patient",
    "keep_draft",
    "lapse_due",
    "lapse_overdue",
    "load_reason_codes",
    "move",
    "move_by_system",
    "note_printed",
    "remove_attachment",
    "repoint_patient",
    "save_draft",
    "send_alert",
    "submit_draft",
]
