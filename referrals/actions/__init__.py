"""The only writers of referrals."""

from .attachments import attach, remove_attachment
from .clocks import due_alerts, send_alert
from .filing import create_referral, discard_draft, save_draft, submit_draft
from .moving import lapse_overdue, move, move_by_system
from .patients import repoint_patient

__all__ = [
    "attach",
    "create_referral",
    "discard_draft",
    "due_alerts",
    "lapse_overdue",
    "move",
    "move_by_system",
    "remove_attachment",
    "repoint_patient",
    "save_draft",
    "send_alert",
    "submit_draft",
]
