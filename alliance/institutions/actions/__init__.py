"""The only writers of institutions, memberships, the relation matrix, calendars and policy."""

from .calendar import add_calendar_days, remove_calendar_day
from .departments import create_department, set_department_active, update_department
from .hours import end_own_hours, set_own_hours
from .import_departments import import_departments, place_rows, plan_departments
from .import_institutions import import_institutions, plan_institutions
from .institutions import create_institution, update_institution
from .matrix import Generated, follow_rule, generate_relations, set_relation
from .memberships import change_membership, join_alliance, leave_alliance
from .policy import change_policy
from .reference import save_alliance, save_specialty

__all__ = [
    "Generated",
    "add_calendar_days",
    "change_membership",
    "change_policy",
    "create_department",
    "create_institution",
    "end_own_hours",
    "follow_rule",
    "generate_relations",
    "import_departments",
    "import_institutions",
    "join_alliance",
    "leave_alliance",
    "place_rows",
    "plan_departments",
    "plan_institutions",
    "remove_calendar_day",
    "save_alliance",
    "save_specialty",
    "set_department_active",
    "set_own_hours",
    "set_relation",
    "update_department",
    "update_institution",
]
