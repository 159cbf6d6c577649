"""Words of purchases."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(TextChoices):
    """Where an application for a purchase stands."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", pgettext_lazy("purchase", "Under review by the alliance")
    RETURNED = "returned", pgettext_lazy("purchase", "Returned for completion")
    EVALUATION = "evaluation", pgettext_lazy("purchase", "With the third party")
    EVALUATED = "evaluated", pgettext_lazy("purchase", "Waits for the decision")
    APPROVED = "approved", pgettext_lazy("purchase", "Approved, to be delivered")
    PARTLY = "partly", pgettext_lazy("purchase", "Partly delivered")
    REFUSED = "refused", pgettext_lazy("purchase", "Not approved")
    DELIVERED = "delivered", pgettext_lazy("purchase", "Delivered")
    WITHDRAWN = "withdrawn", pgettext_lazy("purchase", "Withdrawn")


# What the institution still writes.
WRITTEN = (Status.DRAFT, Status.RETURNED)
# What somebody still has to act on; one per institution and type.
OPEN = (
    *WRITTEN,
    Status.SUBMITTED,
    Status.EVALUATION,
    Status.EVALUATED,
    Status.APPROVED,
    Status.PARTLY,
)
# Of which devices have come.
CAME = (Status.PARTLY, Status.DELIVERED)
# What was decided with a subsidy.
GRANTED = (Status.APPROVED, *CAME)


class Move(TextChoices):
    """What happens to an application."""

    SUBMIT = "submit", pgettext_lazy("purchase", "Submit")
    PASS_ON = "pass_on", pgettext_lazy("purchase", "Pass on to the third party")
    RETURN = "return", pgettext_lazy("purchase", "Return for completion")
    EVALUATE = "evaluate", pgettext_lazy("purchase", "Record the evaluation")
    APPROVE = "approve", pgettext_lazy("purchase", "Approve")
    REFUSE = "refuse", pgettext_lazy("purchase", "Do not approve")
    DELIVER = "deliver", pgettext_lazy("purchase", "Record the delivery")
    DELIVER_PART = "deliver_part", pgettext_lazy("purchase", "Record a part of the delivery")
    WRITE_OFF = "write_off", pgettext_lazy("purchase", "Write the rest off")
    TAKE_BACK = "take_back", pgettext_lazy("purchase", "Take the application back")
    GIVE_UP = "give_up", pgettext_lazy("purchase", "Give the purchase up")


class Side(TextChoices):
    """Who makes a move."""

    APPLICANT = "applicant", pgettext_lazy("purchase", "Institution")
    OFFICE = "office", _("Alliance office")
    EVALUATOR = "evaluator", pgettext_lazy("purchase", "Third party")
