"""Words of bookings."""

from datetime import timedelta
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Status(TextChoices):
    """Where a booking stands."""

    REQUESTED = "requested", pgettext_lazy("booking", "Waits for approval")
    CONFIRMED = "confirmed", pgettext_lazy("booking", "Confirmed")
    IN_USE = "in_use", pgettext_lazy("booking", "In use")
    COMPLETED = "completed", pgettext_lazy("booking", "Completed")
    CANCELLED = "cancelled", pgettext_lazy("booking", "Cancelled")
    REFUSED = "refused", pgettext_lazy("booking", "Refused")
    NO_SHOW = "no_show", pgettext_lazy("booking", "Not used")
    LAPSED = "lapsed", pgettext_lazy("booking", "Lapsed unanswered")


# What holds its devices and people: nobody else gets them in that time, nor ever got them.
LIVE: Final = (Status.REQUESTED, Status.CONFIRMED, Status.IN_USE, Status.COMPLETED)
# What is still to come or going on.
OPEN: Final = (Status.REQUESTED, Status.CONFIRMED, Status.IN_USE)
# What has not begun yet.
WAITING: Final = (Status.REQUESTED, Status.CONFIRMED)
# What came to nothing.
NEVER_USED: Final = (Status.REFUSED, Status.CANCELLED, Status.LAPSED, Status.NO_SHOW)

# The code of a device that has left the register: it serves no booking any more.
GONE: Final = "retired"


# No policy allows a use of more than a week (see `defaults`): what began earlier is over by then.
LONGEST: Final = timedelta(days=8)


class Move(TextChoices):
    """What may be done with a booking."""

    APPROVE = "approve", pgettext_lazy("booking", "Approve")
    REFUSE = "refuse", pgettext_lazy("booking", "Refuse")
    CANCEL = "cancel", pgettext_lazy("booking", "Cancel")
    CHECK_IN = "check_in", pgettext_lazy("booking", "Begin use")
    CHECK_OUT = "check_out", pgettext_lazy("booking", "End use")
    NO_SHOW = "no_show", pgettext_lazy("booking", "Mark as not used")
    LAPSE = "lapse", pgettext_lazy("booking", "Lapse")


class Act(TextChoices):
    """What the history of a booking tells: its moves, and what else happened to it."""

    BOOK = "book", pgettext_lazy("booking", "Booked")
    APPROVE = "approve", pgettext_lazy("booking", "Approved")
    REFUSE = "refuse", pgettext_lazy("booking", "Refused")
    CANCEL = "cancel", pgettext_lazy("booking", "Cancelled")
    CHECK_IN = "check_in", pgettext_lazy("booking", "Use began")
    CHECK_OUT = "check_out", pgettext_lazy("booking", "Use ended")
    NO_SHOW = "no_show", pgettext_lazy("booking", "Marked as not used")
    LAPSE = "lapse", pgettext_lazy("booking", "Lapsed unanswered")
    AFFECT = "affect", pgettext_lazy("booking", "Device not available")
    RESTORE = "restore", pgettext_lazy("booking", "Device available again")
    EXCUSE = "excuse", pgettext_lazy("booking", "Excused")
    OVERRUN = "overrun", pgettext_lazy("booking", "Held up by the last user")
    MOVE = "move", pgettext_lazy("booking", "Moved to a later time")
    MENTOR_YES = "mentor_yes", pgettext_lazy("booking", "The mentor agreed")
    MENTOR_TEL = "mentor_tel", pgettext_lazy("booking", "The mentor agreed by telephone")
    MENTOR_NO = "mentor_no", pgettext_lazy("booking", "The mentor declined")
    MENTOR_NEW = "mentor_new", pgettext_lazy("booking", "Another mentor was chosen")


# What is another matter for the mentor: they are asked for their word, or told apart.
OF_MENTOR: Final = frozenset({Act.BOOK, Act.MOVE, Act.MENTOR_NEW})


class Side(TextChoices):
    """Who makes a move: the house that booked, the keeper of the devices, or the clock."""

    BOOKER = "booker", pgettext_lazy("booking", "Who booked")
    KEEPER = "keeper", pgettext_lazy("booking", "Keeper of the device")
    CLOCK = "clock", pgettext_lazy("booking", "Scheduler")


class MentorWord(TextChoices):
    """What the mentor of a booking has said; nothing where they are only told of it."""

    ASKED = "asked", pgettext_lazy("mentor of a booking", "Mentor has to agree")
    AGREED = "agreed", pgettext_lazy("mentor of a booking", "Mentor agreed")
    DECLINED = "declined", pgettext_lazy("mentor of a booking", "Mentor declined")
    # Who has no account: asked by telephone, and what they said is recorded for them.
    CALL = "call", pgettext_lazy("mentor of a booking", "Mentor has to be called")
    CALLED = "called", pgettext_lazy("mentor of a booking", "Mentor agreed by telephone")


# While it stands like this, a use that needs a mentor does not begin.
UNSETTLED: Final = (MentorWord.ASKED, MentorWord.CALL, MentorWord.DECLINED)


class PersonRole(TextChoices):
    """What somebody does in the time that is booked."""

    OPERATOR = "operator", pgettext_lazy("booking", "Operator")
    MENTOR = "mentor", pgettext_lazy("booking", "Mentor")


class Code(TextChoices):
    """Why a booking is not granted."""

    PERIOD = "period", pgettext_lazy("booking refused", "The end is not after the start")
    PAST = "past", pgettext_lazy("booking refused", "The time is over")
    TOO_LONG = "too_long", pgettext_lazy("booking refused", "Too long")
    TOO_SOON = "too_soon", pgettext_lazy("booking refused", "Too short notice")
    TOO_FAR = "too_far", pgettext_lazy("booking refused", "Too far ahead")
    CLOSED = "closed", pgettext_lazy("booking refused", "Outside the hours of sharing")
    NOT_SHARED = "not_shared", pgettext_lazy("booking refused", "Not shared with you")
    UNFIT = "unfit", pgettext_lazy("booking refused", "Not meant for the technique")
    NO_TECHNIQUE = "no_technique", pgettext_lazy("booking refused", "Technique missing")
    NOT_PRIVILEGED = "not_privileged", pgettext_lazy("booking refused", "Operator may not do it")
    NEEDS_MENTOR = "needs_mentor", pgettext_lazy("booking refused", "Needs a mentor")
    MENTOR_UNFIT = "mentor_unfit", pgettext_lazy("booking refused", "Mentor may not do it")
    OUT = "out", pgettext_lazy("booking refused", "Device not in service")
    TAKEN = "taken", pgettext_lazy("booking refused", "Device taken")
    OPERATOR_BUSY = "operator_busy", pgettext_lazy("booking refused", "Operator busy")
    MENTOR_BUSY = "mentor_busy", pgettext_lazy("booking refused", "Mentor busy")
    QUOTA = "quota", pgettext_lazy("booking refused", "Quota used up")
    RESERVED = "reserved", pgettext_lazy("booking refused", "Reserved for townships")
    BLOCKED = "blocked", pgettext_lazy("booking refused", "Blocked after missed bookings")


class Every(TextChoices):
    """How a booking repeats; the value is the number of days between two."""

    DAY = "1", pgettext_lazy("repeats", "Every day")
    WEEK = "7", pgettext_lazy("repeats", "Every week")
    FORTNIGHT = "14", pgettext_lazy("repeats", "Every second week")
    FOUR_WEEKS = "28", pgettext_lazy("repeats", "Every four weeks")
