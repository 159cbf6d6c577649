"""Words about patients and their consent."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ConsentPurpose(TextChoices):
    """What a patient agrees to."""

    REFERRAL = "referral", _("Referral and passing on of the record")
    TELEMEDICINE = "telemedicine", _("Telemedicine")


class ConsentMethod(TextChoices):
    """How consent was given."""

    WRITTEN = "written", _("In writing")
    VERBAL = "verbal", _("Spoken, with a witness")
    ELECTRONIC = "electronic", _("Electronic signature")
    EMERGENCY = "emergency", _("Not obtainable: emergency (PIPL art. 13)")


class ConsentGiver(TextChoices):
    """Who gave it."""

    PATIENT = "patient", _("Patient")
    GUARDIAN = "guardian", _("Guardian")
    FAMILY = "family", _("Close relative")
    NOBODY = "nobody", _("Nobody could be asked")


class AccessReason(TextChoices):
    """Why an institution may see a patient."""

    REGISTERED = "registered", _("Registered there")
    REFERRED = "referred", _("Referred there")
