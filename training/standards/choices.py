"""Words of admission."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(TextChoices):
    """Where an admission stands. Expired and suspended are questions about a date, not states."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", pgettext_lazy("admission", "Under review")
    RETURNED = "returned", pgettext_lazy("admission", "Returned for completion")
    ADMITTED = "admitted", pgettext_lazy("admission", "Admitted")
    REFUSED = "refused", pgettext_lazy("admission", "Not admitted")
    WITHDRAWN = "withdrawn", pgettext_lazy("admission", "Withdrawn")


# An application that somebody still works on; one per institution and technique.
OPEN = (Status.DRAFT, Status.SUBMITTED, Status.RETURNED)
# What was once granted: its period says when it counted.
GRANTED = (Status.ADMITTED, Status.WITHDRAWN)


class Move(TextChoices):
    """What happens to an admission."""

    SUBMIT = "submit", pgettext_lazy("admission", "Submit")
    RETURN = "return", pgettext_lazy("admission", "Return for completion")
    ADMIT = "admit", pgettext_lazy("admission", "Admit")
    REFUSE = "refuse", pgettext_lazy("admission", "Do not admit")
    TAKE_BACK = "take_back", pgettext_lazy("admission", "Take the application back")
    WITHDRAW = "withdraw", pgettext_lazy("admission", "Withdraw the admission")
    SUSPEND = "suspend", pgettext_lazy("admission", "Suspend")
    RESTORE = "restore", pgettext_lazy("admission", "Restore")
    FIRST_USE = "first_use", pgettext_lazy("admission", "Record the first use")
    FILE = "file", pgettext_lazy("admission", "Record the filing")


class Side(TextChoices):
    """Who makes a move."""

    APPLICANT = "applicant", pgettext_lazy("admission", "Institution")
    OFFICE = "office", _("Alliance office")
    EITHER = "either", _("Institution or office")


class StopCondition(TextChoices):
    """When a technique must stop and be reported (医疗技术临床应用管理办法)."""

    BANNED = "banned", _("The technique is banned or no longer used")
    CONDITIONS = "conditions", _("Staff, equipment or conditions have changed")
    ADVERSE = "adverse", _("A serious adverse outcome connected with it")
    HAZARD = "hazard", _("A hazard to quality or safety")
    ETHICS = "ethics", _("A defect in ethics")
    EFFECT = "effect", _("Its effect is uncertain")
    OTHER = "other", _("Another reason")


class Standing(TextChoices):
    """How a technique stands at an institution on a day."""

    NOT_NEEDED = "not_needed", _("No admission needed")
    IN_FORCE = "in_force", pgettext_lazy("admission", "In force")
    SUSPENDED = "suspended", pgettext_lazy("admission", "Suspended")
    NOT_YET = "not_yet", pgettext_lazy("admission", "Not yet in force")
    EXPIRED = "expired", pgettext_lazy("admission", "Expired")
    APPLIED = "applied", pgettext_lazy("admission", "Applied for")
    NONE = "none", pgettext_lazy("admission", "Not admitted")
