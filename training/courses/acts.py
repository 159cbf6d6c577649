"""What this room records in the ledger, in words."""

from django.utils.translation import gettext_lazy as _

from alliance.core.acts import define

define(
    {
        "course.created": _("Entered a course"),
        "course.changed": _("Changed a course"),
        "course.published": _("Published a course"),
        "course.taken_back": _("Took a course back"),
        "course.part_added": _("Added a part to a course"),
        "course.part_changed": _("Changed a part of a course"),
        "course.part_removed": _("Removed a part of a course"),
        "course.completed": _("Completed a course"),
        "session.planned": _("Planned a session"),
        "session.changed": _("Changed a session"),
        "session.cancelled": _("Called a session off"),
        "session.code_renewed": _("Renewed a check-in code"),
        "session.closed": _("Closed the attendance of a session"),
        "seat.moved": _("A seat at a session changed"),
        "hours.claimed": _("Claimed education hours"),
        "hours.confirmed": _("Confirmed education hours"),
        "hours.refused": _("Refused education hours"),
        "hours.imported": _("Imported education hours"),
        "contest.created": _("Entered a skills contest"),
        "contest.changed": _("Changed a skills contest"),
        "contest.called_off": _("Called off a skills contest"),
        "contest.result": _("Entered a contest result"),
        "contest.result_removed": _("Removed a contest result"),
        "key_doctor.named": _("Named a key doctor"),
        "key_doctor.ended": _("Ended the time of a key doctor"),
        "simulation_centre.opened": _("Entered a simulation centre"),
        "simulation_centre.ended": _("Ended a simulation centre"),
    },
    names={
        "hours": _("Education hours"),
        "practitioner": _("Practitioner"),
        "move": _("Move"),
        "absent": _("Absent"),
        "part": _("Part"),
    },
)
