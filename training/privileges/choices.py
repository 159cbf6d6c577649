"""Words of privileges."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Level(TextChoices):
    """How somebody may perform a technique."""

    SUPERVISED = "supervised", _("Under supervision")
    INDEPENDENT = "independent", _("Independently")


class Ground(TextChoices):
    """What a privilege rests on."""

    PROGRAMME = "programme", _("Stage of a programme")
    APPLICATION = "application", _("Decision on an application")
    RENEWAL = "renewal", _("Renewal")
    IMPORT = "import", _("Taken over from before")
    TRANSFER = "transfer", _("Taken over from another institution")


class Standing(TextChoices):
    """How a privilege stands on a date; computed, never stored."""

    IN_FORCE = "in_force", _("In force")
    SUSPENDED = "suspended", _("Suspended")
    NOT_YET = "not_yet", _("Not yet in force")
    EXPIRED = "expired", _("Expired")
    REPLACED = "replaced", _("Replaced")
    WITHDRAWN = "withdrawn", pgettext_lazy("privilege", "Withdrawn")


class Verdict(TextChoices):
    """The answer to: may this person do this here on that day?"""

    YES = "yes", _("May do it")
    SUPERVISED = "supervised", _("Under supervision only")
    NO = "no", _("May not do it")


class Code(TextChoices):
    """Why not, in the order in which a person would mend it; stable for other systems."""

    NOT_ACTIVE = "not_active", _("No longer active")
    NO_LICENCE_HERE = "no_licence_here", _("Not registered to practise here")
    LICENCE_EXPIRED = "licence_expired", _("Licence expired")
    NOT_A_MEMBER = "not_a_member", _("Institution in no alliance")
    NOT_IN_CATALOGUE = "not_in_catalogue", _("Technique not in the catalogue")
    GRADE_ABOVE_TIER = "grade_above_tier", _("Grade above the tier of the institution")
    INSTITUTION_NOT_ADMITTED = "institution_not_admitted", _("Institution not admitted")
    ADMISSION_SUSPENDED = "admission_suspended", _("Admission of the institution suspended")
    NOT_PRIVILEGED = "not_privileged", _("Not privileged")
    NOT_YET = "not_yet", _("Privilege not yet in force")
    EXPIRED = "expired", _("Privilege expired")
    SUSPENDED = "suspended", _("Privilege suspended")
    WITHDRAWN = "withdrawn", _("Privilege withdrawn")
    YEARS_SHORT = "years_short", _("Years of practice short")
    MDT_MISSING = "mdt_missing", _("MDT discussion missing")
    MDT_NEEDED = "mdt_needed", _("MDT discussion needed before it")


class EventKind(TextChoices):
    """What may happen to a privilege."""

    GRANTED = "granted", _("Granted")
    REPLACED = "replaced", _("Replaced by a newer one")
    SUSPENDED = "suspended", _("Suspended")
    RESTORED = "restored", _("Restored")
    WITHDRAWN = "withdrawn", pgettext_lazy("privilege", "Withdrawn")
    CERTIFIED = "certified", _("Certificate issued")
