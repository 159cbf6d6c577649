"""What this room records in the ledger, in words."""

from django.utils.translation import gettext_lazy as _

from alliance.core.acts import define
from training.privileges.choices import Level

from .choices import Ballot, Ground, Kind, Position

define(
    {
        "application.opened": _("Applied for a privilege"),
        "application.taken_up": _("Put an application before the committee"),
        "application.withdrawn": _("Withdrew an application"),
        "application.voted": _("Voted on an application"),
        "application.interest": _("Declared an interest in an application"),
        "application.granted": _("Granted an application"),
        "application.refused": _("Refused an application"),
        "committee.founded": _("Founded a committee"),
        "committee.term_ended": _("Ended the term of a committee"),
        "committee.member_appointed": _("Appointed a member of a committee"),
        "committee.member_left": _("Ended a seat in a committee"),
        "committee.meeting_planned": _("Planned a meeting of a committee"),
        "committee.minutes_written": _("Wrote the minutes of a meeting"),
    },
    names={
        "kind": _("Kind"),
        "ballot": _("Vote"),
        "ground": _("Ground"),
        "position": _("Position"),
        "level": _("Level"),
        "member": _("Member"),
        "held_on": _("Day"),
        "until": _("Until"),
    },
    words={
        "kind": dict(Kind.choices),
        "ballot": dict(Ballot.choices),
        "ground": dict(Ground.choices),
        "position": dict(Position.choices),
        "level": dict(Level.choices),
    },
)
