"""Words of referrals."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(TextChoices):
    """Where a leg stands. Overdue and expired are questions about time, never states."""

    DRAFT = "draft", _("Draft")
    ORIGIN_REVIEW = "origin_review", _("In-house review")
    PENDING = "pending", _("Awaiting decision")
    INFO_REQUESTED = "info_requested", _("Awaiting information")
    RETURNED = "returned", _("Returned for changes")
    ACCEPTED = "accepted", _("Accepted")
    RESERVED = "reserved", _("Reserved")
    IN_TRANSIT = "in_transit", _("On the way")
    NO_SHOW = "no_show", _("Did not arrive")
    ARRIVED = "arrived", _("Arrived")
    IN_CARE = "in_care", _("In care")
    CARE_DONE = "care_done", _("Care done")
    BACK_REFERRED = "back_referred", _("Referred back")
    CLOSED = "closed", _("Loop closed")
    REJECTED = "rejected", _("Rejected")
    REDIRECTED = "redirected", _("Redirected")
    CANCELLED = "cancelled", _("Cancelled")
    LAPSED = "lapsed", _("Lapsed")
    DECEASED = "deceased", _("Deceased")
    ENTERED_IN_ERROR = "entered_in_error", _("Entered in error")


class Move(TextChoices):
    """What somebody may do with a leg. Buttons elsewhere close and cancel windows: hence the context."""

    SUBMIT = "submit", pgettext_lazy("move", "Submit")
    ENDORSE = "endorse", pgettext_lazy("move", "Endorse")
    ASK = "ask", pgettext_lazy("move", "Ask for information")
    ANSWER = "answer", pgettext_lazy("move", "Answer")
    RETURN = "return", pgettext_lazy("move", "Return for changes")
    RESUBMIT = "resubmit", pgettext_lazy("move", "Resubmit")
    ACCEPT = "accept", pgettext_lazy("move", "Accept")
    REJECT = "reject", pgettext_lazy("move", "Reject")
    REDIRECT = "redirect", pgettext_lazy("move", "Redirect")
    RESERVE = "reserve", pgettext_lazy("move", "Reserve")
    DEPART = "depart", pgettext_lazy("move", "Depart")
    ARRIVE = "arrive", pgettext_lazy("move", "Record arrival")
    NO_SHOW = "no_show", pgettext_lazy("move", "Did not arrive")
    REBOOK = "rebook", pgettext_lazy("move", "Rebook")
    START_CARE = "start_care", pgettext_lazy("move", "Start care")
    FINISH_CARE = "finish_care", pgettext_lazy("move", "Finish care")
    REFER_BACK = "refer_back", pgettext_lazy("move", "Refer back")
    FOLLOW_UP = "follow_up", pgettext_lazy("move", "Record follow-up")
    CLOSE = "close", pgettext_lazy("move", "Close")
    CANCEL = "cancel", pgettext_lazy("move", "Cancel")
    LAPSE = "lapse", pgettext_lazy("move", "Let lapse")
    MARK_DECEASED = "mark_deceased", pgettext_lazy("move", "Record death")
    MARK_ERROR = "mark_error", pgettext_lazy("move", "Mark as entered in error")


class Side(TextChoices):
    """Whose move it is."""

    SENDER = "sender", _("Sender")
    RECEIVER = "receiver", _("Receiver")
    EITHER = "either", _("Sender or receiver")
    SYSTEM = "system", _("System")


class Urgency(TextChoices):
    """How fast: emergency is the green channel (绿色通道)."""

    EMERGENCY = "emergency", _("Emergency")
    URGENT = "urgent", _("Urgent")
    ROUTINE = "routine", _("Routine")


class Purpose(TextChoices):
    """What the receiver is asked for."""

    TREATMENT = "treatment", _("Treatment")
    EXAMINATION = "examination", _("Examination")
    CONSULTATION = "consultation", _("Specialist opinion")
    REHABILITATION = "rehabilitation", _("Rehabilitation")
    FOLLOW_UP = "follow_up", _("Follow-up care")


class InfectionFlag(TextChoices):
    """What staff must know before they touch the patient."""

    UNKNOWN = "unknown", _("Not known")
    NONE = "none", _("None known")
    AIRBORNE = "airborne", _("Airborne")
    DROPLET = "droplet", _("Droplet")
    CONTACT = "contact", _("Contact")
    BLOOD = "blood", _("Blood-borne")


class Outcome(TextChoices):
    """How care or follow-up ended."""

    RECOVERED = "recovered", _("Recovered")
    IMPROVED = "improved", _("Improved")
    UNCHANGED = "unchanged", _("Unchanged")
    WORSENED = "worsened", _("Worse")
    TRANSFERRED = "transferred", _("Moved on")
    DIED = "died", _("Died")


class Clock(TextChoices):
    """Clocks; a state runs at most one. Their lengths are policy settings."""

    DRAFT = "draft", _("Draft kept")
    ORIGIN_REVIEW = "origin_review", _("In-house review")
    DECISION = "decision", _("Decision")
    ANSWER = "answer", _("Answer")
    RESERVE = "reserve", _("Reservation")
    VALIDITY = "validity", _("Reservation valid")
    ARRIVAL = "arrival", _("Expected arrival")
    CONTACT = "contact", _("Contact patient")
    FIRST_TREATMENT = "first_treatment", _("First treatment")
    FIRST_FOLLOW_UP = "first_follow_up", _("First follow-up")
    REPLY_LETTER = "reply_letter", _("Reply letter and way back")
    TAKE_OVER = "take_over", _("Take-over and first follow-up")


class AlertLevel(TextChoices):
    """Warn before, tell at, escalate after the due time."""

    WARNING = "warning", _("Before")
    DUE = "due", _("Due")
    MANAGER = "manager", _("To the manager")
    OFFICE = "office", _("To the alliance office")
    LAPSE = "lapse", _("To both sides, before it lapses")
