"""Words about courses, seats and hours of education."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Mode(TextChoices):
    """How a course is taken."""

    ONLINE = "online", _("Online")
    ONSITE = "onsite", _("On site")


class PartKind(TextChoices):
    """What a part of a course is."""

    DOCUMENT = "document", _("Document")
    VIDEO = "video", _("Video")
    LINK = "link", _("Link")


class SeatStatus(TextChoices):
    """How somebody stands to a session."""

    BOOKED = "booked", pgettext_lazy("seat", "Booked")
    WAITING = "waiting", _("On the waiting list")
    CANCELLED = "cancelled", pgettext_lazy("seat", "Given up")
    ATTENDED = "attended", pgettext_lazy("seat", "Attended")
    ABSENT = "absent", pgettext_lazy("seat", "Absent")


class SeatMove(TextChoices):
    """What can happen to a seat."""

    BOOK = "book", _("Book")
    QUEUE = "queue", _("Join the waiting list")
    LEAVE = "leave", _("Give up")
    ATTEND = "attend", _("Was there")
    MISS = "miss", _("Was not there")


class HoursKind(TextChoices):
    """How an hour of education was earned."""

    COURSE = "course", _("Online course")
    SESSION = "session", _("On-site training")
    EXTERNAL = "external", _("Elsewhere")
    CONTEST = "contest", _("Skills contest")
    TEACHING = "teaching", _("Teaching")


class EntryStatus(TextChoices):
    """Whether hours count."""

    WAITING = "waiting", _("To be confirmed")
    CONFIRMED = "confirmed", _("Confirmed")
    REFUSED = "refused", _("Does not count")


# Seats that are taken away from others.
HOLDING = (SeatStatus.BOOKED, SeatStatus.ATTENDED, SeatStatus.ABSENT)
