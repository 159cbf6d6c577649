"""Words about applications for a privilege and the committee that decides them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(TextChoices):
    """What an application asks for."""

    FIRST = "first", _("First privilege")
    RENEWAL = "renewal", _("Renewal")
    RESTORATION = "restoration", _("Restoration")


class Status(TextChoices):
    """Where an application stands."""

    SUBMITTED = "submitted", pgettext_lazy("application", "Submitted")
    IN_COMMITTEE = "in_committee", _("With the committee")
    GRANTED = "granted", pgettext_lazy("application", "Granted")
    REFUSED = "refused", pgettext_lazy("application", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("application", "Withdrawn")


class Move(TextChoices):
    """What is done to an application."""

    SUBMIT = "submit", pgettext_lazy("application", "Submit")
    TAKE_UP = "take_up", _("Put before the committee")
    GRANT = "grant", pgettext_lazy("application", "Grant")
    REFUSE = "refuse", pgettext_lazy("application", "Refuse")
    WITHDRAW = "withdraw", pgettext_lazy("application", "Withdraw")


class Side(TextChoices):
    """Who may do it."""

    APPLICANT = "applicant", _("Applicant")
    CONVENER = "convener", _("Convener")


class Position(TextChoices):
    """What a member is in the committee."""

    CHAIR = "chair", _("Chair")
    MEMBER = "member", _("Committee member")


class Ballot(TextChoices):
    """How a member votes."""

    FOR = "for", pgettext_lazy("vote", "For")
    AGAINST = "against", pgettext_lazy("vote", "Against")
    ABSTAIN = "abstain", pgettext_lazy("vote", "Abstain")


class Ground(TextChoices):
    """Why a member does not vote on an application."""

    APPLICANT = "applicant", _("is the applicant")
    MENTOR = "mentor", _("mentors the applicant")
    INSTITUTION = "institution", _("works at the applicant's institution")
    DECLARED = "declared", _("declared an interest")


class Part(TextChoices):
    """What a requirement is about."""

    STANDING = "standing", _("Licence and place")
    PROGRAMME = "programme", _("Programme")
    EXPERIENCE = "experience", _("Experience")
    OUTCOME = "outcome", pgettext_lazy("requirement", "Outcomes")
