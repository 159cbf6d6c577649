"""The only writers of service."""

from .adverse import amend_event, close_event, enter_event, report_event
from .handing import hand_over
from .importing import import_plans, import_records, plan_plans, plan_records
from .orders import move, report_fault
from .outages import announce_outage, end_outage, keep_worn
from .plans import change_plan, end_plan, make_plan, stops_by_policy
from .recalls import (
    close_recall,
    handle_recalled,
    issue_recall,
    match_recall,
    match_recalls,
    recall_would_find,
)
from .records import record_service, void_record
from .regular import plan_regular
from .reminding import remind_of_checks, watch_events

__all__ = [
    "amend_event",
    "announce_outage",
    "change_plan",
    "close_event",
    "close_recall",
    "end_outage",
    "end_plan",
    "enter_event",
    "hand_over",
    "handle_recalled",
    "import_plans",
    "import_records",
    "issue_recall",
    "keep_worn",
    "make_plan",
    "match_recall",
    "match_recalls",
    "move",
    "plan_plans",
    "plan_records",
    "plan_regular",
    "recall_would_find",
    "record_service",
    "remind_of_checks",
    "report_event",
    "report_fault",
    "stops_by_policy",
    "void_record",
    "watch_events",
]
