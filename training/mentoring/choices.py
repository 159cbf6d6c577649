"""Words of mentorships, guidance and postings."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MentorshipStatus(TextChoices):
    """Where the agreement between mentor and mentee stands; whether it runs is a matter of dates."""

    PROPOSED = "proposed", _("Waiting for agreement")
    AGREED = "agreed", pgettext_lazy("mentorship", "Agreed")
    DECLINED = "declined", pgettext_lazy("mentorship", "Not agreed")
    ENDED = "ended", _("Ended early")


class MentorshipMove(TextChoices):
    """What may be done about a mentorship."""

    PROPOSE = "propose", _("Propose")
    AGREE = "agree", _("Agree")
    DECLINE = "decline", _("Do not agree")
    END = "end", _("End early")


# What the other side, or both once it runs, may say to it.
ANSWERS = [
    (move.value, move.label)
    for move in (MentorshipMove.AGREE, MentorshipMove.DECLINE, MentorshipMove.END)
]


class Side(TextChoices):
    """The two people of a mentorship."""

    MENTOR = "mentor", _("Mentor")
    MENTEE = "mentee", _("Mentee")


class Mode(TextChoices):
    """How guidance is given."""

    ONSITE = "onsite", _("On site")
    REMOTE = "remote", _("Remote")


class PostingKind(TextChoices):
    """Which way somebody is posted."""

    DISPATCH = "dispatch", _("Dispatch")
    ROTATION = "rotation", _("Rotation")


class PostingStatus(TextChoices):
    """Where a posting stands."""

    PLANNED = "planned", pgettext_lazy("posting", "Planned")
    RUNNING = "running", pgettext_lazy("posting", "Under way")
    DONE = "done", pgettext_lazy("posting", "Finished")
    CANCELLED = "cancelled", pgettext_lazy("posting", "Cancelled")


class PostingMove(TextChoices):
    """What may be done about a posting."""

    PLAN = "plan", _("Plan")
    START = "start", _("Begin")
    FINISH = "finish", _("Finish")
    CANCEL = "cancel", _("Cancel the posting")


class Party(TextChoices):
    """Who evaluates a posting: the house that received, and the person who was posted."""

    HOST = "host", _("Receiving institution")
    PERSON = "person", _("Posted person")


class Assessment(TextChoices):
    """How the sending institution assesses a finished posting."""

    EXCELLENT = "excellent", _("Excellent")
    GOOD = "good", pgettext_lazy("assessment", "Good")
    PASSED = "passed", pgettext_lazy("assessment", "Passed")
    FAILED = "failed", pgettext_lazy("assessment", "Not passed")


# Titles by rank: the lower the number, the more senior.
TITLE_RANKS = {"231": 1, "232": 2, "233": 3, "234": 4, "235": 5}
# How senior a mentor must be: the least senior title that will do.
MENTOR_TITLES = (
    ("231", _("Chief physician")),
    ("232", _("Associate chief physician")),
    ("233", _("Attending physician")),
)
# The national indicator counts physicians of intermediate title and above.
INTERMEDIATE_TITLES = ("231", "232", "233")
PHYSICIAN_TITLES = tuple(TITLE_RANKS)
