"""The only writers of courses, seats, hours and the three ones."""

from .courses import create_course, publish_course, take_back_course, update_course
from .honours import (
    call_off_contest,
    create_contest,
    end_centre,
    end_key_doctor,
    name_key_doctor,
    open_centre,
    record_result,
    remove_result,
    update_contest,
)
from .hours import claim_hours, confirm_hours, refuse_hours
from .import_hours import import_hours, plan_hours
from .imports import import_attendance, import_courses, plan_attendance, plan_courses
from .learning import finish_part, keep_place, open_part
from .parts import add_part, remove_part, update_part
from .reminding import remind_of_sessions
from .seats import check_in, leave_seat, mark_attendance, take_seat
from .sessions import cancel_session, change_session, close_session, plan_session, renew_code

__all__ = [
    "add_part",
    "call_off_contest",
    "cancel_session",
    "change_session",
    "check_in",
    "claim_hours",
    "close_session",
    "confirm_hours",
    "create_contest",
    "create_course",
    "end_centre",
    "end_key_doctor",
    "finish_part",
    "import_attendance",
    "import_courses",
    "import_hours",
    "keep_place",
    "leave_seat",
    "mark_attendance",
    "name_key_doctor",
    "open_centre",
    "open_part",
    "plan_attendance",
    "plan_courses",
    "plan_hours",
    "plan_session",
    "publish_course",
    "record_result",
    "refuse_hours",
    "remind_of_sessions",
    "remove_part",
    "remove_result",
    "renew_code",
    "take_back_course",
    "take_seat",
    "update_contest",
    "update_course",
    "update_part",
]
