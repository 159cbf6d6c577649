"""Words about people."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Sex(TextChoices):
    """Sex as in GB/T 2261.1 (0 unknown, 1 male, 2 female, 9 not stated)."""

    UNKNOWN = "unknown", _("Unknown")
    MALE = "male", _("Male")
    FEMALE = "female", _("Female")
    NOT_STATED = "not_stated", _("Not stated")


class TitleCode(TextChoices):
    """Professional titles of physicians, nurses and others (GB/T 8561-2001)."""

    CHIEF = "231", _("Chief physician")
    ASSOCIATE_CHIEF = "232", _("Associate chief physician")
    ATTENDING = "233", _("Attending physician")
    PHYSICIAN = "234", _("Physician")
    ASSISTANT = "235", _("Assistant physician")
    CHIEF_NURSE = "251", _("Chief nurse")
    ASSOCIATE_CHIEF_NURSE = "252", _("Associate chief nurse")
    SUPERVISOR_NURSE = "253", _("Supervisor nurse")
    SENIOR_NURSE = "254", _("Senior nurse")
    NURSE = "255", _("Nurse")
    CHIEF_TECHNICIAN = "261", _("Chief technician")
    TECHNICIAN = "264", _("Technician")
    NONE = "000", _("No title")


class AbsenceKind(TextChoices):
    """Why a practitioner does not work for a time."""

    LEAVE = "leave", _("Leave")
    ILLNESS = "illness", _("Illness")
    STUDY = "study", _("Away to study")
    OTHER = "other", _("Other absence")


class SignInOutcome(TextChoices):
    """How an attempt to sign in ended."""

    OK = "ok", _("Signed in")
    FAILED = "failed", _("Wrong password")
    LOCKED = "locked", _("Locked")


class AccountChange(TextChoices):
    """What somebody else did to an account, or what its owner should notice."""

    ROLE_GRANTED = "role_granted", _("A role was granted")
    ROLE_WITHDRAWN = "role_withdrawn", _("A role was withdrawn")
    PASSWORD_CHANGED = "password_changed", _("The password was changed")
    SECOND_FACTOR_REMOVED = "second_factor_removed", _("The second factor was removed")
    ENABLED = "enabled", _("The account was enabled again")
