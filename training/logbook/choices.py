"""Words of the logbook."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CaseRole(TextChoices):
    """What the operator of a logbook entry did in the operation."""

    ASSISTANT = "assistant", _("Assistant")
    SUPERVISED = "supervised", _("Operated under supervision")
    INDEPENDENT = "independent", _("Operated independently")


# Roles in which the outcome is the operator's own.
OPERATING = (CaseRole.SUPERVISED, CaseRole.INDEPENDENT)


class Outcome(TextChoices):
    """How the operation ended for the patient."""

    GOOD = "good", _("No complication")
    COMPLICATION = "complication", _("Complication")
    DEATH = "death", _("Death")


class ClavienDindo(TextChoices):
    """Grades of complications after Clavien and Dindo, the gravest last."""

    I = "I", _("I: no treatment beyond the normal course")  # noqa: E741
    II = "II", _("II: drugs, transfusion or nutrition by vein")
    IIIA = "IIIa", _("IIIa: intervention without general anaesthesia")
    IIIB = "IIIb", _("IIIb: intervention under general anaesthesia")
    IVA = "IVa", _("IVa: intensive care, one organ")
    IVB = "IVb", _("IVb: intensive care, several organs")
    V = "V", _("V: death")


class Source(TextChoices):
    """By which door an entry came."""

    PAGE = "page", _("Entered on the page")
    API = "api", _("From another system")
    IMPORT = "import", _("From Excel")
    PRIOR = "prior", _("From before this logbook")


class CaseStatus(TextChoices):
    """Where an entry stands."""

    RECORDED = "recorded", _("Waits for confirmation")
    CONFIRMED = "confirmed", _("Confirmed")
    REJECTED = "rejected", _("Sent back")
    VOID = "void", _("Void")


# Entries that stand: one operation may be among them once.
STANDING = (CaseStatus.RECORDED, CaseStatus.CONFIRMED)


class Act(TextChoices):
    """What can be done with an entry after it was recorded."""

    CORRECT = "correct", _("Correct")
    CONFIRM = "confirm", pgettext_lazy("logbook", "Confirm")
    REJECT = "reject", _("Send back")
    AMEND = "amend", _("Amend")
    VOID = "void", _("Make void")


class ReviewCause(TextChoices):
    """What a curve signalled."""

    COMPETENCE = "competence", _("Competence shown")
    LOSS = "loss", _("Results slipping")


class ReviewDecision(TextChoices):
    """What a person decided about a signal."""

    WELL = "well", _("All is well: go on watching")
    LEARN = "learn", _("To be learnt again under supervision")
    NOT_YET = "not_yet", _("Not yet: go on learning")
